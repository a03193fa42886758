/** The source of src/client/object-types.ts for a schema. */
export function objectTypesOf(sdl: string): string;

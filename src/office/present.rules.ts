/** What a command has just written or read, which must be there: anything else is a fault of ours. */
export function present<T>(found: T | null | undefined, name: string, id: string): T {
  if (found === null || found === undefined) throw new Error(`${name} ${id} vanished behind its own mutation`);
  return found;
}

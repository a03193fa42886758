/** Gives the part that was made of a thing before for the same key, else makes it. */
export type KeepPart<T extends object, Part> = (thing: T, key: string, make: () => Part) => Part;

/** Keeps parts that are made of immutable things: each is made once for each key, and forgotten with its thing. */
export function keptParts<T extends object, Part>(): KeepPart<T, Part> {
  const kept = new WeakMap<T, Map<string, Part>>();
  return (thing, key, make) => {
    const parts = kept.get(thing) ?? new Map<string, Part>();
    kept.set(thing, parts);
    const part = parts.get(key) ?? make();
    parts.set(key, part);
    return part;
  };
}

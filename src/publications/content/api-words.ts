import { z } from 'zod';

/** The API's word for each value of a closed list: the value itself, or what it was renamed to. */
type Word<V extends readonly string[], R> = { [K in V[number]]: K extends keyof R ? R[K] : K }[V[number]] & string;

/**
 * A closed list of which the API knows some values under other words than documents keep: a journal is never rewritten, and no
 * app should meet a word that its own language reserves (docs/decisions/0051). Inputs are read, and documents shown, by it.
 */
export function apiWords<const V extends readonly string[], const R extends { [K in V[number]]?: string }>(
  values: V,
  renamed: R,
) {
  const words: Partial<Record<string, string>> = renamed;
  const wordOf = (value: V[number]) => (words[value] ?? value) as Word<V, R>;
  const kept = new Map<string, V[number]>(values.map((value) => [wordOf(value), value]));
  const read = z.string().transform((word, context) => {
    const value = kept.get(word);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: `must be one of ${[...kept.keys()].join(', ')}` });
    return z.NEVER;
  });
  return { words: values.map(wordOf), wordOf, read };
}

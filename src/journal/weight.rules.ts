/**
 * About how many bytes of memory a value of JSON takes, as V8 keeps it: rather too many than too few. Characters beyond
 * Latin-1 (the apostrophe of French is one) make a string take two bytes for each.
 */
export function weightOf(value: unknown): number {
  if (typeof value === 'string') return 24 + 2 * value.length;
  if (typeof value !== 'object' || value === null) return 8;
  let weight = 40;
  if (Array.isArray(value)) for (const item of value) weight += 8 + weightOf(item);
  else for (const key in value) weight += 16 + weightOf((value as Record<string, unknown>)[key]);
  return weight;
}

/** A text as patterns compare it, and where in the written text each of its characters stands. */
interface Folded {
  text: string;
  /** For each character of `text`, where the one that it stands for begins and ends. */
  starts: number[];
  ends: number[];
}

/** Signs that show nothing, or that only enclose the one before them. */
const INVISIBLE = /^[\p{Default_Ignorable_Code_Point}\p{Me}]$/u;
const DASH = /^[\p{Pd}\u2212]$/u;
const DIGIT = /^\p{Nd}$/u;

/** A text is looked through for a dozen patterns, one after the other: it is folded once for those that find nothing. */
let latest: { written: string; folded: Folded } | undefined;

function fold(written: string): Folded {
  if (latest?.written !== written) latest = { written, folded: foldedText(written) };
  return latest.folded;
}

/** NFKC character by character, without invisible signs, with one sign for all hyphens, one for all blanks, and ASCII digits. */
function foldedText(written: string): Folded {
  const folded: Folded = { text: '', starts: [], ends: [] };
  let at = 0;
  for (const character of written) {
    const plain = plainCharacter(character);
    for (let index = 0; index < plain.length; index += 1) {
      folded.starts.push(at);
      folded.ends.push(at + character.length);
    }
    folded.text += plain;
    at += character.length;
  }
  return folded;
}

function plainCharacter(character: string): string {
  if (character <= '\u007f') return character;
  if (INVISIBLE.test(character)) return '';
  if (DASH.test(character)) return '-';
  const plain = character.normalize('NFKC');
  if (DASH.test(plain)) return '-';
  return DIGIT.test(plain) ? digitOf(plain) : plain;
}

/** The value of a digit of any script: scripts have their ten in one row. */
function digitOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && DIGIT.test(String.fromCodePoint(code - value - 1))) value += 1;
  return String(value);
}

/** All that a pattern finds in a text, folded, however its signs are written. */
export const foldedFinds = (text: string, pattern: RegExp): string[] =>
  [...fold(text).text.matchAll(pattern)].map(([found]) => found);

/**
 * Replaces all that a pattern finds, however its signs are written: the rest of the text stays as it was. `replace` is given
 * what was found, folded, and answers null where it shall stay. `partOf` says how much of it counts, from its beginning on.
 */
export function replaceFolded(
  text: string,
  pattern: RegExp,
  replace: (found: string) => string | null,
  partOf: (found: string) => string = (found) => found,
): string {
  const { text: folded, starts, ends } = fold(text);
  let rest = '';
  let at = 0;
  for (const { 0: whole, index } of folded.matchAll(pattern)) {
    const found = partOf(whole);
    const replaced = found === '' ? null : replace(found);
    if (replaced === null) continue;
    rest += text.slice(at, starts[index]) + replaced;
    const next = index + found.length;
    // Invisible signs behind it go with it.
    at = Math.max(ends[next - 1] ?? at, starts[next] ?? text.length);
  }
  return rest + text.slice(at);
}

import { decodeHTMLStrict } from 'entities';

const CODED = 'du texte codé';

/** UTF-8 that was read as Windows-1252, Mac Roman or CP 850; references and escapes of other formats; lost characters. */
const DAMAGE: readonly [what: string, pattern: RegExp][] = [
  ['un caractère perdu (U+FFFD)', /[\uFFFC\uFFFD]/],
  ['un caractère à usage privé, que les écrans montrent comme un carré', /\p{Co}/u],
  ['des accents mal lus', /[ÂÃ][\u0080-\u00BF€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]/],
  ['des accents mal lus', /â[\u0080-\u009F€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|ðŸ|ð\u009F|ï¿½|ï»¿|Å[“’](?=\p{L})/u],
  ['des accents mal lus', /(?:[Ð-ÑØÙÎÏ×][\u0080-\u00BF€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]){2}/],
  ['des accents mal lus', /√[©®†¢ßÄÅ™¥ª´]|‚Ä[ôúùìî¶]|├[®¿á¬º┤¦Ç]/],
  ['des accents mal lus', /(?<!\p{L})Ã(?= )/u],
  ['des accents mal lus', /(?<=\p{Ll})[ÀÈÉÊËÎÔÛÇŽ‡Š‚](?=\p{Ll})/u],
  [CODED, /=\?[\w-]+\?[QBqb]\?|\\[rn](?![a-z])|%[Cc]3%[89ABab][0-9A-Fa-f]/],
  [CODED, /=[0-9A-F]{2}=[0-9A-F]{2}|\\u[0-9a-f]{4}|\\x[0-9a-f]{2}/i],
];

const REFERENCE = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});/gi;
/** The same without its semicolon, of letters and signs that French has. */
const CUT_REFERENCE =
  /&(?:#\d{2,5}(?![\d;])|#x[\da-f]{2,4}(?![\da-f;])|(?:[a-z](?:acute|grave|circ|uml|cedil|tilde|ring)|oelig|nbsp|laquo|raquo|[lr]squo|hellip|euro|deg)(?![a-z\d;]))/i;
/** A letter that a program could not write. In an address it begins a query. */
const LOST_LETTER = /(?:(?<![^\s'’(«"-])\?\p{Ll}|\p{Ll}\?\p{Ll}|(?<!\p{L})\p{L}\?\p{L})\p{L}*/u;
const ADDRESS = /https?:\/\/\S+|\S*[/@]\S*/giu;

/** Describes in French, with its place, the first damage that a text took on its way here; undefined where it looks sound. */
export function damageIn(text: string): string | undefined {
  for (const [reference] of text.matchAll(REFERENCE))
    if (decodeHTMLStrict(reference) !== reference) return `une référence HTML (« ${reference} »)`;
  const words = text.replace(ADDRESS, ' ');
  const cut = CUT_REFERENCE.exec(words)?.[0];
  if (cut) return `une référence HTML (« ${cut} »)`;
  const lost = LOST_LETTER.exec(words)?.[0];
  if (lost) return `un caractère perdu (« ${lost} »)`;
  for (const [what, pattern] of DAMAGE) {
    const found = pattern.exec(what === CODED ? words : text);
    if (found) return `${what} (« ${text.slice(Math.max(0, found.index - 8), found.index + found[0].length + 8)} »)`;
  }
  return undefined;
}

/** Addresses, and values that the hub computes: neither is read as words. */
const NO_WORDS = new Set(['url', 'web', 'geometry', 'path', 'point', 'sourceHash', 'language']);

/** Every text within a value, with its dotted path. */
export function textsIn(value: unknown, path = ''): [path: string, text: string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    NO_WORDS.has(key) ? [] : textsIn(inner, path === '' ? key : `${path}.${key}`),
  );
}

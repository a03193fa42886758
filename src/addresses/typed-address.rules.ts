import { plainWords, trigramsOf, writtenOut } from './street-words.rules.ts';

/** The number of a house, as somebody typed it. */
export interface HouseNumber {
  readonly value: number;
  /** Those that mean the same, the one that was typed first: `b` and `bis`. Empty where none was typed. */
  readonly suffixes: readonly string[];
}

/** A word that was typed, as PostgreSQL's text search takes it. */
export interface TypedWord {
  /** Found by its beginning. */
  readonly begun: string;
  /** Found as a whole. */
  readonly whole: string;
  /** By which words that look like it are found; empty where nothing may stand in for it. */
  readonly trigrams: readonly string[];
}

export interface TypedAddress {
  readonly words: readonly TypedWord[];
  readonly number: HouseNumber | null;
  /** The number as a word, where words stand before it: it may belong to the street, as in « rue des 4 vents ». */
  readonly numberAsWord: string | null;
}

/** Fewer signs find half of the Département. */
const LEAST_SIGNS = 3;
/** Beyond that no more words are looked at: no address has as many. */
const MOST_WORDS = 20;
/** Words that are shorter look like too many others; longer ones are none. */
const LOOKS_ALIKE = { least: 4, most: 40 };
/** How many words others may stand in for: each is looked up by itself. */
const MOST_REPLACED = 6;

const NUMBER = /^(\d{1,4})([a-z]|bis|ter|quater|quinquies)?$/;
const SUFFIX = /^(?:[a-z]|bis|ter|quater|quinquies)$/;
const ALIKE: Readonly<Record<string, string>> = { b: 'bis', bis: 'b', t: 'ter', ter: 't', q: 'quater', quater: 'q' };
const MONTHS = new Set([
  ...['janvier', 'fevrier', 'mars', 'avril', 'mai', 'juin'],
  ...['juillet', 'aout', 'septembre', 'octobre', 'novembre', 'decembre'],
]);

/** Reads what somebody typed of an address, in any order; undefined where it is too little to look for. */
export function readTyped(text: string): TypedAddress | undefined {
  const plain = withoutCedex(plainWords(text));
  const at = plain.findIndex((_word, index) => isHouseNumber(plain, index));
  const { number, length } = numberAt(plain, at);
  const rest = number ? plain.toSpliced(at, length) : plain;
  const words = [...new Set(rest.flatMap(writtenOut))].slice(0, MOST_WORDS);
  if (words.length === 0 || rest.join('').length < LEAST_SIGNS) return undefined;
  return {
    words: typedWords(words, rest.at(-1) ?? ''),
    number,
    // « rue du 8 mai 1945, 8 »: the street has its own.
    numberAsWord: number && at > 0 && !words.includes(String(number.value)) ? asLexeme(String(number.value)) : null,
  };
}

/** « 91022 Évry CEDEX 3 »: the 3 is no house number. */
const withoutCedex = (words: readonly string[]): string[] =>
  words.filter((word, at) => word !== 'cedex' && !(words[at - 1] === 'cedex' && /^\d{1,2}$/.test(word)));

/** A number is no house number in a date (« 8 mai 1945 »), nor in the middle as « 2e » (« avenue de la 2e DB »). */
function isHouseNumber(words: readonly string[], at: number): boolean {
  const [, digits, suffix] = NUMBER.exec(words[at] ?? '') ?? [];
  if (digits === undefined || (suffix === 'e' && at > 0)) return false;
  return !MONTHS.has(words[at + 1] ?? '') && !MONTHS.has(words[at - 1] ?? '');
}

/** The house number at a place, and how many words it takes. */
function numberAt(words: readonly string[], at: number): { number: HouseNumber | null; length: number } {
  const [, digits, joined] = NUMBER.exec(words[at] ?? '') ?? [];
  if (digits === undefined) return { number: null, length: 0 };
  const next = words[at + 1] ?? '';
  // « 12 r de Paris » is no number 12 R.
  const apart = joined === undefined && SUFFIX.test(next) && writtenOut(next)[0] === next ? next : undefined;
  const suffix = joined ?? apart ?? '';
  const suffixes = [suffix, ALIKE[suffix] ?? []].flat();
  return { number: { value: Number(digits), suffixes }, length: apart === undefined ? 1 : 2 };
}

/** A plain word of a query: it is of letters and digits alone, and so no sign of it means anything to PostgreSQL. */
export const asLexeme = (word: string): string => `'${word}'`;
const begun = (word: string): string => `${asLexeme(word)}:*`;

/** The words of a search. While somebody types, the last one may go on: « all » is an allée, or the beginning of Allende. */
function typedWords(words: readonly string[], last: string): TypedWord[] {
  const longForm = writtenOut(last).at(-1);
  const mayGoOn = last.length > 1 && longForm !== last && !/\d/.test(last);
  const replaced = new Set(words.filter(looksLikeOthers).slice(0, MOST_REPLACED));
  return words.map((word) => ({
    begun: mayGoOn && word === longForm ? `(${begun(word)} | ${begun(last)})` : begun(word),
    whole: asLexeme(word),
    trigrams: replaced.has(word) ? trigramsOf(word) : [],
  }));
}

/** Whether another word may stand in for it, and it for another one. */
export const looksLikeOthers = (word: string): boolean =>
  word.length >= LOOKS_ALIKE.least && word.length <= LOOKS_ALIKE.most && !/\d/.test(word);

import { plainName } from '../territory/commune-names.ts';

/** Short forms in addresses, by the words that they stand for. `plainName` writes saints out. */
const SHORT_FORMS: Readonly<Record<string, string>> = {
  adjudant: 'adj',
  allee: 'all',
  avenue: 'av ave',
  boulevard: 'bd bld boul blvd bvd',
  capitaine: 'cne',
  chemin: 'ch che chem',
  colonel: 'col',
  commandant: 'cdt cmdt',
  cours: 'crs',
  docteur: 'dr',
  faubourg: 'fg fbg',
  general: 'gal gen',
  grand: 'gd',
  grande: 'gde',
  hameau: 'ham',
  impasse: 'imp',
  lieutenant: 'lt',
  lotissement: 'lot',
  marechal: 'mal',
  passage: 'pass',
  place: 'pl',
  president: 'pdt pres',
  professeur: 'pr prof',
  promenade: 'prom',
  residence: 'res resid',
  'rond point': 'rpt',
  route: 'rte',
  'route departementale': 'rd',
  'route nationale': 'rn',
  rue: 'r',
  sergent: 'sgt',
  square: 'sq',
};
const WRITTEN_OUT = new Map(
  Object.entries(SHORT_FORMS).flatMap(([long, short]) => short.split(' ').map((form) => [form, long.split(' ')])),
);

/** Words by which nothing is found: people leave them out, or write others. */
const SILENT = new Set(['d', 'de', 'des', 'du', 'et', 'l', 'la', 'le', 'les']);

/** The sign before a number, which is no word: n° 12. */
const NUMBER_SIGN = /\bn ?[°º]/gi;
const ORDINAL = /^(\d+)(?:er|ere|eme|e)$/;

/** The words of a text, of letters a to z and digits alone, as they stand there. */
export const plainWords = (text: string): string[] =>
  plainName(text.replace(NUMBER_SIGN, ' '))
    .split(' ')
    .filter((word) => word !== '');

/** The words for which a plain word of an address stands: itself, those of a short form, or none. */
export function writtenOut(word: string): readonly string[] {
  if (SILENT.has(word)) return [];
  return WRITTEN_OUT.get(word) ?? [word.replace(ORDINAL, '$1')];
}

/** The words by which a name is found, each once. Names in files and what people type are read alike. */
export const wordsOfName = (name: string): string[] => [...new Set(plainWords(name).flatMap(writtenOut))];

/** Three signs each, of a word with its beginning and its end: words that share many of them look alike. */
export function trigramsOf(word: string): string[] {
  const padded = `  ${word} `;
  return [...new Set(Array.from({ length: padded.length - 2 }, (_, at) => padded.slice(at, at + 3)))];
}

import { namesIndex, plainName, plainNames } from './commune-names.ts';

/** The fields that a commune is found by. */
interface Searched {
  readonly code: string;
  readonly name: string;
  readonly postalCodes: readonly string[];
  readonly population: number | null;
  readonly formerCodes: readonly string[];
  readonly formerNames: readonly string[];
}

/** Nothing was typed, or nothing yet. */
const BLANK = /^[\s\p{Pd}]*$/u;
const CEDEX = / ?\bcedex\b(?: \d{1,2}\b)?/g;
const CODE = /(?<!\S)(?:f |fr )?(\d{5}|\d{2} \d{3})(?!\S)/g;
const DEPARTEMENT = /(?<!\S)(\d{2})(?!\S)/g;
/** Forms and lists put these before a code. */
const LABEL = /(?<!\S)(?:code )?(?:insee|postal|cp|commune)(?: (?=\d)|$)/g;
const HERE = '91';

/** 0 for the name itself, then names that begin so, then names with a word that begins so, then the rest; -1 for none. */
function rank(name: string, text: string): number {
  if (name === text) return 0;
  if (name.startsWith(text)) return 1;
  if (name.includes(` ${text}`)) return 2;
  return name.includes(text) ? 3 : -1;
}

/** What a plain text holds of an address: a name, postal or INSEE codes, and numbers of Départements. */
function takeApart(text: string): { name: string; codes: string[]; departements: string[] } {
  const withoutCedex = text.replace(CEDEX, '').replace(LABEL, '');
  const codes = [...withoutCedex.matchAll(CODE)].map(([, code = '']) => code.replace(' ', ''));
  const withoutCodes = withoutCedex.replace(CODE, ' ');
  const departements = [...withoutCodes.matchAll(DEPARTEMENT)].map(([, number = '']) => number);
  return { name: plainName(withoutCodes.replace(DEPARTEMENT, ' ')), codes, departements };
}

/**
 * Prepares a search over communes by name, by a postal or INSEE code typed whole, or by both as in an address. Where nothing
 * is found so, the communes that the text names count. Where no name and no code is left of a text, it means none.
 */
export function searchIndex<C extends Searched>(communes: readonly C[]): (text: string, first: number) => C[] {
  const byPlainName = [...plainNames(communes)];
  const entries = communes.map((commune) => ({
    commune,
    names: byPlainName.flatMap(([name, named]) => (named === commune ? [name] : [])),
    codes: new Set([commune.code, ...commune.formerCodes, ...commune.postalCodes]),
  }));
  const named = namesIndex(communes);
  const collator = new Intl.Collator('fr');
  const byName = communes.toSorted((a, b) => collator.compare(a.name, b.name));
  const holding = (codes: readonly string[]) => entries.filter((entry) => codes.some((code) => entry.codes.has(code)));

  const find = (given: string): C[] => {
    const { name, codes, departements } = takeApart(plainName(given));
    const coded = holding(codes);
    const isElsewhere = [...codes, ...departements].some((code) => !code.startsWith(HERE)) && coded.length === 0;
    if (isElsewhere) return [];
    if (name === '') return largestFirst(coded.map(({ commune }) => ({ commune, rank: 0 })));
    const ranked = (some: typeof entries) =>
      largestFirst(some.map(({ commune, names }) => ({ commune, rank: best(names.map((one) => rank(one, name))) })));
    const both = ranked(coded);
    if (both.length > 0) return both;
    const byTheirNames = ranked(entries);
    return byTheirNames.length > 0 ? byTheirNames : named(given);
  };
  return (given, first) => (BLANK.test(given) ? byName : find(given)).slice(0, first);
}

/** The communes with a rank, best first, the larger first among equals. */
const largestFirst = <C extends Searched>(found: { commune: C; rank: number }[]): C[] =>
  found
    .filter(({ rank }) => rank >= 0)
    .sort((a, b) => a.rank - b.rank || (b.commune.population ?? 0) - (a.commune.population ?? 0))
    .map(({ commune }) => commune);

const best = (ranks: readonly number[]): number => {
  const found = ranks.filter((rank) => rank >= 0);
  return found.length > 0 ? Math.min(...found) : -1;
};

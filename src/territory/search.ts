/** The fields that a commune is found by. */
interface Searched {
  readonly code: string;
  readonly name: string;
  readonly postalCodes: readonly string[];
  readonly population: number | null;
  readonly formerCodes: readonly string[];
  readonly formerNames: readonly string[];
}

const ARTICLES = /^(l |le |la |les )/;

/** A name as people type it: no case, accent, hyphen, apostrophe or leading article; "st" stands for "saint". */
export const plainName = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/œ/g, 'oe')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
    .replace(/\bste\b/g, 'sainte')
    .replace(/\bst\b/g, 'saint')
    .replace(ARTICLES, '');

/** 0 for the name itself, then names that begin so, then names with a word that begins so, then the rest; -1 for none. */
function rank(name: string, text: string): number {
  if (name === text) return 0;
  if (name.startsWith(text)) return 1;
  if (name.includes(` ${text}`)) return 2;
  return name.includes(text) ? 3 : -1;
}

/** Prepares a search over communes by name, or by a postal or INSEE code typed whole. */
export function searchIndex<C extends Searched>(communes: readonly C[]): (text: string, first: number) => C[] {
  const entries = communes.map((commune) => ({
    commune,
    names: [commune.name, ...commune.formerNames].map(plainName),
    codes: new Set([commune.code, ...commune.formerCodes, ...commune.postalCodes]),
  }));
  const collator = new Intl.Collator('fr');
  const byName = communes.toSorted((a, b) => collator.compare(a.name, b.name));
  return (given, first) => {
    const text = plainName(given);
    if (text === '') return byName.slice(0, first);
    const code = text.replaceAll(' ', '');
    return entries
      .map(({ commune, names, codes }) => ({
        commune,
        rank: codes.has(code) ? 0 : best(names.map((name) => rank(name, text))),
      }))
      .filter(({ rank }) => rank >= 0)
      .sort((a, b) => a.rank - b.rank || (b.commune.population ?? 0) - (a.commune.population ?? 0))
      .slice(0, first)
      .map(({ commune }) => commune);
  };
}

const best = (ranks: readonly number[]): number => {
  const found = ranks.filter((rank) => rank >= 0);
  return found.length > 0 ? Math.min(...found) : -1;
};

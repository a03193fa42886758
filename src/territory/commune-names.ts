const ARTICLES = /^(l |le |la |les )/;
/** Rivers and the like that communes here lie on, after `sur` or an `s` in its place. */
const ON_RIVER = /\bs[ -](?=(?:orge|seine|essonne|yvette|ecole|juine|auvers)\b)/g;

/**
 * A text with the names in it as people type them: no case, accent, apostrophe, invisible sign or compatibility form. "st"
 * stands for "saint", "s/" for "sur". Hyphens stay where they join two words.
 */
const spoken = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/œ/g, 'oe')
    .replace(/\bs ?\/ ?s\b(?: ?\/)?/g, 'sous ')
    .replace(/\bs ?\/ ?/g, 'sur ')
    .replace(/\p{Pd}/gu, '-')
    .replace(/[^a-z0-9-]+/g, ' ')
    .replace(/(?<![a-z0-9])-+|-+(?![a-z0-9])/g, ' ')
    .replace(ON_RIVER, 'sur ')
    .replace(/\bste\b/g, 'sainte')
    .replace(/\bst\b/g, 'saint')
    .replace(/\bss\b/g, 'sous')
    .replace(/\blez\b/g, 'les');

/** The same in words with single spaces, without a leading article. */
export const plainName = (name: string): string => spoken(name).replace(/[ -]+/g, ' ').trim().replace(ARTICLES, '');

/** The names that a commune is known by. */
interface Named {
  readonly name: string;
  readonly formerNames: readonly string[];
}

/** People write "s/" for "sous" too, and leave the apostrophe of D'Huison out. */
const asTyped = (plain: string): string[] => [plain.replace(' sous ', ' sur '), plain.replace(/^([dl]) /, '$1')];

/** Plain names of communes, of today and of old, and those by which people mistake one for no other, each once. */
export function plainNames<C extends Named>(communes: readonly C[]): Map<string, C> {
  const names = (of: (name: string) => string[]) =>
    communes.flatMap((commune) =>
      [commune.name, ...commune.formerNames].flatMap((name) =>
        of(plainName(name)).map((one) => [one, commune] as const),
      ),
    );
  return new Map([...names(asTyped), ...names((name) => [name])]);
}

/** A word that leads on from the head of a name: Brétigny-sur-Orge, Vert-le-Grand. */
const LINK = /^(?:sur|sous|les|le|la|l|du|des|de|d|en|aux?)$/;
/** After a name, words by which it is another's: Savigny-le-Temple, Saint-Aubin sur Mer. Limours-en-Hurepoix is Limours. */
const LEADS_ON = /^(?:sur|sous|les|le|la|l|du|des|de|d|aux?)$/;
const LEADS_ON_WITHOUT_HYPHEN = /^(?:sur|sous)$/;
const ARTICLE = /^(?:l|le|la|les|un|une|cette?|ce|ses|nos|votre|notre|d|du|des)$/;
/** Heads of names that are ordinary words, or the heads of names all over France. */
const ORDINARY = new Set(['bois', 'bruyeres', 'fontaine', 'forges', 'granges', 'val', 'vert', 'ville', 'villeneuve']);
const MOST_WORDS = 5;

/** The short form of a plain name, as its neighbours say it: "bretigny", "saint michel"; undefined where there is none. */
function shortName(plain: string): string | undefined {
  const words = plain.split(' ');
  const least = /^sainte?$/.test(words[0] ?? '') ? 2 : 1;
  const link = words.findIndex((word, index) => index >= least && LINK.test(word));
  const short = words.slice(0, link < 0 ? least : link).join(' ');
  return short.length < 3 || short === plain || ORDINARY.has(short) ? undefined : short;
}

/** Names that mean one thing alone, with what they mean. */
function unique<C>(pairs: readonly (readonly [string, C])[]): Map<string, C> {
  const meant = new Map<string, Set<C>>();
  for (const [name, what] of pairs) meant.set(name, (meant.get(name) ?? new Set()).add(what));
  return new Map([...meant].flatMap(([name, [what, ...more]]) => (what && more.length === 0 ? [[name, what]] : [])));
}

interface Word {
  text: string;
  /** Whether a hyphen joins it to the word before. */
  isJoined: boolean;
}

const wordsOf = (text: string): Word[] =>
  // A name with the number of another Département behind it is not of here: Saint-Maurice (94).
  [...spoken(text.replace(/\((?!91)(\d{2})\d{0,3}\)/g, ' elsewhere ')).matchAll(/(^| |-)([a-z0-9]+)/g)].map(
    ([, before, word = '']) => ({ text: word, isJoined: before === '-' }),
  );

/**
 * Prepares to find the communes that a text names: by their names of today and of old, and by short names that mean one of
 * them alone. At each word the longest name counts, so that Saint-Germain-lès-Arpajon does not mean Arpajon.
 */
export function namesIndex<C extends Named>(communes: readonly C[]): (text: string) => C[] {
  const full = plainNames(communes);
  const short = unique(
    [...full].flatMap(([name, commune]) => {
      const head = shortName(name);
      return head && !full.has(head) ? [[head, commune] as const] : [];
    }),
  );
  return (text) => {
    const words = wordsOf(text);
    const found = new Set<C>();
    for (let at = 0; at < words.length; ) {
      const named = nameAt(words, at, { full, short });
      if (named) found.add(named.commune);
      at += named?.length ?? 1;
    }
    return [...found];
  };
}

interface Names<C> {
  full: ReadonlyMap<string, C>;
  short: ReadonlyMap<string, C>;
}

function nameAt<C>(
  words: readonly Word[],
  at: number,
  { full, short }: Names<C>,
): { commune: C; length: number } | null {
  for (let length = MOST_WORDS; length > 0; length -= 1) {
    const name = words.slice(at, at + length).map(({ text }) => text);
    if (name.length < length) continue;
    const plain = name.join(' ');
    const commune = full.get(plain) ?? (standsAlone(words, at, length) ? short.get(plain) : undefined);
    if (commune) return leadsOn(words, at + length) ? null : { commune, length };
  }
  return null;
}

const standsAlone = (words: readonly Word[], at: number, length: number): boolean =>
  !words[at]?.isJoined && !words[at + length]?.isJoined;

/** Whether the words from here on make another name of the one that stands before them. */
function leadsOn(words: readonly Word[], at: number): boolean {
  const [next, after] = [words[at], words[at + 1]];
  if (!next) return false;
  if (next.text === 'elsewhere') return true;
  if (next.isJoined) return LEADS_ON.test(next.text);
  // A river by its first letter is one of ours: Brétigny s/O.
  if (after === undefined || after.text.length === 1) return false;
  return LEADS_ON_WITHOUT_HYPHEN.test(next.text) && !ARTICLE.test(after.text);
}

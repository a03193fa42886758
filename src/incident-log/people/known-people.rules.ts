import { marksIn, masking } from '../../reports/personal/personal.rules.ts';

/** Takes people out of words: numbers, addresses and what else can be recognised, titles with a name, and names that are known. */
export class KnownPeople {
  readonly #names: readonly KnownName[];

  /** `names` are those that the hub knows of. */
  constructor(names: readonly string[]) {
    this.#names = [...new Set(names.flatMap(waysOfWriting))].map((name) => ({ name, folded: folded(name) }));
  }

  /** Words without the people in them; null stays null. */
  clean<T extends string | null>(words: T): T {
    return (words && withoutPlaces(withoutTitles(this.#withoutNamed(withoutAddresses(words))))) as T;
  }

  /** Only the names that stand there are looked for: a hub knows hundreds, and there are thousands of lines. */
  #withoutNamed(words: string): string {
    const text = folded(words);
    const there = this.#names.filter((known) => text.includes(known.folded)).map(({ name }) => name);
    return masking(there, marksIn(words)).mask(words);
  }
}

interface KnownName {
  name: string;
  folded: string;
}

const folded = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ');

/** Below that, a name would be found in other words' places. */
const SHORTEST_NAME = 3;

/** A name as an issuer gives it, without a remark in brackets, and with its first word last as lists have it. */
function waysOfWriting(name: string): string[] {
  const bare = name
    .replace(/\([^)]*\)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  if (bare.length < SHORTEST_NAME) return [];
  const [first = '', ...rest] = bare.split(' ');
  return rest.length > 0 ? [bare, `${rest.join(' ')} ${first}`] : [bare];
}

const WEB_ADDRESS = /(?:\bhttps?:\/\/|\bwww\.)[^\s<>"»]+/giu;

const withoutAddresses = (text: string): string => text.replace(WEB_ADDRESS, '[adresse web]');

const TITLES = [
  ...['m', 'mm', 'mr', 'mme', 'mmes', 'mlle', 'monsieur', 'messieurs', 'madame', 'mesdames', 'mademoiselle'],
  ...['docteur', 'dr', 'pr', 'professeur', 'maître', 'me', 'famille', 'époux', 'consorts', 'veuve'],
  ...[
    'colonel',
    'col',
    'commandant',
    'cdt',
    'capitaine',
    'cne',
    'lieutenant',
    'lieutenant-colonel',
    'lcl',
    'ltn',
    'lt',
  ],
  ...['adjudant', 'adjudant-chef', 'adj', 'adc', 'sergent', 'sergent-chef', 'sgt', 'caporal', 'major', 'gendarme'],
];
const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);
const ANY_TITLE = TITLES.flatMap((title) => [title, capital(title), title.toUpperCase()]).join('|');
const NAME_WORD = "\\p{Lu}[\\p{L}\\p{M}'’-]*\\.?";
const PARTICLE = "(?:de |du |d['’]|le |la |van |von |el |ben )";
/** A title and the capitals behind it: « Mme Durand », « capitaine J. Le Goff »; « M. le maire » is none. */
const TITLED = new RegExp(
  `(?<![\\p{L}\\d])(${ANY_TITLE})(\\.?\\s+)${PARTICLE}?${NAME_WORD}(?:\\s+${PARTICLE}?${NAME_WORD}){0,3}`,
  'gu',
);

const withoutTitles = (text: string): string => text.replace(TITLED, '$1$2[personne]');

const STREETS =
  'rue|avenue|av|boulevard|bd|bld|chemin|impasse|allée|allee|place|route|quai|square|cours|sentier|résidence|residence|lotissement|villa|passage|clos|hameau|faubourg|mail|ruelle|venelle|esplanade|promenade|sente';
/** The number of a house: the street says where something was, its number who lives there. */
const HOUSE = new RegExp(
  `(?<![\\p{L}\\d])\\d{1,4}(?:\\s?(?:bis|ter|quater|[a-d]))?\\s?,?\\s+(?=(?:${STREETS})(?![\\p{L}\\d]))`,
  'giu',
);
/** Degrees with a ten-thousandth, which is about ten metres. */
const POSITION = /-?\d{1,2}[.,]\d{4,}\s*[;,/ ]\s*-?\d{1,3}[.,]\d{4,}/g;

const withoutPlaces = (text: string): string => text.replace(POSITION, '[position]').replace(HOUSE, '[numéro] ');

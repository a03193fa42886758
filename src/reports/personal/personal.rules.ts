import { ADDRESS, addressWithoutAccount } from './addresses.rules.ts';
import { foldedFinds, replaceFolded } from './folded.rules.ts';
import { IBAN, ibanIn } from './iban.rules.ts';
import { EMAIL, HANDLE, isNir, NIR, PHONE, PLATE, TOLD_HANDLE, VEILED_HANDLE } from './patterns.rules.ts';

/**
 * Personal data are taken out of a captured text before it is stored, and a mark is left in their place
 * (I-15). Telephone numbers, e-mail addresses, account handles, number plates, social security numbers and bank accounts are
 * recognised; a name is not recognisable, so the person who submits or checks the report says which names stand in the text.
 */
export type PersonalKind = 'PERSON' | 'PHONE' | 'EMAIL' | 'HANDLE' | 'PLATE' | 'NIR' | 'IBAN';

/** One thing taken out: `mark` stands in the text where `value` stood. */
export interface PersonalItem {
  mark: string;
  kind: PersonalKind;
  value: string;
}

const WORDS: Record<PersonalKind, string> = {
  PERSON: 'personne',
  PHONE: 'téléphone',
  EMAIL: 'courriel',
  HANDLE: 'compte',
  PLATE: 'plaque',
  NIR: 'sécurité sociale',
  IBAN: 'compte bancaire',
};

/**
 * One way in which personal data are found; `partOf` says what of it counts, from its beginning on, where a pattern alone
 * cannot tell: nothing where it is no such thing.
 */
interface Finder {
  kind: PersonalKind;
  pattern: RegExp;
  partOf?: (found: string) => string;
}

/** The longer numbers come first, so that no telephone number is seen in a part of one. */
const FINDERS: readonly Finder[] = [
  { kind: 'HANDLE', pattern: HANDLE },
  { kind: 'EMAIL', pattern: EMAIL },
  { kind: 'HANDLE', pattern: VEILED_HANDLE },
  { kind: 'HANDLE', pattern: TOLD_HANDLE },
  { kind: 'IBAN', pattern: IBAN, partOf: ibanIn },
  { kind: 'NIR', pattern: NIR, partOf: (found) => (isNir(found) ? found : '') },
  { kind: 'PHONE', pattern: PHONE },
  { kind: 'PLATE', pattern: PLATE },
];

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const named = (name: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\d])${escaped(name).replace(/\s+/g, '\\s+')}(?![\\p{L}\\d])`, 'giu');

const isFoundIn = (text: string, { pattern, partOf = (found) => found }: Finder): boolean =>
  foldedFinds(text, pattern).some((found) => partOf(found) !== '');

const MARK = new RegExp(`\\[(${Object.values(WORDS).join('|')}) \\d{1,2}\\]`, 'g');
const KIND_OF = new Map(Object.entries(WORDS).map(([kind, word]) => [word, kind as PersonalKind]));

/** The marks that stand in a text already, of things that were taken out and not kept: new marks get other numbers. */
export const marksIn = (text: string): PersonalItem[] =>
  [...new Map([...text.matchAll(MARK)].map(([mark, word = '']) => [mark, word]))].flatMap(([mark, word]) => {
    const kind = KIND_OF.get(word);
    return kind ? [{ mark, kind, value: mark }] : [];
  });

export interface Masking {
  /** The text with a mark for everything personal. */
  mask(text: string): string;
  /**
   * An address that the whole desk may read, or null where it names an account or carries something personal. A post
   * on X is found without its account, so its address is rewritten rather than hidden.
   */
  address(address: string): string | null;
  /** The values that were taken out so far, each once. */
  readonly items: PersonalItem[];
}

/** The first mark of a kind that stands for nothing yet, counted on from how many there are. */
function freeMark(kind: PersonalKind, items: readonly PersonalItem[]): string {
  const taken = new Set(items.map(({ mark }) => mark));
  let number = items.filter((item) => item.kind === kind).length + 1;
  while (taken.has(`[${WORDS[kind]} ${number}]`)) number += 1;
  return `[${WORDS[kind]} ${number}]`;
}

/** Takes personal data out of the texts of one report; `people` are the names to look for, `before` what is out already. */
export function masking(people: readonly string[], before: readonly PersonalItem[] = []): Masking {
  const items = [...before];
  // The longest first, so that "Jean Dupont" does not leave a first name behind.
  const names = [...people]
    .sort((a, b) => b.length - a.length)
    .map((name): Finder => ({ kind: 'PERSON', pattern: named(name.normalize('NFKC')) }));
  const finders = [...FINDERS, ...names];
  const markOf = (kind: PersonalKind, value: string): string => {
    const known = items.find((item) => item.kind === kind && item.value === value);
    if (known) return known.mark;
    const mark = freeMark(kind, items);
    items.push({ mark, kind, value });
    return mark;
  };
  const finds = (text: string) => finders.some((finder) => isFoundIn(text, finder));
  const withoutAccounts = (text: string) =>
    replaceFolded(text, ADDRESS, (address) => {
      const shown = addressWithoutAccount(address, finds);
      return shown === address ? null : (shown ?? markOf('HANDLE', address));
    });
  const without = (wanted: readonly Finder[], text: string) =>
    wanted.reduce(
      (rest, { kind, pattern, partOf }) => replaceFolded(rest, pattern, (found) => markOf(kind, found), partOf),
      text,
    );
  /** Looks again until nothing is found: an account that is glued to something personal stands free once that is a mark. */
  const withoutPatterns = (text: string): string => {
    const rest = without(FINDERS, withoutAccounts(text));
    return rest === text ? rest : withoutPatterns(rest);
  };
  return {
    items,
    mask: (text) => withoutPatterns(without(names, withoutPatterns(text))),
    address: (address) => addressWithoutAccount(address, finds),
  };
}

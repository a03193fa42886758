/**
 * Personal data are taken out of a captured text before it is stored, and a mark is left in their place
 * (I-15). Telephone numbers, e-mail addresses and account handles are recognised; a name is not recognisable, so the person who
 * submits or checks the report says which names stand in the text.
 */
export const PERSONAL_KINDS = ['PERSON', 'PHONE', 'EMAIL', 'HANDLE'] as const;
export type PersonalKind = (typeof PERSONAL_KINDS)[number];

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
};

const ADDRESS = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]]/giu;
const EMAIL = /[\p{L}\d._%+-]{1,64}@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+/gu;
// @name and, in the fediverse, @name@host; whatever is glued to a handle by another @ goes with it.
const HANDLE = /(?<![\p{L}\d_@])(?:@[\p{L}\d_](?:[\p{L}\d_.-]*[\p{L}\d_])?)+/gu;
// +33 6 …, 0033 6 …, 06 …; but no date such as 02.06.2016 14h00, and not what follows on 2016-.
const PHONE =
  /(?<![\p{L}\d+]|\d[-./:])(?:(?:\+|00)[1-9](?:[\s.()-]{0,3}\d){7,14}|(?!\d{2}[\s.-]\d{2}[\s.-](?:19|20)\d{2})0[1-9](?:[\s.-]{0,3}\d{2}){4})(?!\d)/gu;

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const named = (name: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\d])${escaped(name).replace(/\s+/g, '\\s+')}(?![\\p{L}\\d])`, 'giu');

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

/** Takes personal data out of the texts of one report; `people` are the names to look for, `before` what is out already. */
export function masking(people: readonly string[], before: readonly PersonalItem[] = []): Masking {
  const items = [...before];
  const patterns: [PersonalKind, RegExp][] = [
    ['HANDLE', HANDLE],
    ['EMAIL', EMAIL],
    ['PHONE', PHONE],
    // The longest first, so that "Jean Dupont" does not leave a first name behind.
    ...[...people].sort((a, b) => b.length - a.length).map((name): [PersonalKind, RegExp] => ['PERSON', named(name)]),
  ];
  const markOf = (kind: PersonalKind, value: string): string => {
    const known = items.find((item) => item.kind === kind && item.value === value);
    if (known) return known.mark;
    const mark = `[${WORDS[kind]} ${items.filter((item) => item.kind === kind).length + 1}]`;
    items.push({ mark, kind, value });
    return mark;
  };
  const finds = (text: string) => patterns.some(([, pattern]) => text.search(pattern) >= 0);
  const withoutAccounts = (text: string) =>
    text.replace(ADDRESS, (address) => addressWithoutAccount(address, finds) ?? markOf('HANDLE', address));
  return {
    items,
    mask: (text) =>
      patterns.reduce(
        (rest, [kind, pattern]) => rest.replace(pattern, (value) => markOf(kind, value)),
        withoutAccounts(text),
      ),
    address: (address) => addressWithoutAccount(address, finds),
  };
}

// Networks whose addresses begin with somebody's account.
const ACCOUNT_FIRST =
  /(^|\.)(x|twitter|facebook|instagram|threads|tiktok|youtube|linkedin|bsky|snapchat|reddit|telegram|t)\.(com|net|app|me|org)$/;

function addressWithoutAccount(address: string, isPersonal: (text: string) => boolean): string | null {
  const url = URL.parse(address);
  if (!url) return null;
  const post = /^\/[^/]+\/status\/(\d+)/.exec(url.pathname);
  const network = ACCOUNT_FIRST.test(url.hostname.toLowerCase());
  if (network && post) return `https://x.com/i/status/${post[1]}`;
  const readable = readableForm(`${url.pathname}${url.search}${url.hash}`);
  const named = network && url.pathname.length > 1;
  return named || url.username !== '' || readable.includes('/@') || isPersonal(readable) ? null : address;
}

function readableForm(path: string): string {
  try {
    return decodeURIComponent(path).replace(/[+_-]/g, ' ');
  } catch {
    return path;
  }
}

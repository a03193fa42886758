/** How personal data stand in a text. Every pattern is for a folded text: ASCII digits, one hyphen, no invisible signs. */

/** What may part the digits of one number: up to three signs that are no letter and no digit. */
const SEP = '[^\\p{L}\\p{N}]{0,3}';
const NO_WORD_BEFORE = '(?<![\\p{L}\\p{N}])';

const DAY = '(?:0\\d|[12]\\d|3[01])';
const MONTH_OF_DATE = '(?:0\\d|1[0-2])';
// Dates and times begin as numbers of telephones do. 02/06/2016 14:00; 02/06/16 14:00; 08:00-09:30, but not 06:12:34:56:78;
// 06/12, 07/12; 08.00-09.30.
const NO_DATE = [
  '(?!\\d{2}[^\\p{L}\\p{N}]{1,3}\\d{2}[^\\p{L}\\p{N}]{1,3}(?:19|20)\\d{2}(?!\\d))',
  '(?!\\d{2}([./-])(?:0\\d|1[0-2])\\1\\d{2}(?!\\1)[^\\p{L}\\p{N}]{1,3}[0-2]?\\d[^\\p{L}\\p{N}]{1,3}[0-5]\\d)',
  '(?!\\d{2}:\\d{2}:\\d{2}(?!:\\d))',
  '(?!(?:\\d[^\\p{L}\\p{N}:]{0,3}){0,7}\\d:\\d\\d(?!:\\d))',
  `(?!${DAY}(?<sign>[./-])${MONTH_OF_DATE}(?!\\k<sign>)[\\s,;/-]{1,3}${DAY}\\k<sign>${MONTH_OF_DATE}(?!\\d))`,
  '(?!0\\d\\.[0-5]\\d(?!\\.)[\\s,;/-]{1,3}(?:[01]\\d|2[0-4])\\.[0-5]\\d(?!\\d))',
].join('');

const FRENCH = `(?:\\+|00)${SEP}33${SEP}(?:0${SEP})?[1-9](?:${SEP}\\d){8}`;
const FOREIGN = `(?:\\+|00)[1-9](?:[\\s.()/-]{0,3}\\d){7,14}`;
/** Some write the letter O for the first digit. */
const NATIONAL = `${NO_DATE}[0Oo]\\s{0,3}[1-9](?:${SEP}\\d){8}`;
/** As networks and lists have it, without its +. */
const WITHOUT_PLUS = '33[\\s./-]{0,3}(?:\\(?0\\)?[\\s./-]{0,3})?[67](?:[\\s./-]{0,3}\\d){8}';
/** Words that people glue to a number: tel0612345678. */
const GLUED =
  '(?<![\\p{L}\\d])(?:[tT][eé]l|[tT][eé]l[eé]phone|[mM]ob|[mM]obile|[pP]ort|[pP]ortable|[fF]ixe|GSM|SMS|TEL|gsm|sms|[nN]um|[nN]um[eé]ro|n|au|le|[wW]hats[aA]pp)';

const YEAR = '(?:19|20)\\d{2}(?!\\d)';
/** No number begins in the middle of another, nor behind 2016-, nor with the month of 02 06 2016. */
export const PHONE = new RegExp(
  `(?:(?<=${GLUED})|(?<![\\p{L}\\d+]|\\d[-./:]|\\d[\\s./-]{1,3}(?=\\d{2}[\\s./-]{1,3}${YEAR})))(?:${FRENCH}|${FOREIGN}|${NATIONAL}|${WITHOUT_PLUS})(?!\\d)`,
  'gu',
);

const AT_WORDS = '(?:at|a|à|chez|arobase|@)';
const AT = `(?:\\s?@\\s?|\\s?[[({<|*]\\s?${AT_WORDS}\\s?[\\])}>|*]\\s?|[_-](?:at|arobase)[_-]|\\s(?:arobase|arobas)\\s)`;
const DOT = '(?:\\.|\\s?[[({<|*]\\s?(?:dot|point|\\.)\\s?[\\])}>|*]\\s?|\\s(?:point|dot|\\.)\\s|[_-](?:dot|point)[_-])';
/** Hosts that people name without their end: jean@gmail. */
const MAIL_HOST =
  '@(?:gmail|orange|free|sfr|laposte|wanadoo|hotmail|outlook|yahoo|icloud|bbox|proton|protonmail)(?![\\p{L}\\d-])';
export const EMAIL = new RegExp(
  `(?:[\\p{L}\\d._%+-]{1,64}|"[^"\\n]{1,64}")` +
    `(?:${AT}[\\p{L}\\d-]{1,63}(?:${DOT}[\\p{L}\\d-]+)+|\\sat\\s[\\p{L}\\d-]{1,63}(?:\\sdot\\s[\\p{L}\\d-]+)+|${MAIL_HOST})`,
  'giu',
);

// @name and, in the fediverse, @name@host; whatever is glued to a handle by another @ goes with it.
export const HANDLE = /(?<![\p{L}\d_@]|[\p{L}\d]")(?:@[\p{L}\d_](?:[\p{L}\d_.-]*[\p{L}\d_])?)+/gu;
/** The same as it is written to escape those who gather addresses. */
export const VEILED_HANDLE =
  /(?<![\p{L}\d_])[[({]\s?(?:at|arobase|@)\s?[\])}]\s?[\p{L}\d_](?:[\p{L}\d_.-]*[\p{L}\d_])?/giu;

/** An account beside the name of its network. A word alone after it may be any: the page of the town. */
export const TOLD_HANDLE = new RegExp(
  '(?<=(?<![\\p{L}\\d])(?:insta|instagram|snap|snapchat|facebook|fb|twitter|tiktok|telegram|skype|discord|messenger|linkedin|bluesky|pseudo)\\s{0,3}[:=]\\s{0,3})' +
    '(?!www\\.|(?:RN|RD|[NDA])\\d{1,4}(?![\\p{L}\\d]))(?=\\p{L}+[._\\d])[\\p{L}\\d._-]*[\\p{L}\\d](?<!\\.(?:fr|com|org|net|eu|info))(?![\\p{L}\\d/:]|\\.\\p{L})' +
    '|(?<![\\p{L}\\d@./-])[\\p{L}\\d-]+\\.bsky\\.social(?![\\p{L}\\d])',
  'giu',
);

const TWO_LETTERS = '[A-HJ-NP-TV-Z]{2}';
/** Words of two letters in a text of capitals: LE 115 DE NUIT. */
const WORDS = 'DE|LE|LA|ET|EN|SE|CE|NE|ME|TE|MA|SA|TA|ES';
const ROADS = 'RN|RD|CD|CR|VC|PR|PK|KM';
/** Signs between the groups of a plate: none that ends a phrase. */
const GAP = '[^\\p{L}\\p{N},;!?()\\n]{0,3}';
const SMALL = '[a-hj-np-tv-z]';
/** Words of two small letters, and units, that stand beside numbers. */
const SMALL_WORDS =
  `(?:${WORDS}|AS|VA|BD|AV|PL|ST|MN|DM|CM|MM|HM|KG|KV|KW|MW|HA|AN|BP|CS|TV|CV|MB|GB|SS)`.toLowerCase();

export const PLATE = new RegExp(
  `${NO_WORD_BEFORE}(?:` +
    `(?!(?:${WORDS}|${ROADS})${GAP}(?<=\\s)\\d)${TWO_LETTERS}${GAP}\\d{3}(?!\\s{1,3}(?:${WORDS})(?!\\p{L}))${GAP}${TWO_LETTERS}` +
    `|${SMALL}{2}-?\\d{3}-?${SMALL}{2}|(?!${SMALL_WORDS}|${ROADS.toLowerCase()})${SMALL}{2}${GAP}\\d{3}${GAP}(?!${SMALL_WORDS})${SMALL}{2}` +
    `|W[\\s-]?\\d{3}[\\s-]?${TWO_LETTERS}` +
    `|\\d{3,4}[\\s-]{0,3}(?!${WORDS}|${ROADS}|RER|TER)[A-HJ-NP-TV-Z]{2,3}[\\s-]{0,3}(?:\\d{2}|2[AB])` +
    `|\\d{3,4}(-?)${SMALL}{2,3}\\1(?:\\d{2}|2[ab])` +
    `)(?![\\p{L}\\p{N}])`,
  'gu',
);

/** In one piece without its key, too. */
const NIR_GLUED = /^[12]\d{4}(?:\d{2}|2[AB])\d{6}$/i;
/** The signs of SEP that people use here, named: many classes of letters of all scripts take V8 a second to compile. */
const PART = '[\\s./_|*,:;·•()-]{0,3}';
const MONTH = `(?:0${PART}[1-9]|1${PART}[0-2]|2${PART}0|3${PART}\\d|4${PART}[0-2]|[5-9]${PART}\\d)`;
const PLACE = `(?:\\d${PART}\\d|2${PART}[ABab])`;
export const NIR = new RegExp(
  `${NO_WORD_BEFORE}[12378]${PART}\\d${PART}\\d${PART}${MONTH}${PART}${PLACE}(?:${PART}\\d){6}(?:${PART}\\d{2})?(?![\\p{L}\\p{N}])`,
  'gu',
);
const NIR_IN_GROUPS = /^\d\D{1,3}\d{2}\D{1,3}\d{2}\D{1,3}(?:\d{2}|2[AB])\D{1,3}\d{3}\D{1,3}\d{3}(?:\D{1,3}\d{2})?$/i;

/** Whether what looks like a social security number is written in one or in its groups, or else has the right key. */
export function isNir(found: string): boolean {
  if (NIR_IN_GROUPS.test(found) || NIR_GLUED.test(found) || /^\w{15}$/.test(found)) return true;
  const plain = found
    .replace(/[^A-B\d]/gi, '')
    .toUpperCase()
    .replace('2A', '19')
    .replace('2B', '18');
  return plain.length === 15 && 97n - (BigInt(plain.slice(0, 13)) % 97n) === BigInt(plain.slice(13));
}

/** How personal data stand in a text. Every pattern is for a folded text: ASCII digits, one hyphen, no invisible signs. */

/** What may part the digits of one number: up to three signs that are no letter and no digit. */
const SEP = '[^\\p{L}\\p{N}]{0,3}';
const NO_WORD_BEFORE = '(?<![\\p{L}\\p{N}])';

// Dates and times begin as numbers of telephones do. 02/06/2016 14:00; 02/06/16 14:00; 08:00-09:30, but not 06:12:34:56:78.
const NO_DATE = [
  '(?!\\d{2}[^\\p{L}\\p{N}]{1,3}\\d{2}[^\\p{L}\\p{N}]{1,3}(?:19|20)\\d{2}(?!\\d))',
  '(?!\\d{2}([./-])(?:0\\d|1[0-2])\\1\\d{2}(?!\\1)[^\\p{L}\\p{N}]{1,3}[0-2]?\\d[^\\p{L}\\p{N}]{1,3}[0-5]\\d)',
  '(?!\\d{2}:\\d{2}:\\d{2}(?!:\\d))',
  '(?!(?:\\d[^\\p{L}\\p{N}:]{0,3}){0,7}\\d:\\d\\d(?!:\\d))',
].join('');

const FRENCH = `(?:\\+|00)${SEP}33${SEP}(?:0${SEP})?[1-9](?:${SEP}\\d){8}`;
const FOREIGN = `(?:\\+|00)[1-9](?:[\\s.()/-]{0,3}\\d){7,14}`;
const NATIONAL = `${NO_DATE}0\\s{0,3}[1-9](?:${SEP}\\d){8}`;
/** As networks and lists have it, without its +. */
const WITHOUT_PLUS = '33\\s?[67](?:[\\s.-]?\\d){8}';

const YEAR = '(?:19|20)\\d{2}(?!\\d)';
/** No number begins in the middle of another, nor behind 2016-, nor with the month of 02 06 2016. */
export const PHONE = new RegExp(
  `(?<![\\p{L}\\d+]|\\d[-./:]|\\d[\\s./-]{1,3}(?=\\d{2}[\\s./-]{1,3}${YEAR}))(?:${FRENCH}|${FOREIGN}|${NATIONAL}|${WITHOUT_PLUS})(?!\\d)`,
  'gu',
);

const AT = '(?:\\s?@\\s?|\\s?[[({<]\\s?(?:at|a|arobase|@)\\s?[\\])}>]\\s?|\\s(?:arobase|arobas)\\s)';
const DOT = '(?:\\.|\\s?[[({<]\\s?(?:dot|point|\\.)\\s?[\\])}>]\\s?|\\s(?:point|dot)\\s)';
export const EMAIL = new RegExp(
  `[\\p{L}\\d._%+-]{1,64}(?:${AT}[\\p{L}\\d-]+(?:${DOT}[\\p{L}\\d-]+)+|\\sat\\s[\\p{L}\\d-]+(?:\\sdot\\s[\\p{L}\\d-]+)+)`,
  'giu',
);

// @name and, in the fediverse, @name@host; whatever is glued to a handle by another @ goes with it.
export const HANDLE = /(?<![\p{L}\d_@])(?:@[\p{L}\d_](?:[\p{L}\d_.-]*[\p{L}\d_])?)+/gu;
/** The same as it is written to escape those who gather addresses. */
export const VEILED_HANDLE =
  /(?<![\p{L}\d_])[[({]\s?(?:at|arobase|@)\s?[\])}]\s?[\p{L}\d_](?:[\p{L}\d_.-]*[\p{L}\d_])?/giu;

const TWO_LETTERS = '[A-HJ-NP-TV-Z]{2}';
/** Words of two letters in a text of capitals: LE 115 DE NUIT. */
const WORDS = 'DE|LE|LA|ET|EN|SE|CE|NE|ME|TE|MA|SA|TA|ES';
const ROADS = 'RN|RD|CD|CR|VC|PR|PK|KM';
export const PLATE = new RegExp(
  `${NO_WORD_BEFORE}(?:` +
    `(?!(?:${WORDS}|${ROADS})\\s)${TWO_LETTERS}[\\s.-]{0,3}\\d{3}(?!\\s{1,3}(?:${WORDS}))[\\s.-]{0,3}${TWO_LETTERS}` +
    `|[a-hj-np-tv-z]{2}-\\d{3}-[a-hj-np-tv-z]{2}` +
    `|\\d{3,4}[\\s-]{0,3}(?!${WORDS}|${ROADS}|RER|TER)[A-HJ-NP-TV-Z]{2,3}[\\s-]{0,3}(?:\\d{2}|2[AB])` +
    `)(?![\\p{L}\\p{N}])`,
  'gu',
);

const PART = '[\\s./-]{0,3}';
const MONTH = `(?:0${PART}[1-9]|1${PART}[0-2]|2${PART}0|3${PART}\\d|4${PART}[0-2]|[5-9]${PART}\\d)`;
const PLACE = `(?:\\d${PART}\\d|2${PART}[AB])`;
export const NIR = new RegExp(
  `${NO_WORD_BEFORE}[12378]${PART}\\d${PART}\\d${PART}${MONTH}${PART}${PLACE}(?:${PART}\\d){6}(?:${PART}\\d{2})?(?![\\p{L}\\p{N}])`,
  'giu',
);
const NIR_IN_GROUPS = /^\d\D{1,3}\d{2}\D{1,3}\d{2}\D{1,3}(?:\d{2}|2[AB])\D{1,3}\d{3}\D{1,3}\d{3}(?:\D{1,3}\d{2})?$/i;

/** Whether what looks like a social security number is written in one or in its groups, or else has the right key. */
export function isNir(found: string): boolean {
  if (NIR_IN_GROUPS.test(found) || /^\w{15}$/.test(found)) return true;
  const plain = found
    .replace(/[^A-B\d]/gi, '')
    .toUpperCase()
    .replace('2A', '19')
    .replace('2B', '18');
  return plain.length === 15 && 97n - (BigInt(plain.slice(0, 13)) % 97n) === BigInt(plain.slice(13));
}

const ALNUM = '[\\s.-]{0,3}[A-Z\\d]';
export const IBAN = new RegExp(`${NO_WORD_BEFORE}[A-Z]{2}\\d{2}(?:${ALNUM}){11,30}(?![\\p{L}\\p{N}])`, 'giu');

/** Whether the check digits of what looks like an IBAN are right, or it is written as a French one is. */
export function isIban(found: string): boolean {
  const plain = found.replace(/[^A-Z\d]/gi, '').toUpperCase();
  if (/^FR\d{12}[A-Z\d]{11}\d{2}$/.test(plain)) return true;
  const turned = plain.slice(4) + plain.slice(0, 4);
  const digits = turned.replace(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  return BigInt(digits) % 97n === 1n;
}

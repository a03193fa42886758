import { instant, parisTime } from '../../clock.ts';
import { beginningOf } from '../../publications/content/text/beginning.ts';

/** Signs that no reader sees before the first one that counts: blanks, marks of direction, controls. */
const UNSEEN = String.raw`[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]`;
/** With these a formula begins, in their wide and small forms too, which spreadsheets of Asia take for the same. */
const BEGINS = '[=+\\-@＝＋－＠﹦﹢﹣﹫]';
const FORMULA = new RegExp(`^(?:${UNSEEN}*${BEGINS}|[\\t\\r\\n])`, 'u');
/** A spreadsheet that splits at commas begins a cell there: it takes a quote for one at the beginning of its own cells alone. */
const FORMULA_BEHIND_COMMA = new RegExp(`,(?=${UNSEEN}*${BEGINS})`, 'gu');

const LINE_END = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/g;

/** A number, a sum of money, a date, an hour, a telephone number: nothing but digits and the signs between them. */
const DIGITS_ALONE = /^(?=.*\p{Nd})[\p{Nd}\s.,:/()%€$£+-]+(?:e[+-]?\p{Nd}+)?$/iu;
/** A number that stays what it is: no zero before it, and short enough for no exponent. */
const WHOLE_NUMBER = /^(?:0|[1-9]\d{0,10})$/;
const MONTH = [
  ...['janv(?:ier)?', 'jan', 'f[ée]v(?:r(?:ier)?)?', 'feb(?:ruary)?', 'mars', 'mar(?:ch)?', 'avr(?:il)?', 'apr(?:il)?'],
  ...['mai', 'may', 'juin', 'june?', 'juil(?:let)?', 'july?', 'ao[uû]t', 'aug(?:ust)?', 'sept(?:emb(?:re|er))?', 'sep'],
  ...['oct(?:ob(?:re|er))?', 'nov(?:emb(?:re|er))?', 'd[ée]c(?:emb(?:re|er))?'],
].join('|');
const DATE_IN_WORDS = new RegExp(
  String.raw`^(?:\d{1,2}[\s./-]*(?:${MONTH})\.?(?:[\s./,-]*\d{1,4})?|(?:${MONTH})\.?[\s./-]*\d{1,4})$`,
  'iu',
);
const TRUTH = /^(?:vrai|faux|true|false)$/i;

const isReadOtherwise = (text: string): boolean =>
  (DIGITS_ALONE.test(text) && !WHOLE_NUMBER.test(text)) || DATE_IN_WORDS.test(text) || TRUTH.test(text);

/** Spreadsheets hold 32,767 signs in a cell, and lose or spill what is over. */
const LONGEST = 32_000;
const CUT = ' […]';

const shortened = (text: string): string =>
  text.length <= LONGEST ? text : `${beginningOf(text, LONGEST - CUT.length)}${CUT}`;

/**
 * A text as a spreadsheet shows it and as nothing else: it runs no formula, and makes no number, date or truth of it. An
 * apostrophe before it says so. A line end becomes ` ⏎ `; over 32,000 signs it is cut, and ends with `[…]`.
 */
export function textCell(text: string): string {
  const mark = FORMULA.test(text) || isReadOtherwise(text.trim()) ? "'" : '';
  return shortened(`${mark}${text.replace(LINE_END, ' ⏎ ').replace(FORMULA_BEHIND_COMMA, ",'")}`);
}

/** A number as French spreadsheets read one: a comma before at most six decimals; empty for null. */
export const numberCell = (number: number | null): string =>
  number === null ? '' : String(Number(number.toFixed(6))).replace('.', ',');

/** A moment (RFC 3339) as French spreadsheets read one: day, month, year and hour of Paris; empty for null. */
export function momentCell(at: string | null): string {
  if (at === null) return '';
  const [day = '', time = ''] = parisTime(new Date(instant(at)))
    .slice(0, 19)
    .split('T');
  return `${day.split('-').reverse().join('/')} ${time}`;
}

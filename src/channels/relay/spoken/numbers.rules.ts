export type Gender = 'masculine' | 'feminine';

const UNITS =
  'zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf'.split(
    ' ',
  );
const TENS = [
  '',
  '',
  'vingt',
  'trente',
  'quarante',
  'cinquante',
  'soixante',
  'soixante',
  'quatre-vingt',
  'quatre-vingt',
];
const unit = (number: number): string => UNITS[number] ?? '';

function belowHundred(number: number): string {
  if (number < 20) return unit(number);
  if (number === 80) return 'quatre-vingts';
  const tens = TENS[Math.floor(number / 10)] ?? '';
  // Seventy is counted on from sixty, ninety from eighty.
  const rest = Math.floor(number / 10) % 2 === 1 && number >= 70 ? (number % 10) + 10 : number % 10;
  if (rest === 0) return tens;
  const joined = (rest === 1 || rest === 11) && number < 80;
  return joined ? `${tens} et ${unit(rest)}` : `${tens}-${unit(rest)}`;
}

function belowThousand(number: number): string {
  const [hundreds, rest] = [Math.floor(number / 100), number % 100];
  if (hundreds === 0) return belowHundred(rest);
  const said = hundreds === 1 ? 'cent' : `${unit(hundreds)} cent`;
  if (rest > 0) return `${said} ${belowHundred(rest)}`;
  return hundreds === 1 ? said : `${said}s`;
}

/** Before "mille", hundreds and eighty lose their plural. */
const counting = (number: number): string => belowThousand(number).replace(/(cent|vingt)s$/, '$1');

/** A whole number in French words, from 0 to 999,999,999. */
export function inWords(number: number, gender: Gender = 'masculine'): string {
  const [millions, thousands, rest] = [Math.floor(number / 1e6), Math.floor(number / 1e3) % 1e3, number % 1e3];
  const said = [
    ...(millions > 0 ? [`${belowThousand(millions)} million${millions > 1 ? 's' : ''}`] : []),
    ...(thousands > 0 ? [thousands === 1 ? 'mille' : `${counting(thousands)} mille`] : []),
    ...(rest > 0 || number === 0 ? [belowThousand(rest)] : []),
  ].join(' ');
  return gender === 'feminine' ? said.replace(/(?<!\p{L})un$/u, 'une') : said;
}

/** The place in an order: "premier", "vingt et unième". */
export function ordinalInWords(number: number, gender: Gender = 'masculine'): string {
  if (number === 1) return gender === 'feminine' ? 'première' : 'premier';
  return `${inWords(number)
    .replace(/(cent|vingt|million)s$/, '$1')
    .replace(/cinq$/, 'cinqu')
    .replace(/neuf$/, 'neuv')
    .replace(/e$/, '')}ième`;
}

/** A time of the day: "dix-huit heures trente". The midnight that ends a day has its own word, which is written already. */
export function hourInWords(hour: number, minute: number): string {
  const hours = `${inWords(hour, 'feminine')} ${hour < 2 ? 'heure' : 'heures'}`;
  return minute === 0 ? hours : `${hours} ${inWords(minute, 'feminine')}`;
}

/** Digits that count nothing, such as those of a telephone number: each zero before the rest is said. */
export function digitsInWords(digits: string): string {
  const zeros = /^0*/.exec(digits)?.[0].length ?? 0;
  const rest = digits.slice(zeros);
  const said = rest.length > 9 ? [...rest].map((digit) => inWords(Number(digit))) : rest ? [inWords(Number(rest))] : [];
  return [...Array.from({ length: zeros }, () => unit(0)), ...said].join(' ');
}

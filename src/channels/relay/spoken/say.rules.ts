import { linksIn } from '../../social/fitting/links.rules.ts';
import { digitsInWords, type Gender, hourInWords, inWords, ordinalInWords } from './numbers.rules.ts';

type Saying = readonly [
  written: RegExp,
  said: (whole: string, first?: string, second?: string, third?: string) => string,
];

const MONTHS = 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'.split(' ');
const FEMININE =
  /^ (?:autres? |bonnes? |grandes? )?(?:ambulances?|années?|classes?|communes?|écoles?|familles?|femmes?|fermetures?|fois|heures?|journées?|maisons?|minutes?|nuits?|personnes?|places?|routes?|rues?|salles?|secondes?|semaines?|tonnes?|victimes?|villes?|voies?|voitures?)(?!\p{L})/iu;
/** Where a word begins, and where it ends: \b knows no accents. */
const START = '(?<![\\p{L}\\p{N}])';
const END = '(?![\\p{L}\\p{N}])';
const ROADS: Readonly<Record<string, string>> = {
  A: 'autoroute A',
  CD: 'départementale',
  D: 'départementale',
  N: 'nationale',
  RD: 'départementale',
  RN: 'nationale',
};
const SHORT: Readonly<Record<string, string>> = {
  av: 'avenue',
  bd: 'boulevard',
  bld: 'boulevard',
  chem: 'chemin',
  dr: 'docteur',
  mlle: 'mademoiselle',
  mme: 'madame',
  pl: 'place',
  rte: 'route',
  st: 'Saint',
  ste: 'Sainte',
  tél: 'téléphone',
};
const MEASURES: Readonly<Record<string, string>> = {
  '%': 'pour cent',
  '€': 'euros',
  '°': 'degrés',
  '°C': 'degrés',
  'km/h': 'kilomètres à l’heure',
  'l/m2': 'litres au mètre carré',
  'm/s': 'mètres par seconde',
  'm3/s': 'mètres cubes par seconde',
  cm: 'centimètres',
  ha: 'hectares',
  j: 'jours',
  kg: 'kilos',
  km: 'kilomètres',
  kWh: 'kilowattheures',
  l: 'litres',
  m: 'mètres',
  m2: 'mètres carrés',
  m3: 'mètres cubes',
  min: 'minutes',
  mm: 'millimètres',
};

const matching = (source: string, flags = 'gu') => new RegExp(source, flags);
const keysOf = (table: Readonly<Record<string, string>>): string =>
  Object.keys(table)
    .sort((a, b) => b.length - a.length)
    .join('|');
const isTime = (hour: string, minute = '0') => Number(hour) <= 24 && Number(minute) < 60;
/** A space that lets a word that is already there stand apart from those put beside it. */
const apart = (words: string): string => ` ${words} `;

function dateInWords(whole: string, day = '', month = '', year = ''): string {
  const name = MONTHS[Number(month) - 1];
  if (!name || Number(day) < 1 || Number(day) > 31) return whole;
  const first = Number(day) === 1 ? 'premier' : inWords(Number(day));
  return apart([first, name, ...(year ? [inWords(Number(year))] : [])].join(' '));
}

const timeInWords = (whole: string, hour = '', minute = ''): string =>
  isTime(hour, minute) ? apart(hourInWords(Number(hour), Number(minute))) : whole;

function measureInWords(_whole: string, number = '', unit = ''): string {
  const many = MEASURES[unit] ?? '';
  return apart(`${number} ${number === '1' ? many.replace(/s(?= |$)/g, '') : many}`);
}

const shortInWords = (_whole: string, name = ''): string => apart(SHORT[name.toLowerCase()] ?? '');

function roadInWords(_whole: string, kind = '', number = '', letters = ''): string {
  return apart(`${ROADS[kind]} ${inWords(Number(number))} ${[...letters].join(' ')}`);
}

/** Signs and short forms before numbers, each in the order in which it must be read. */
const SAYINGS: readonly Saying[] = [
  [/(?<=\d ?h(?: ?\d\d)?) ?[-–] ?(?=\d)/giu, () => ' à '],
  [matching(`${START}(\\d{1,2})/(\\d{2})(?:/(\\d{4}))?${END}`), dateInWords],
  [matching(`${START}(\\d{1,2})(?: ?h(?:eures?)? ?|:)([0-5]\\d)(?: ?min)?${END}`, 'giu'), timeInWords],
  [matching(`${START}(\\d{1,2}) ?h(?:eures?)?${END}`, 'giu'), (whole, hour) => timeInWords(whole, hour, '0')],
  [matching(`${START}(RD|RN|CD|[DN])[ -]?(\\d{1,4})([A-Z]?)${END}`), roadInWords],
  [matching(`${START}(A)-?(\\d{1,4})([A-Z]?)${END}`), roadInWords],
  [matching(`${START}n ?[°o] ?(?=\\d)`, 'giu'), () => ' numéro '],
  [matching(`(\\d[\\d,.]*) ?(${keysOf(MEASURES)})(?![\\p{L}\\p{N}'’])`), measureInWords],
  [matching(`${START}(st|ste)[.]?[ -](?=\\p{Lu})`, 'giu'), (_whole, name = '') => `${SHORT[name.toLowerCase()]}-`],
  [matching(`${START}M[.] ?(?=\\p{Lu})`), () => 'monsieur '],
  [matching(`${START}(${keysOf(SHORT)})[.](?= ?\\p{L})`, 'giu'), shortInWords],
  [matching(`${START}(bd|rte|mme|mlle)${END}`, 'giu'), shortInWords],
  [matching(`${START}(\\d{1,4})(?:ers?|ère|re|nde?|ème|es?)${END}`, 'giu'), ordinal],
  [matching(`${START}1(?= (?:${MONTHS.join('|')})${END})`, 'giu'), () => 'premier'],
  [/(?<=[\p{L}\d]) *\/ ?(?=\d)/gu, () => ' sur '],
  [/(?<=\d) ?[-–] ?(?=\d)/gu, () => ' à '],
  [/(?<![\p{L}\p{N}])[-−] ?(?=\d)/gu, () => ' moins '],
  [/\+ ?(?=\d)/gu, () => ' plus '],
  [/&/gu, () => ' et '],
];

function ordinal(whole: string, number = ''): string {
  const feminine = /(?:ère|re|nde)$/i.test(whole);
  return apart(ordinalInWords(Number(number), feminine ? 'feminine' : 'masculine'));
}

/** Spaces within a number are read before it: "20 000". */
const GROUPED = /(?<![\d,.])\d{1,3}(?: \d{3})+(?![\d,.]?\d)/gu;
const TELEPHONE = /(?<!\d)(?:\+33 ?|0)[1-9](?:[ .-]?\d{2}){4}(?!\d)/gu;
const NUMBER = /(\d+)(?:[,.](\d+))?/gu;

const pairs = (telephone: string): string =>
  `, ${(
    telephone
      .replace(/\+33 ?/, '0')
      .replace(/\D/g, '')
      .match(/\d\d/g) ?? []
  )
    .map(digitsInWords)
    .join(', ')}, `;

function numbersInWords(text: string): string {
  return text.replace(NUMBER, (...found) => {
    const [whole, digits = '', decimals] = found as [string, string, string | undefined];
    const after = text.slice((found.at(-2) as number) + whole.length);
    const gender: Gender = FEMININE.test(after) ? 'feminine' : 'masculine';
    const said = /^0\d|\d{10}/.test(digits) ? digitsInWords(digits) : inWords(Number(digits), gender);
    return apart(decimals ? `${said} virgule ${digitsInWords(decimals)}` : said);
  });
}

/** Signs become the pauses that they stand for, or nothing. */
function withoutSigns(text: string): string {
  return text
    .replace(/[’‘ʼ`´]/gu, "'")
    .replace(/ ?[:;()[\]{}·•|/\n]+ ?| [-–—]+ |[–—]/gu, ', ')
    .replace(/…|\.{2,}/gu, '.')
    .replace(/[^\p{L}\p{M}\p{N} .,'?!-]/gu, ' ')
    .replace(/(?<=(?<!\p{L})(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)') +(?=\p{L})/giu, '')
    .replace(/(?<!\p{L})['-]+|['-]+(?!\p{L})/gu, ' ')
    .replaceAll("'", '’')
    .replace(/ +/g, ' ')
    .replace(/ (?=[.,?!])/g, '')
    .replace(/[.,?!]*([.?!])[.,?!]*/g, '$1')
    .replace(/,+/g, ',')
    .replace(/([.,?!])(?=\p{L})/gu, '$1 ')
    .replace(/^[ .,?!]+|[ ,]+$/g, '');
}

/**
 * A French text as a synthetic voice reads it well: numbers, hours, roads and short forms in words, no sign but pauses.
 * Null where it holds an address, or letters and digits that nobody could say in French.
 */
export function inSpeech(text: string): string | null {
  // A host has a letter behind a full stop: looking for links takes longer than all the rest.
  if ((/\.\S/u.test(text) && linksIn(text).length > 0) || /https?:|www\.|\S@\S/iu.test(text)) return null;
  const plain = text
    .replace(/\p{RGI_Emoji}/gv, ' ')
    .replace(/²/gu, '2')
    .replace(/³/gu, '3')
    .replace(/…/gu, '.')
    .normalize('NFKC')
    .replace(/[\p{Zs}\t]/gu, ' ')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(TELEPHONE, pairs)
    .replace(GROUPED, (number) => number.replaceAll(' ', ''));
  const spelt = SAYINGS.reduce((given, [written, said]) => given.replace(written, said), plain);
  const said = withoutSigns(numbersInWords(spelt));
  if (/[\p{N}\p{M}]|(?!\p{Script=Latin})\p{L}/u.test(said)) return null;
  return /\p{L}/u.test(said) ? said : null;
}

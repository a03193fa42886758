import { straightCharacter } from '../../social/fitting/gsm.rules.ts';

/** The space that no line ends at. */
export const GLUE = '\u00a0';

const ACCENTED = new Set('ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸ');
const SPELT: readonly (readonly [RegExp, string])[] = [
  [/\p{RGI_Emoji}/gv, ''],
  [/«[ \u00a0\u202f]*|[ \u00a0\u202f]*»/gu, '"'],
  [/°(?=C)/gu, ''],
  [/œ/giu, 'OE'],
  [/æ/giu, 'AE'],
  [/ø/giu, 'O'],
  [/€/gu, ' EUR '],
  [/[\u00a0\u202f]| (?=[:;!?])/gu, GLUE],
];

/**
 * A text in the letters that panels have: capitals and signs of ASCII, with the accents of French where the panel has them.
 * Signs that it lacks are left out; null where that would be a letter or a digit.
 */
export function panelText(text: string, accents: boolean): string | null {
  const spelt = SPELT.reduce((given, [sign, letters]) => given.replace(sign, letters), text.normalize('NFC'));
  const shown = [...spelt].map((character) => panelCharacter(character, accents)).join('');
  if (/[\p{L}\p{N}]/u.test([...shown].filter((sign) => !isShown(sign)).join(''))) return null;
  return [...shown]
    .filter(isShown)
    .join('')
    .replace(/[ \u00a0]*\n[ \u00a0]*/g, '\n')
    .replace(/ *\u00a0[ \u00a0]*/g, GLUE)
    .replace(/ {2,}/g, ' ')
    .replace(/^[ \u00a0]+|[ \u00a0]+$/gm, '');
}

function panelCharacter(character: string, accents: boolean): string {
  if (character === GLUE || character === '\n') return character;
  const capital = character.toUpperCase();
  if (accents && ACCENTED.has(capital)) return capital;
  return straightCharacter(character).normalize('NFD').replace(/\p{M}/gu, '').toUpperCase();
}

const isShown = (sign: string): boolean =>
  /^[ -`|~]$/.test(sign) || sign === GLUE || sign === '\n' || ACCENTED.has(sign);

/** The one table of abbreviations: those that a driver or a passer-by reads without a thought, and that mean one word alone. */
const ABBREVIATIONS: Readonly<Record<string, string>> = {
  ALLEE: 'ALL.',
  AVENUE: 'AV.',
  BOULEVARD: 'BD',
  CHEMIN: 'CHEM.',
  CIRCULATION: 'CIRC.',
  COMMUNES: 'COM.',
  CONSOMMATION: 'CONSO.',
  DEPARTEMENT: 'DEPT',
  DEVIATION: 'DEV.',
  DIMANCHE: 'DIM.',
  DIRECTION: 'DIR.',
  ELECTRICITE: 'ELEC.',
  FERMETURE: 'FERM.',
  INFORMATION: 'INFO',
  JEUDI: 'JEU.',
  KILOMETRES: 'KM',
  LUNDI: 'LUN.',
  MARDI: 'MAR.',
  MERCREDI: 'MER.',
  NUMERO: 'NO',
  PREFECTURE: 'PREF.',
  ROUTE: 'RTE',
  SAINT: 'ST',
  SAINTE: 'STE',
  SAMEDI: 'SAM.',
  STATIONNEMENT: 'STAT.',
  TELEPHONE: 'TEL.',
  VENDREDI: 'VEN.',
  VIGILANCE: 'VIGIL.',
};

const bare = (word: string): string => word.normalize('NFD').replace(/\p{M}/gu, '');

/** A text of a panel with every word of the table cut short. */
export const abbreviated = (text: string): string =>
  text.replace(/\p{L}+/gu, (word) => ABBREVIATIONS[bare(word)] ?? word);

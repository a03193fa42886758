/**
 * The text of an SMS: GSM-7 (3GPP TS 23.038) where every letter allows it, else UCS-2, which costs more than twice as much.
 * French typography leaves GSM-7 for no good: `straighten` brings it back, so that 135 characters cost one SMS, not three.
 */
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Two septets each. */
const EXTENSION = new Set('\f^{}\\[~]|€');

const isGsm = (character: string): boolean => BASIC.has(character) || EXTENSION.has(character);

const STRAIGHT: Readonly<Record<string, string>> = {
  '’': "'",
  '‘': "'",
  '‚': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '…': '...',
  '–': '-',
  '—': '-',
  '‑': '-',
  '−': '-',
  '•': '-',
  '·': '-',
  '→': '->',
  '≥': '>=',
  '≤': '<=',
  '×': 'x',
  '°': 'o',
  œ: 'oe',
  Œ: 'OE',
  ç: 'c',
  '\t': ' ',
  '`': "'",
};

/** A character in the letters of GSM-7; a letter of another script stays, a sign that has no like there goes. */
export function straightCharacter(character: string): string {
  if (isGsm(character)) return character;
  const known = STRAIGHT[character];
  if (known !== undefined) return known;
  if (/\p{Zs}/u.test(character)) return ' ';
  const bare = character.normalize('NFKD').replace(/\p{M}/gu, '');
  if ([...bare].every(isGsm)) return bare;
  return /[\p{L}\p{N}\p{M}]/u.test(character) ? character : '';
}

/**
 * A text as it is sent by SMS: straight quotes, no emoji, no letter that GSM-7 lacks and French could do without. A text
 * in another script keeps its letters, and goes as UCS-2.
 */
export function straighten(given: string): string {
  const text = given.normalize('NFC');
  const quoted = text.replace(/«[ \u00a0\u202f]?|[ \u00a0\u202f]?»/g, '"').replace(/°(?=C)/g, '');
  const plain = [...quoted].map(straightCharacter).join('');
  const kept = [...plain].every(isGsm) ? plain : text.replace(/\p{RGI_Emoji}/gv, '');
  return kept.replace(/ {2,}/g, ' ').replace(/^ | $/gm, '');
}

export interface SmsParts {
  /** Septets, or units of UCS-2; the unit lost at the end of a part that a pair did not fit into counts. */
  length: number;
  limit: number;
  segments: number;
}

const [GSM_PARTS, UCS_PARTS] = [2, 4];

/** The parts of an SMS. An escaped septet pair or a surrogate pair is never split between two parts. */
export function smsParts(text: string): SmsParts {
  const characters = [...text];
  const gsm = characters.every(isGsm);
  const sizes = characters.map((character) => (gsm ? (EXTENSION.has(character) ? 2 : 1) : character.length));
  const [single, part, parts] = gsm ? [160, 153, GSM_PARTS] : [70, 67, UCS_PARTS];
  const whole = sizes.reduce((sum, size) => sum + size, 0);
  const limit = part * parts;
  if (whole <= single) return { length: whole, limit, segments: text === '' ? 0 : 1 };
  let units = 0;
  for (const size of sizes) {
    const left = part - (units % part);
    units += size > left ? left + size : size;
  }
  return { length: units, limit, segments: Math.ceil(units / part) };
}

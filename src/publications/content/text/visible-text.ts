/** Letters and marks of scripts in which a joiner decides how a word is written: Persian, Hindi, Sinhala and many more. */
const JOINED = String.raw`[[\p{L}\p{M}]--[\p{scx=Latn}\p{scx=Grek}\p{scx=Cyrl}\p{scx=Armn}\p{scx=Geor}\p{scx=Hani}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{Default_Ignorable_Code_Point}\u0300-\u036F]]`;
/** Scripts that put no space between words: there U+200B says where a line may break. */
const UNSPACED = String.raw`[\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}]`;
const VARIED = String.raw`[\p{S}\p{Extended_Pictographic}\p{scx=Hani}\p{scx=Mymr}\p{scx=Phag}\p{scx=Egyp}]`;
const HANGUL = String.raw`[\p{scx=Hang}--\p{Default_Ignorable_Code_Point}]`;

/** Where an invisible sign is needed: by the script around it, by an emoji, or by words from right to left. */
const NEEDED = [
  String.raw`(?<=${JOINED})[\u200C\u200D]|[\u200C\u200D](?=${JOINED})`,
  String.raw`(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F])\u200D(?=\p{Extended_Pictographic})`,
  String.raw`(?<=${VARIED})[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]|(?<=[\d#*])\uFE0F(?=\u20E3)`,
  String.raw`(?<=\u{1F3F4}[\u{E0020}-\u{E007E}]*)[\u{E0020}-\u{E007F}]`,
  String.raw`(?<=\p{scx=Mong})[\u180B-\u180F]|(?<=\p{scx=Khmr})[\u17B4\u17B5]`,
  String.raw`(?<=${UNSPACED})\u200B(?=${UNSPACED})`,
  String.raw`(?<=\p{M})\u034F(?=\p{M})`,
  String.raw`(?<=${HANGUL})[\u115F\u1160]|[\u115F\u1160](?=${HANGUL})`,
];
const DIRECTIONS = String.raw`[\u202A-\u202E\u2066-\u2069]`;
const MARKS = String.raw`[\u200E\u200F\u061C]`;
const invisible = (kept: readonly string[]) =>
  new RegExp(`(${kept.join('|')})|\\p{Default_Ignorable_Code_Point}`, 'gv');
const SIGNS = invisible([...NEEDED, DIRECTIONS]);
const SIGNS_BESIDE_RIGHT_TO_LEFT = invisible([...NEEDED, DIRECTIONS, MARKS]);
const RIGHT_TO_LEFT =
  /[\p{scx=Arab}\p{scx=Hebr}\p{scx=Syrc}\p{scx=Thaa}\p{scx=Nkoo}\p{scx=Adlm}\p{scx=Rohg}\p{scx=Mand}]/v;

/** Signs that look like a space and are none. A pattern of Braille has its own. */
const FILLERS = /[\u3164\uFFA0]|(?<![\u2801-\u28FF])\u2800(?![\u2801-\u28FF])/gu;

/** A text without the signs that no text needs, such as soft hyphens; those stay that a script or an emoji needs. */
export const withoutNeedlessSigns = (text: string): string =>
  text.replace(FILLERS, ' ').replace(RIGHT_TO_LEFT.test(text) ? SIGNS_BESIDE_RIGHT_TO_LEFT : SIGNS, '$1');

/** A sign that is drawn. U+1D159, U+13441 and U+13442 are blanks among the letters. */
const VISIBLE = /[[\p{L}\p{N}\p{P}\p{S}]--[\p{Default_Ignorable_Code_Point}\u2800\uFFFC\u{1D159}\u{13441}\u{13442}]]/v;

/** Whether a reader sees anything of a text. */
export const isVisible = (text: string | null | undefined): text is string => VISIBLE.test(text ?? '');

const POP_EMBEDDING = '\u202C';
const POP_ISOLATE = '\u2069';
const opensIsolate = (sign: string): boolean => sign >= '\u2066' && sign <= '\u2068';

/**
 * A text in which every direction that a line opens ends with it, and none ends that was not opened: words behind the
 * text, on a page or in a post, keep their own. The overrides U+202D and U+202E are refused elsewhere.
 */
export const withClosedDirections = (text: string): string => text.split('\n').map(closedLine).join('\n');

function closedLine(line: string): string {
  const open: string[] = [];
  const closing = () => (opensIsolate(open.pop() ?? '') ? POP_ISOLATE : POP_EMBEDDING);
  const closed = line.replace(/[\u202A-\u202E\u2066-\u2069]/g, (sign) => {
    if (sign === POP_EMBEDDING) return open.length > 0 && !opensIsolate(open.at(-1) ?? '') ? closing() : '';
    if (sign !== POP_ISOLATE) {
      open.push(sign);
      return sign;
    }
    const isolate = open.findLastIndex(opensIsolate);
    let ends = '';
    while (isolate >= 0 && open.length > isolate) ends += closing();
    return ends;
  });
  let ends = '';
  while (open.length > 0) ends += closing();
  return closed + ends;
}

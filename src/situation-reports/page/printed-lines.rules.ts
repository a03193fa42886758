/**
 * How many lines a text takes on the printed page. Nobody knows the fonts of the reader's machine, so that each character counts as
 * wide as in the widest of the usual ones (DejaVu Sans, Verdana), in hundredths of an em. The browser may find more places to
 * break a line, which makes no more lines of it.
 */
const NARROW = 42;
const LETTER = 66;
const CAPITAL = 86;
const WIDE = 110;
const FOREIGN = 130;
/** Of ligatures and signs that are as long as words. */
const UNKNOWN = 300;

const ZERO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}]/u;
const THIN = /[ijltfr'’‘.,:;!|()[\]{}/\\\- \u00a0\u202f\u2009]/u;
const BROAD = /[mwMWŒœÆæ@%—…&]/u;
const SMALL = /(?=\p{Ll})\p{Script=Latin}|[0-9«»“”"–°?*_€]/u;
const LARGE = /\p{Script=Latin}|[!-~¡-ÿ]/u;
const OTHERS =
  /[\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Extended_Pictographic}\u2000-\u206f\u20a0-\u2bff\u3000-\u303f\uff00-\uffef]/u;

function widthOf(character: string): number {
  if (ZERO_WIDTH.test(character)) return 0;
  if (THIN.test(character)) return NARROW;
  if (BROAD.test(character)) return WIDE;
  if (SMALL.test(character)) return LETTER;
  if (LARGE.test(character)) return CAPITAL;
  return OTHERS.test(character) ? FOREIGN : UNKNOWN;
}

const widthOfText = (text: string): number => [...text].reduce((total, character) => total + widthOf(character), 0);

/** How many lines of so many em a text takes. Its own line feeds begin lines; what is longer than a line is broken. */
export const printedLines = (text: string, em: number): number =>
  text.split('\n').reduce((total, paragraph) => total + linesOfParagraph(paragraph, em * 100), 0);

/** Browsers break no line at a space before a closing sign, or behind an opening one. */
const GLUED = /[ \t]+(?=[!?:;,.)\]}»/])|(?<=[([{«])[ \t]+/g;

function linesOfParagraph(paragraph: string, room: number): number {
  let lines = 1;
  let at = 0;
  for (const word of paragraph.replace(GLUED, '\u00a0').match(/[^ \t]+/g) ?? []) {
    const width = widthOfText(word);
    const gap = at === 0 ? 0 : NARROW;
    if (at + gap + width <= room) {
      at += gap + width;
      continue;
    }
    if (at > 0) lines += 1;
    at = 0;
    for (const character of word) {
      const more = widthOf(character);
      if (at + more > room) {
        lines += 1;
        at = 0;
      }
      at += more;
    }
  }
  return lines;
}

/** The beginning of a text that takes so many lines at most, with a mark where it was cut. */
export function cutToLines(text: string, lines: number, em: number): string {
  if (printedLines(text, em) <= lines) return text;
  const characters = [...text];
  let [fits, all] = [0, characters.length];
  const cut = (length: number) => `${characters.slice(0, length).join('').trimEnd()}…`;
  while (fits + 1 < all) {
    const middle = Math.floor((fits + all) / 2);
    if (printedLines(cut(middle), em) <= lines) fits = middle;
    else all = middle;
  }
  return cut(fits);
}

/** As many of the names as so many lines hold behind a beginning: `Arpajon, Brunoy et 7 autres`. */
export function listWithin(beginning: string, names: readonly string[], lines: number, em: number): string {
  const said = (count: number): string => {
    const left = names.length - count;
    const shown = names.slice(0, count).join(', ');
    if (left === 0) return beginning + shown;
    return `${beginning}${shown}${count === 0 ? '' : ' '}et ${left} ${left === 1 ? 'autre' : 'autres'}`;
  };
  for (let count = names.length; count > 0; count -= 1) if (printedLines(said(count), em) <= lines) return said(count);
  return said(0);
}

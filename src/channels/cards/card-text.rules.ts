import { ended } from '../social/fitting/fit.rules.ts';

/** How wide a text is at a size of one pixel, by weight. */
export type Width = (text: string, bold: boolean) => number;

export interface SetText {
  lines: string[];
  size: number;
  bold: boolean;
}

/** Lines are this many times the size of their letters apart. */
export const LEADING = 1.16;
export const heightOf = ({ lines, size }: SetText): number => Math.ceil(lines.length * size * LEADING);

interface TextBox {
  width: number;
  height: number;
  /** Sizes in pixels, the largest and the smallest that may be. */
  largest: number;
  smallest: number;
  bold: boolean;
}

/** The first of several forms that has room, as large as may be; else the last, cut at a word to what has room. */
export function setForms(forms: readonly string[], box: TextBox, width: Width): SetText {
  for (const form of forms) {
    const block = setText(form, box, width);
    if (block) return block;
  }
  const size = box.smallest;
  const lines = wrap(forms.at(-1) ?? '', { ...box, size }, width);
  const most = Math.max(1, Math.floor(box.height / (size * LEADING)));
  const kept = lines.slice(0, most);
  if (lines.length > most) kept[most - 1] = ellipsis(kept[most - 1] ?? '', { ...box, size }, width);
  return { lines: kept, size, bold: box.bold };
}

function setText(text: string, box: TextBox, width: Width): SetText | undefined {
  for (let size = box.largest; size >= box.smallest; size -= 2) {
    // A word is broken only where it is too wide in the smallest letters.
    if (size - 2 >= box.smallest && hasTooWide(text, { ...box, size }, width)) continue;
    const block = { lines: wrap(text, { ...box, size }, width), size, bold: box.bold };
    if (heightOf(block) <= box.height) return block;
  }
  return undefined;
}

interface Line {
  width: number;
  size: number;
  bold: boolean;
}

/** Spaces that French never breaks: before high punctuation, inside quotes, between a number and its noun. */
const bound = (text: string): string => text.replace(/ (?=[:;!?»])|(?<=«) |(?<=\d) (?=\p{L})/gu, '\u00a0');

const hasTooWide = (text: string, line: Line, width: Width): boolean =>
  bound(text)
    .split(/[ \n\t]+/)
    .some((word) => width(word, line.bold) * line.size > line.width);

/** Breaks at spaces that may break; inside a word only where it alone is wider than the line. */
function wrap(text: string, line: Line, width: Width): string[] {
  const fits = (part: string) => width(part, line.bold) * line.size <= line.width;
  const lines: string[] = [];
  let current = '';
  for (const word of bound(text)
    .split(/[ \n\t]+/)
    .flatMap((one) => (fits(one) ? [one] : pieces(one, fits)))) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (current === '' || fits(longer)) current = longer;
    else {
      lines.push(current);
      current = word;
    }
  }
  return current === '' ? lines : [...lines, current];
}

function pieces(word: string, fits: (part: string) => boolean): string[] {
  const made: string[] = [];
  let current = '';
  for (const character of word) {
    if (current !== '' && !fits(current + character)) {
      made.push(current);
      current = '';
    }
    current += character;
  }
  return [...made, current];
}

function ellipsis(text: string, line: Line, width: Width): string {
  const words = text.split(/[ \u00a0]/);
  while (words.length > 1 && width(ended(words.join(' ')), line.bold) * line.size > line.width) words.pop();
  return ended(words.join(' '));
}

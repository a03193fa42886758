/**
 * Fits a post into what a network allows. A post is lines in reading order; each line has forms, the one that must not be
 * lost last. All begin at their last form; then, by rank, each takes the fullest form that the whole still has room for.
 */
export interface Line {
  /** Fullest first. The last one is kept in any case; '' where the line may be left out. */
  forms: readonly string[];
  /** The order in which lines get room: 0 before 1. */
  rank: number;
  /** Where the fullest form may be cut, rather than left out. */
  cut?: 'word' | 'sentence';
  /** How much a cut must keep to be worth reading, in characters. */
  least?: number;
}

export type Fits = (text: string) => boolean;

const ELLIPSIS = '…';
const join = (lines: readonly string[]): string => lines.filter((line) => line !== '').join('\n');

/** The text, or undefined where even the last forms do not fit. */
export function fitLines(lines: readonly Line[], fits: Fits): string | undefined {
  const chosen = lines.map(({ forms }) => forms.at(-1) ?? '');
  if (!fits(join(chosen))) return undefined;
  const order = lines.map((_, index) => index).sort((a, b) => (lines[a]?.rank ?? 0) - (lines[b]?.rank ?? 0));
  for (const index of order) {
    const line = lines[index];
    if (!line) continue;
    const allows = (form: string) => fits(join(chosen.with(index, form)));
    const [fullest = ''] = line.forms;
    chosen[index] =
      line.forms.slice(0, -1).find(allows) ??
      (line.cut === 'sentence' ? sentencesToFit(fullest, allows) : undefined) ??
      (line.cut === 'word' ? atLeast(line.least ?? 0, cutToFit(fullest, allows)) : undefined) ??
      line.forms.at(-1) ??
      '';
  }
  return join(chosen);
}

const atLeast = (least: number, cut: string | undefined) => (cut && cut.length >= least ? cut : undefined);

const sentences = new Intl.Segmenter('fr', { granularity: 'sentence' });

/** Where each sentence of a text ends. */
const endsOf = (text: string): number[] =>
  [...sentences.segment(text)].map(({ index, segment }) => index + segment.length);

/** The sentences of a text, without what is blank around them. */
export const sentencesOf = (text: string): string[] =>
  [...sentences.segment(text)].map(({ segment }) => segment.trim()).filter((sentence) => sentence !== '');

/** As many whole sentences of a text as fit; undefined where not one does. */
function sentencesToFit(text: string, fits: Fits): string | undefined {
  const ends = endsOf(text);
  const kept = ends.findLast((end) => fits(text.slice(0, end).trimEnd()));
  return kept === undefined ? undefined : text.slice(0, kept).trimEnd();
}

/** As many whole words of a text as fit, with an ellipsis; undefined where not one does. */
export function cutToFit(text: string, fits: Fits): string | undefined {
  const ends = [...text.matchAll(/\S+/gu)].map(({ index, 0: word }) => index + word.length);
  let [low, high] = [0, ends.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (fits(cutAt(text, ends[middle - 1] ?? 0))) low = middle;
    else high = middle - 1;
  }
  if (low === 0) return undefined;
  const cut = cutAt(text, ends[low - 1] ?? 0);
  return cut === ELLIPSIS ? undefined : cut;
}

const cutAt = (text: string, end: number): string => ended(text.slice(0, end));

/**
 * The beginning of a text with an ellipsis, which stands for the punctuation before it, for an opened bracket, and for a
 * word that only leads to the next: least of all may "ne" stand alone.
 */
export function ended(text: string): string {
  const kept = text
    .replace(/(?:\s+(?:[«“(—–-]|à|au|aux|de|des|du|d’|en|et|la|le|les|l’|n’|ne|ou|par|sur))+$/iu, '')
    .replace(/[\s,;:.!?…«“(—–-]+$/u, '');
  return `${kept}${/[»”)]$/u.test(kept) ? ' ' : ''}${ELLIPSIS}`;
}

/** A text of at most so many characters, cut at a word; at a grapheme where its first word alone is longer. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = cutToFit(text, (candidate) => candidate.length <= most);
  if (cut) return cut;
  let kept = '';
  for (const { segment } of new Intl.Segmenter('fr').segment(text)) {
    if (kept.length + segment.length + 1 > most) break;
    kept += segment;
  }
  return kept + ELLIPSIS;
}

/** Without the marks of direction that a cut would leave open over the link. */
export const steady = (text: string): string => text.replace(/[\u202a-\u202e\u2066-\u2069]/g, '').trim();

export const oneLine = (text: string): string => steady(text).replace(/\s*\n\s*/g, ' ');

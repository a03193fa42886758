import { type Link, linksIn, strayLinks } from './links.rules.ts';

/** How long a text is, as a network counts. */
export interface Count {
  length: number;
  /** The limit for a text in these letters, where it depends on them. */
  limit?: number;
  /** How many parts an SMS is sent and paid as. */
  segments?: number;
}

const URL_LENGTH = 23;
const EMOJI = /\p{RGI_Emoji}/gv;
const segmenter = new Intl.Segmenter('fr', { granularity: 'grapheme' });

/** Characters as readers see them. */
export const graphemes = (text: string): number => [...segmenter.segment(text)].length;
const bytes = (text: string): number => Buffer.byteLength(text);

/** Code points that X counts once (twitter-text, configuration 3); every other one counts twice. */
const LIGHT: readonly (readonly [number, number])[] = [
  [0x0000, 0x10ff],
  [0x2000, 0x200d],
  [0x2010, 0x201f],
  [0x2032, 0x2037],
];

function weight(text: string): number {
  let sum = 0;
  for (const character of text.replace(EMOJI, '\u{1F30A}')) {
    const code = character.codePointAt(0) ?? 0;
    sum += LIGHT.some(([from, to]) => code >= from && code <= to) ? 1 : 2;
  }
  return sum;
}

/** A text's measure where links weigh something of their own. */
function withLinks(text: string, links: readonly Link[], plain: (text: string) => number): number {
  let [sum, from] = [0, 0];
  for (const { start, end, isCertain } of links) {
    // Text that looks like a link by accident may be none to the network: count it as the longer of the two.
    const own = isCertain ? URL_LENGTH : Math.max(URL_LENGTH, plain(text.slice(start, end)));
    sum += plain(text.slice(from, start)) + own;
    from = end;
  }
  return sum + plain(text.slice(from));
}

/** X: weights of code points after NFC, 2 an emoji, 23 a link, whatever it says. */
export function xLength(given: string): number {
  const text = given.normalize('NFC');
  const links = linksIn(text);
  return withLinks(text, links, weight) + surplus(text, links);
}

/** Addresses that are glued together may be parted otherwise by X: each of them, and its characters on top, never too few. */
function surplus(text: string, links: readonly Link[]): number {
  let sum = 0;
  for (const { index, 0: run } of text.matchAll(/\S+/gu)) {
    const inside = links.filter(({ start, end }) => start >= index && start < end && end <= index + run.length);
    const strays = strayLinks(
      run,
      inside.map(({ start, end }) => text.slice(start, end)),
    );
    if (strays === null) continue;
    const unsure = inside.filter(({ isCertain }) => !isCertain).map(({ start, end }) => weight(text.slice(start, end)));
    sum += strays * URL_LENGTH + unsure.reduce((total, own) => total + own, 0);
  }
  return sum;
}

/** Mastodon: graphemes, 23 a link that says http. */
export const mastodonLength = (text: string): number =>
  withLinks(
    text,
    linksIn(text).filter(({ hasProtocol }) => hasProtocol),
    graphemes,
  );

/** Threads: characters, and emoji by their bytes in UTF-8. */
export const threadsLength = (text: string): number => text.replace(EMOJI, (emoji) => 'x'.repeat(bytes(emoji))).length;

/** UTF-16 units, for networks that do not say what a character is: no other reading exceeds them. */
export const utf16Units = (text: string): number => text.length;

/** A count whose limit is the network's own. */
export const counted =
  (length: (text: string) => number) =>
  (text: string): Count => ({ length: length(text) });

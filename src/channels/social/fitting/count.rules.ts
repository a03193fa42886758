import { smsParts } from './gsm.rules.ts';
import { type Link, linksIn } from './links.rules.ts';
import { NETWORK_RULES, type SocialNetwork } from './networks.ts';

/** How long a text is, as a network counts, and how long it may be. */
export interface Measure {
  length: number;
  limit: number;
  /** Whether every limit of the network is kept, bytes included. */
  fits: boolean;
  /** How many parts an SMS is sent and paid as; null for the others. */
  segments: number | null;
}

const URL_LENGTH = 23;
const EMOJI = /\p{RGI_Emoji}/gv;
const segmenter = new Intl.Segmenter('fr', { granularity: 'grapheme' });

const graphemes = (text: string): number => [...segmenter.segment(text)].length;
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
  for (const { start, end, hasProtocol } of links) {
    // What looks like a link by accident may not be one to the network: count it as the longer of the two.
    const own = hasProtocol ? URL_LENGTH : Math.max(URL_LENGTH, plain(text.slice(start, end)));
    sum += plain(text.slice(from, start)) + own;
    from = end;
  }
  return sum + plain(text.slice(from));
}

/** X: weights of code points after NFC, 2 an emoji, 23 a link, whatever it says. */
export function xLength(given: string): number {
  const text = given.normalize('NFC');
  return withLinks(text, linksIn(text), weight);
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

// Those that do not say what a character is are counted in UTF-16 units, which no other reading exceeds.
const COUNTS: Readonly<Record<Exclude<SocialNetwork, 'SMS'>, (text: string) => number>> = {
  X: xLength,
  MASTODON: mastodonLength,
  BLUESKY: graphemes,
  THREADS: threadsLength,
  FACEBOOK: (text) => text.length,
  INSTAGRAM: (text) => text.length,
  LINKEDIN: (text) => text.length,
  TELEGRAM: (text) => text.length,
};

/** Measures a text as a network does. */
export function measure(network: SocialNetwork, text: string): Measure {
  const rules = NETWORK_RULES[network];
  if (network === 'SMS') {
    const { units, limit, segments } = smsParts(text);
    return { length: units, limit, fits: units <= limit, segments };
  }
  const length = COUNTS[network](text);
  const fits = length <= rules.limit && (rules.bytes === undefined || bytes(text) <= rules.bytes);
  return { length, limit: rules.limit, fits, segments: null };
}

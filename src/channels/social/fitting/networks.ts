import { type Count, counted, graphemes, mastodonLength, threadsLength, utf16Units, xLength } from './count.rules.ts';
import { smsParts, straighten } from './gsm.rules.ts';

/** Everything that the hub knows of a network: posts, feeds, the public schema and webhooks read it here. */
export interface NetworkRow {
  /** Its name in the title of its feeds, after "pour". */
  title: string;
  /** What the public schema says of it. */
  description: string;
  /** The most that a text may measure, as `count` counts. */
  limit: number;
  count(text: string): Count;
  /** Where the network bounds the UTF-8 bytes as well. */
  bytes?: number;
  /** Rewrites a text in the letters that the network carries; left out where it carries all. */
  rewrite?(text: string): string;
  /** How many hashtags a post carries at most. */
  hashtags: number;
  /** How many communes a post names before it says how many more there are. */
  places: number;
  /** The shape of the picture; null where none is sent. */
  card: 'wide' | 'square' | null;
  /** The day on which somebody looked these up, and where. */
  checked: string;
  source: string;
}

/**
 * The networks that posts are made for: a new one is a row here. Networks change their limits: somebody who looks a row up
 * again moves its date. A row stays once posts on that network were acknowledged, because the desk still reads them.
 *
 * Instagram's links cannot be clicked, and Threads makes a topic of the first hashtag only. An SMS may cost two parts where
 * its letters are GSM-7's (2 × 153), four where they are not (4 × 67, see gsm.rules.ts): fewer could not hold link, place and
 * gravity.
 */
const ROWS = {
  X: {
    title: 'X',
    description: 'At most 280, by the weights of X; a link counts 23.',
    limit: 280,
    count: counted(xLength),
    hashtags: 2,
    places: 3,
    card: 'wide',
    checked: '2026-11-24',
    source: 'https://docs.x.com/fundamentals/counting-characters',
  },
  MASTODON: {
    title: 'Mastodon',
    description: 'At most 500 graphemes; a link counts 23.',
    limit: 500,
    count: counted(mastodonLength),
    hashtags: 2,
    places: 6,
    card: 'wide',
    checked: '2026-11-24',
    source: 'https://docs.joinmastodon.org/user/posting/',
  },
  BLUESKY: {
    title: 'Bluesky',
    description: 'At most 300 graphemes and 3,000 bytes.',
    limit: 300,
    count: counted(graphemes),
    bytes: 3_000,
    hashtags: 2,
    places: 3,
    card: 'wide',
    checked: '2026-11-24',
    source: 'https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/feed/post.json',
  },
  THREADS: {
    title: 'Threads',
    description: 'At most 500 characters; an emoji counts its bytes.',
    limit: 500,
    count: counted(threadsLength),
    hashtags: 1,
    places: 6,
    card: 'wide',
    checked: '2026-11-24',
    source: 'https://developers.facebook.com/docs/threads/overview',
  },
  FACEBOOK: {
    title: 'Facebook',
    description: 'At most 63,206 characters.',
    limit: 63_206,
    count: counted(utf16Units),
    hashtags: 2,
    places: 20,
    card: 'wide',
    checked: '2026-11-24',
    source: 'https://developers.facebook.com/docs/graph-api/reference/page/feed/',
  },
  INSTAGRAM: {
    title: 'Instagram',
    description: 'At most 2,200 characters, with a square picture; links cannot be clicked.',
    limit: 2_200,
    count: counted(utf16Units),
    hashtags: 2,
    places: 20,
    card: 'square',
    checked: '2026-11-24',
    source: 'https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media',
  },
  LINKEDIN: {
    title: 'LinkedIn',
    description: 'At most 3,000 characters.',
    limit: 3_000,
    count: counted(utf16Units),
    hashtags: 2,
    places: 20,
    card: 'wide',
    checked: '2026-11-24',
    source: 'https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api',
  },
  TELEGRAM: {
    title: 'Telegram',
    description: 'At most 4,096 characters.',
    limit: 4_096,
    count: counted(utf16Units),
    hashtags: 2,
    places: 20,
    card: 'wide',
    checked: '2026-11-24',
    source: 'https://core.telegram.org/bots/api#sendmessage',
  },
  SMS: {
    title: 'les SMS',
    description: 'At most two parts of GSM-7, or four of UCS-2.',
    limit: 306,
    count: smsParts,
    rewrite: straighten,
    hashtags: 0,
    places: 2,
    card: null,
    checked: '2026-11-24',
    source: 'https://www.etsi.org/deliver/etsi_ts/123000_123099/123038/ (GSM 03.38)',
  },
} satisfies Record<string, NetworkRow>;

export type SocialNetwork = keyof typeof ROWS;
export const NETWORK_ROWS: Readonly<Record<SocialNetwork, NetworkRow>> = ROWS;
export const NETWORKS = Object.keys(ROWS) as readonly SocialNetwork[];

/** A text's measure by a network's rules. */
export interface Measure {
  length: number;
  limit: number;
  /** Whether every limit of the network is kept, bytes included. */
  fits: boolean;
  /** How many parts an SMS is sent and paid as; null for the others. */
  segments: number | null;
}

/** Measures a text as a network does. */
export function measure(network: SocialNetwork, text: string): Measure {
  const row = NETWORK_ROWS[network];
  const { length, limit = row.limit, segments = null } = row.count(text);
  const fits = length <= limit && (row.bytes === undefined || Buffer.byteLength(text) <= row.bytes);
  return { length, limit, fits, segments };
}

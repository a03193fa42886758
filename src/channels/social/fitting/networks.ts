/** The networks that posts are made for, with what each allows. */
export const NETWORKS = [
  'X',
  'MASTODON',
  'BLUESKY',
  'THREADS',
  'FACEBOOK',
  'INSTAGRAM',
  'LINKEDIN',
  'TELEGRAM',
  'SMS',
] as const;
export type SocialNetwork = (typeof NETWORKS)[number];

export interface NetworkRules {
  /** The most that a text may measure, in the network's own unit (see count.rules.ts). */
  limit: number;
  /** Where the network bounds the UTF-8 bytes as well. */
  bytes?: number;
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
 * What each network allows. Networks change their minds: whoever looks a line up again moves its date. Instagram's links
 * cannot be clicked, and Threads makes a topic of the first hashtag only. An SMS may cost two parts where its letters are
 * GSM-7's (2 × 153), four where they are not (4 × 67, see gsm.rules.ts): never one that cannot hold link, place and gravity.
 */
export const NETWORK_RULES: Readonly<Record<SocialNetwork, NetworkRules>> = {
  X: {
    limit: 280,
    hashtags: 2,
    places: 3,
    card: 'wide',
    checked: '2026-11-24',
    source: 'https://docs.x.com/fundamentals/counting-characters',
  },
  MASTODON: {
    limit: 500,
    hashtags: 2,
    places: 6,
    card: 'wide',
    checked: '2026-11-24',
    source: 'https://docs.joinmastodon.org/user/posting/',
  },
  BLUESKY: {
    limit: 300,
    bytes: 3_000,
    hashtags: 2,
    places: 3,
    card: 'wide',
    checked: '2026-11-24',
    source: 'https://github.com/bluesky-social/atproto/blob/main/lexicons/app/bsky/feed/post.json',
  },
  THREADS: {
    limit: 500,
    hashtags: 1,
    places: 6,
    card: 'wide',
    checked: '2026-11-24',
    source: 'https://developers.facebook.com/docs/threads/overview',
  },
  FACEBOOK: {
    limit: 63_206,
    hashtags: 2,
    places: 20,
    card: 'wide',
    checked: '2026-11-24',
    source: 'https://developers.facebook.com/docs/graph-api/reference/page/feed/',
  },
  INSTAGRAM: {
    limit: 2_200,
    hashtags: 2,
    places: 20,
    card: 'square',
    checked: '2026-11-24',
    source: 'https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media',
  },
  LINKEDIN: {
    limit: 3_000,
    hashtags: 2,
    places: 20,
    card: 'wide',
    checked: '2026-11-24',
    source: 'https://learn.microsoft.com/en-us/linkedin/marketing/community-management/shares/posts-api',
  },
  TELEGRAM: {
    limit: 4_096,
    hashtags: 2,
    places: 20,
    card: 'wide',
    checked: '2026-11-24',
    source: 'https://core.telegram.org/bots/api#sendmessage',
  },
  SMS: {
    limit: 306,
    hashtags: 0,
    places: 2,
    card: null,
    checked: '2026-11-24',
    source: 'https://www.etsi.org/deliver/etsi_ts/123000_123099/123038/ (GSM 03.38)',
  },
};

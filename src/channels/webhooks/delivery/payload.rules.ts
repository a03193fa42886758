import type { MatchedChange } from '../../../board/filter/change-filter.rules.ts';
import { encodeCursor } from '../../../journal/cursor.rules.ts';
import type { Entry } from '../../../journal/entry.ts';
import { publicationFields } from '../../../publications/changed/changed-fields.rules.ts';
import type { TextContent } from '../../../publications/content/content.ts';
import { isOutdated } from '../../../publications/content/translations.rules.ts';
import { type PublicDocument, type PublicView, publicStateAt } from '../../../publications/document.ts';
import type { Departed } from '../../../publications/ending/departed.rules.ts';
import { endsAtOf } from '../../../publications/ending/ending.rules.ts';
import { kindOf } from '../../../publications/kinds.ts';
import { isMinor } from '../../../publications/news.rules.ts';
import type { Territory } from '../../../territory/territory.ts';
import type { SocialNetwork } from '../../social/fitting/networks.ts';
import { makePost, type Post } from '../../social/posts/post.rules.ts';

export interface PayloadSetting {
  territory: Territory;
  /** Base of permalinks, without a trailing slash. */
  publicUrl: string;
  epoch: string;
  networks: readonly SocialNetwork[];
  /** BCP 47, of the posts. */
  language: string;
  now: Date;
  /** How it left the webhook's place or gravity; absent where it did not. */
  departed?: Departed | undefined;
}

export const PING = 'webhook.ping';

/** The type of the event for an entry: `publication.published`, `publication.all_clear` … */
export const eventType = (entry: Entry): string => `publication.${entry.type.toLowerCase()}`;

/**
 * The body for one change: the API's `Change`, and the posts that the webhook asked for. State and posts are as of `now`, so
 * that a late message does not read as if nothing had happened since.
 */
export function changeBody(change: MatchedChange, setting: PayloadSetting): string {
  const { entry, match, ring } = change;
  const { position, document, at } = entry;
  const { epoch, publicUrl, networks, now } = setting;
  const state = publicStateAt(document, now.getTime());
  const data = {
    cursor: encodeCursor({ epoch, position }),
    position,
    change: entry.type,
    changedFields: publicationFields(entry.type, entry.changedFields),
    minor: isMinor(entry.type, document),
    match,
    ring,
    publication: { ...publicationBody(document, publicUrl), state },
    ...(networks.length > 0 ? { social: postsOf(change, state, setting) } : {}),
  };
  return JSON.stringify({ type: eventType(entry), timestamp: at, data });
}

/** The body of a ping. `at` is RFC 3339. */
export const pingBody = (webhook: string, at: string): string =>
  JSON.stringify({ type: PING, timestamp: at, data: { webhook } });

/**
 * A document as messages hold it: without its history and the id of its view, which the API answers, and with `outdated`
 * beside each translation.
 */
function publicationBody(document: PublicDocument, publicUrl: string): object {
  const kind = kindOf(document.kind);
  const { texts, allClear } = document;
  const {
    texts: _texts,
    history: _history,
    contentHash: _hash,
    position: _position,
    suffix: _suffix,
    ...rest
  }: Partial<PublicView> = kind.apiForm?.(document) ?? document;
  const frozen = Object.entries(kind.frozenInto?.(document) ?? {});
  return {
    url: `${publicUrl}/publications/${document.id}`,
    ...rest,
    ...Object.fromEntries(frozen.map(([field, list]) => [field, list.map((one) => publicationBody(one, publicUrl))])),
    endsAt: endsAtOf(document),
    announcedEndsAt: document.endsAt,
    translations: wordsOf(texts),
    allClear: allClear && { at: allClear.at, translations: wordsOf(allClear.texts) },
  };
}

const wordsOf = (texts: readonly TextContent[]) =>
  texts.map((text) => {
    const { sourceHash: _hash, ...words } = text;
    return { ...words, outdated: isOutdated(text, texts) };
  });

function postsOf(
  { entry: { type, document }, match }: MatchedChange,
  state: Parameters<typeof makePost>[2]['state'],
  { territory, publicUrl, networks, language, departed }: PayloadSetting,
): Record<string, Omit<Post, 'network' | 'document'> | null> {
  // A publication that ran out by the clock, or had a typo mended, is no news to post; and a message may come late.
  const isOver = match === 'LEFT' ? !departed : state === 'ENDED' && !document.allClear;
  const isNoNews = isOver || isMinor(type, document);
  const made = networks.map((network) => {
    if (isNoNews) return [network, null] as const;
    try {
      const {
        network: _network,
        document: _document,
        ...post
      } = makePost(document, network, {
        territory,
        publicUrl,
        state,
        language,
        departed,
      });
      return [network, post] as const;
    } catch (error) {
      // The hub's address leaves no room on that network; the message goes out all the same.
      if (error instanceof RangeError) return [network, null] as const;
      throw error;
    }
  });
  return Object.fromEntries(made);
}

import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../../../access/actor.ts';
import { demand } from '../../../access/permissions.rules.ts';
import { parisTime } from '../../../clock.ts';
import { sqlIn } from '../../../database/sql-in.ts';
import { JournalEntry } from '../../../journal/entry.entity.ts';
import { present } from '../../../office/present.rules.ts';
import type { PublicDocument } from '../../../publications/document.ts';
import { happenedTo, type NewsPhase, phaseNamed } from '../../../publications/news.rules.ts';
import { Publication } from '../../../publications/publication.entity.ts';
import type { SocialNetwork } from '../fitting/networks.ts';
import { SocialPostRecord } from './social-post.entity.ts';

/** A post that stands on a network, as the desk reads it. */
export interface SentPost {
  publicationId: string;
  network: SocialNetwork;
  revision: number;
  phase: NewsPhase;
  url: string;
  at: string;
  by: { id: string; name: string };
  /** Whether the post differs from what is public now. */
  outdated: boolean;
}

/** A thread's newest news. */
export interface LatestNews {
  revision: number;
  happened: string;
}

const newsOf = (document: PublicDocument): LatestNews => ({
  revision: document.revision,
  happened: happenedTo(document),
});

/** The newest news of a publication; null where there is no such publication. */
export async function latestNews(em: EntityManager, id: string): Promise<LatestNews | null> {
  const publication = await em.findOne(Publication, { id }, { refresh: true });
  if (!publication) return null;
  const entry = await em.findOneOrFail(JournalEntry, { id: publication.latestEntryId });
  return newsOf(entry.document as PublicDocument);
}

/** Where the posts about a document stand, the newest first. The caller has checked the actor's permission. */
export async function postsAbout(em: EntityManager, document: PublicDocument): Promise<SentPost[]> {
  const now = newsOf(document);
  const rows = await em.find(
    SocialPostRecord,
    { publication: document.id },
    { orderBy: { at: 'desc', id: 'desc' }, populate: ['by'], refresh: true },
  );
  // A post that was edited holds the revision that was acknowledged last.
  const newest = rows.filter(
    ({ network, url }, index) => rows.findIndex((row) => row.network === network && row.url === url) === index,
  );
  return newest.map(({ network, revision, happened, url, at, by }) => ({
    publicationId: document.id,
    network,
    revision,
    phase: phaseNamed(happened),
    url,
    at: parisTime(at),
    by: { id: by.id, name: by.name },
    outdated: revision !== now.revision || happened !== now.happened,
  }));
}

/** The post at an address, which exists. The caller has checked the actor's permission. */
export async function sentPost(
  em: EntityManager,
  { id, network, url }: { id: string; network: SocialNetwork; url: string },
): Promise<SentPost> {
  const publication = await em.findOneOrFail(Publication, { id }, { refresh: true });
  const entry = await em.findOneOrFail(JournalEntry, { id: publication.latestEntryId });
  const posts = await postsAbout(em, entry.document as PublicDocument);
  return present(
    posts.find((post) => post.network === network && post.url === url),
    'post',
    url,
  );
}

/** The networks whose newest post is outdated, from a document's posts, newest first. */
export const behindIn = (posts: readonly SentPost[]): SocialNetwork[] => [
  ...new Set(
    posts
      .filter(({ network }, index) => posts.findIndex((post) => post.network === network) === index)
      .filter(({ outdated }) => outdated)
      .map(({ network }) => network),
  ),
];

const DAYS_30 = 30 * 24 * 3600_000;
const MOST_THREADS = 200;

/**
 * The outdated posts: of each thread and network the newest post, where it differs from what is public, newest first; of
 * the last 30 days. For staff and schedulers.
 */
export async function outdatedPosts(em: EntityManager, actor: Actor | null, now: Date): Promise<SentPost[]> {
  demand(actor, 'readSentPosts');
  const threads = await sqlIn(em)<{ id: string }>(
    `select publication_id as id from social_post where at > ? group by 1 order by max(at) desc limit ${MOST_THREADS}`,
    [new Date(now.getTime() - DAYS_30).toISOString()],
  );
  const ids = threads.map(({ id }) => id);
  const publications = await em.find(Publication, { id: { $in: ids } }, { refresh: true });
  const entries = await em.find(JournalEntry, { id: { $in: publications.map(({ latestEntryId }) => latestEntryId) } });
  const posts = await Promise.all(entries.map(({ document }) => postsAbout(em.fork(), document as PublicDocument)));
  return posts
    .flatMap((about) => {
      const behind = new Set(behindIn(about));
      return about.filter(({ network }, index) => behind.has(network) && isNewest(about, network, index));
    })
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

const isNewest = (posts: readonly SentPost[], network: SocialNetwork, index: number): boolean =>
  posts.findIndex((post) => post.network === network) === index;

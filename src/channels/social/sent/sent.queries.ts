import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import { personInJson } from '../../../access/account.queries.ts';
import type { Actor } from '../../../access/actor.ts';
import { demand } from '../../../access/permissions.rules.ts';
import { instant, parisTime } from '../../../clock.ts';
import { sqlIn } from '../../../database/sql-in.ts';
import { JournalEntry } from '../../../journal/entry.entity.ts';
import { present } from '../../../office/present.rules.ts';
import { ID_PART, Keyset, MILLISECONDS_PART, TEXT_PART } from '../../../paging/keyset.rules.ts';
import { demandFirst, type Page, type PageRequest, pageFrom } from '../../../paging/page.rules.ts';
import type { PublicDocument } from '../../../publications/document.ts';
import { isDepartedWord } from '../../../publications/ending/departed.rules.ts';
import { happenedTo, newsRevisionOf, phaseNamed } from '../../../publications/news.rules.ts';
import { Publication } from '../../../publications/publication.entity.ts';
import type { NewsPhase } from '../../../publications/vocabulary.ts';
import type { SocialNetwork } from '../fitting/networks.ts';

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
  /** The revision that is public. */
  revision: number;
  /** The newest one that was news: minor revisions after it make no post outdated. */
  newsRevision: number;
  happened: string;
}

const newsOf = (document: PublicDocument): LatestNews => ({
  revision: document.revision,
  newsRevision: newsRevisionOf(document),
  happened: happenedTo(document),
});

/** The newest news of a publication; null where there is no such publication. */
export async function latestNews(em: EntityManager, id: string): Promise<LatestNews | null> {
  const publication = await em.findOne(Publication, { id }, { refresh: true });
  if (!publication) return null;
  const entry = await em.findOneOrFail(JournalEntry, { id: publication.latestEntryId });
  return newsOf(entry.document as PublicDocument);
}

interface Row extends Pick<SentPost, 'network' | 'revision' | 'url' | 'at' | 'by'> {
  publication: string;
  happened: string;
}

/** Where the posts about documents stand, newest first, in the order of the documents. The caller has checked the actor's permission. */
export async function postsAbout(em: EntityManager, documents: readonly PublicDocument[]): Promise<SentPost[][]> {
  const rows = await sqlIn(em)<Row>(
    // A post that was edited holds the revision that was acknowledged last.
    `select * from (
       select distinct on (s.publication_id, s.network, s.url) s.id, s.publication_id as publication, s.network,
         s.revision, s.happened, s.url, s.at, ${personInJson('a')} as by
       from social_post s join account a on a.id = s.by_id where s.publication_id in (?)
       order by s.publication_id, s.network, s.url, s.at desc, s.id desc) newest
     order by at desc, id desc`,
    [documents.map(({ id }) => id)],
  );
  const byPublication = Map.groupBy(rows, ({ publication }) => publication);
  return documents.map((document) => {
    const now = newsOf(document);
    return (byPublication.get(document.id) ?? []).map((row) => sentPostOf(row, now));
  });
}

const sentPostOf = ({ publication, network, revision, happened, url, at, by }: Row, now: LatestNews): SentPost => ({
  publicationId: publication,
  network,
  revision,
  phase: phaseNamed(happened),
  url,
  at: parisTime(new Date(at)),
  by,
  // That a place was left stays true of that revision: where it comes back, that is a post of its own.
  outdated: !isDepartedWord(happened) && (revision < now.newsRevision || happened !== now.happened),
});

/** The post at an address, which exists. The caller has checked the actor's permission. */
export async function sentPost(
  em: EntityManager,
  { id, network, url }: { id: string; network: SocialNetwork; url: string },
): Promise<SentPost> {
  const publication = await em.findOneOrFail(Publication, { id }, { refresh: true });
  const entry = await em.findOneOrFail(JournalEntry, { id: publication.latestEntryId });
  const [posts] = await postsAbout(em, [entry.document as PublicDocument]);
  return present(
    posts?.find((post) => post.network === network && post.url === url),
    'post',
    url,
  );
}

/** Of a document's posts, newest first, the newest of each network, where it is outdated. */
export const newestOutdated = (posts: readonly SentPost[]): SentPost[] =>
  posts.filter(
    ({ network, outdated }, index) => outdated && posts.findIndex((post) => post.network === network) === index,
  );

const DAYS_30 = 30 * 24 * 3600_000;
const MOST_THREADS = 200;

const NEWEST = new Keyset<[at: number, id: string, network: string]>(z.tuple([MILLISECONDS_PART, ID_PART, TEXT_PART]));

const keyOf = ({ at, publicationId, network }: SentPost): [at: number, id: string, network: string] => [
  instant(at),
  publicationId,
  network,
];

/** Negative where the first key comes before the second one: the newest first. */
function byKey(one: readonly (string | number)[], other: readonly (string | number)[]): number {
  const index = one.findIndex((part, at) => part !== other[at]);
  const [a, b] = [one[index] ?? 0, other[index] ?? 0];
  return a < b ? 1 : a > b ? -1 : 0;
}

/** A page of `outdatedPosts`. INVALID_INPUT for a page size or a cursor that cannot be. */
export async function outdatedPostsPage(
  em: EntityManager,
  actor: Actor | null,
  { first, after }: PageRequest,
  now: Date,
): Promise<Page<SentPost>> {
  demand(actor, 'readSentPosts');
  demandFirst(first);
  const seen = NEWEST.keyOf(after);
  const posts = await outdatedPosts(em, now);
  const from = seen ? posts.findIndex((post) => byKey(seen, keyOf(post)) < 0) : 0;
  return pageFrom(
    posts,
    from,
    first,
    (post) => post,
    (post) => NEWEST.cursorOf(keyOf(post)),
  );
}

/**
 * The outdated posts: of each thread and network the newest post, where it differs from what is public, newest first; of
 * the last 30 days.
 */
async function outdatedPosts(em: EntityManager, now: Date): Promise<SentPost[]> {
  const threads = await sqlIn(em)<{ id: string }>(
    `select publication_id as id from social_post where at > ? group by 1 order by max(at) desc limit ${MOST_THREADS}`,
    [new Date(now.getTime() - DAYS_30).toISOString()],
  );
  if (threads.length === 0) return [];
  const documents = await latestDocuments(
    em,
    threads.map(({ id }) => id),
  );
  const posts = await postsAbout(em, documents);
  return posts.flatMap(newestOutdated).sort((a, b) => byKey(keyOf(a), keyOf(b)));
}

async function latestDocuments(em: EntityManager, ids: readonly string[]): Promise<PublicDocument[]> {
  const rows = await sqlIn(em)<{ document: PublicDocument }>(
    `select e.document from publication p join journal_entry e on e.id = p.latest_entry_id
     where p.id in (?)`,
    [ids],
  );
  return rows.map(({ document }) => document);
}

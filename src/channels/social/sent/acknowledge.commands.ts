import { v7 as uuid } from 'uuid';
import { demand } from '../../../access/permissions.rules.ts';
import { HubError, invalidInput, readInput } from '../../../errors.ts';
import { accountOf, type UnitOfWork } from '../../../office/unit-of-work.ts';
import { webAddress } from '../../../publications/content/text/plain-text.ts';
import { readPermalink } from '../../../publications/permalink.rules.ts';
import { Publication } from '../../../publications/publication.entity.ts';
import type { SocialNetwork } from '../fitting/networks.ts';
import { latestNews } from './sent.queries.ts';
import { SocialPostRecord } from './social-post.entity.ts';

export interface Acknowledgement {
  network: SocialNetwork;
  /** The permalink that the post holds: `SocialPost.url`. */
  post: string;
  /** Where the post stands. */
  url: string;
}

/**
 * Records where a post stands. The same again changes nothing; another revision at the same address is a post that was
 * edited. INVALID_INPUT for a permalink that never was public, NOT_FOUND for an unknown publication. Answers the
 * publication's id.
 */
export async function acknowledgePost(
  work: UnitOfWork,
  { network, post, url }: Acknowledgement,
): Promise<{ id: string }> {
  const { em, actor, clock } = work;
  demand(actor, 'acknowledgePost');
  const read = readPermalink(post);
  if (!read) throw invalidInput([{ path: 'post', message: 'must be the url of a SocialPost, as it was sent' }]);
  const address = readInput(webAddress, url, 'url');
  const { publication, revision, happened } = read;
  const latest = await latestNews(em, publication);
  if (!latest) throw new HubError('NOT_FOUND', `there is no publication ${publication}`);
  if (revision > latest.revision || (isLast(happened) && happened !== latest.happened))
    throw invalidInput([{ path: 'post', message: 'must tell what was public: this was never told' }]);
  const record = { publication, network, revision, happened, url: address };
  if ((await em.count(SocialPostRecord, record)) === 0)
    em.create(SocialPostRecord, {
      ...record,
      id: uuid(),
      publication: em.getReference(Publication, publication),
      at: clock.now(),
      by: accountOf(work, actor),
    });
  await em.flush();
  return { id: publication };
}

/** Whether this event ends a thread: no news follows it. */
const isLast = (happened: string): boolean => happened === 'cancelled' || happened === 'all-clear';

import type { EntityManager } from '@mikro-orm/postgresql';
import { HubError } from '../../errors.ts';
import { publicStateAt } from '../../publications/document.ts';
import { Publication } from '../../publications/publication.entity.ts';
import { Dossier } from '../dossier/dossier.entity.ts';
import { lockDossier, type PublishingWork, touch } from '../dossier/editorial-work.ts';
import { announce } from '../publishing/announce.commands.ts';
import { inThread, lockThread } from '../publishing/public-thread.queries.ts';
import { publishScheduled } from '../publishing/publish.commands.ts';
import { SignaturesMissing } from '../signatures/needs.rules.ts';

const BATCH = 100;

/** One thing whose time has come. */
export interface Due {
  what: 'STARTED' | 'ENDED' | 'SCHEDULED';
  id: string;
}

/** What is due at a moment, oldest first, at most a hundred of each. */
export async function whatIsDue(em: EntityManager, now: Date): Promise<Due[]> {
  const options = { limit: BATCH, fields: ['id'] as const };
  const started = await em.find(
    Publication,
    { announced: 'UPCOMING', startsAt: { $lte: now }, $or: [{ endsAt: null }, { endsAt: { $gt: now } }] },
    { ...options, orderBy: { startsAt: 'asc' } },
  );
  const ended = await em.find(
    Publication,
    { announced: { $in: ['UPCOMING', 'IN_FORCE'] }, endsAt: { $lte: now } },
    { ...options, orderBy: { endsAt: 'asc' } },
  );
  const scheduled = await em.find(
    Dossier,
    { stage: 'SCHEDULED', publishAt: { $lte: now } },
    { ...options, orderBy: { publishAt: 'asc' } },
  );
  return [
    ...started.map(({ id }) => ({ what: 'STARTED' as const, id })),
    ...ended.map(({ id }) => ({ what: 'ENDED' as const, id })),
    ...scheduled.map(({ id }) => ({ what: 'SCHEDULED' as const, id })),
  ];
}

/**
 * An end that was announced is never taken back. So it is announced only where two looks, a turn apart, find it due: a clock
 * that leaps and comes back ends nothing.
 */
export class SecondLook {
  #before: ReadonlySet<string> = new Set();

  /** What may be done now, of what is due at this look. */
  confirmed(due: readonly Due[]): Due[] {
    const before = this.#before;
    this.#before = new Set(due.filter(({ what }) => what === 'ENDED').map(({ id }) => id));
    return due.filter(({ what, id }) => what !== 'ENDED' || before.has(id));
  }
}

/** A publication that is late by so much is published by any hub: the one that keeps time may have stopped. */
const OVERDUE_MS = 5_000;

/** Publications that should have happened a while ago, oldest first, at most a hundred. */
export async function whatIsOverdue(em: EntityManager, now: Date): Promise<Due[]> {
  const scheduled = await em.find(
    Dossier,
    { stage: 'SCHEDULED', publishAt: { $lte: new Date(now.getTime() - OVERDUE_MS) } },
    { limit: BATCH, fields: ['id'] as const, orderBy: { publishAt: 'asc' } },
  );
  return scheduled.map(({ id }) => ({ what: 'SCHEDULED' as const, id }));
}

/** Does one due thing inside the caller's transaction, unless it has been done or undone meanwhile. */
export async function keepTime(work: PublishingWork, due: Due): Promise<void> {
  if (due.what === 'SCHEDULED') return publishOrSendBack(work, due.id);
  const thread = await lockThread(work.em, due.id);
  if (!thread || thread.closed) return;
  const { document, announced } = thread;
  const state = publicStateAt(document, work.clock.now().getTime());
  if (state === announced || (due.what === 'STARTED' && state !== 'IN_FORCE')) return;
  await announce(inThread(work, thread), {
    type: due.what,
    document,
    changedFields: ['state'],
    ring: due.what === 'STARTED',
  });
}

/**
 * The hub sends back to its editors what can no longer be published as it stands, rather than trying for ever; where a signature alone is
 * missing, nothing has to be written anew, and it waits for that.
 */
async function publishOrSendBack(work: PublishingWork, id: string): Promise<void> {
  try {
    await publishScheduled(work, id);
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    const dossier = await lockDossier(work.em, id);
    dossier.stage = error instanceof SignaturesMissing ? 'APPROVED' : 'CHANGES_REQUESTED';
    dossier.publishAt = null;
    touch(dossier, work.clock.now());
    await work.em.flush();
  }
}

import { openSession, START_MS } from '../database/session.ts';
import type { OpenJournal } from './open-journal.ts';
import type { EmptyHub, Start } from './options.ts';

/** Of several hubs that start on one empty database, one fills it; the others wait, and find it filled. */
const FILL_LOCK = `hashtext('tocsin fill')`;

/** Fills a database whose journal is empty, where the options say how. */
export async function fillEmpty(
  { options, clock }: Start,
  { reads }: OpenJournal,
  desk: Pick<EmptyHub, 'office' | 'accountOf'>,
): Promise<void> {
  const { tail } = reads.journal;
  if (!options.fillEmpty || tail.head.position > 0) return;
  const session = await openSession({ url: options.databaseUrl, name: 'tocsin fill', waitMs: START_MS });
  try {
    await session.query(`select pg_advisory_lock(${FILL_LOCK})`);
    await tail.refresh();
    if (tail.head.position === 0) await options.fillEmpty({ ...desk, now: clock.now() });
  } finally {
    await session.end();
  }
}

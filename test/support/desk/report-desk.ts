import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import { afterAll } from 'vitest';
import { Account } from '../../../src/access/account.entity.ts';
import type { Actor, Role } from '../../../src/access/actor.ts';
import { SetClock } from '../../../src/clock.ts';
import { openDatabase } from '../../../src/database/connection.ts';
import { entities } from '../../../src/entities.ts';
import type { ReportWork } from '../../../src/reports/report-work.ts';
import { loadTerritory } from '../../../src/territory/load.ts';
import { testDatabase } from '../database/database.ts';

export const NOON = '2016-06-02T12:00:00+02:00';

/** A database, a clock and people, for one test file of reports. */
export async function reportDesk() {
  const { url, name } = await testDatabase();
  const database = await openDatabase({ url, entities });
  afterAll(() => database.close());
  const clock = new SetClock(NOON);
  const territory = loadTerritory();
  const em = () => database.orm.em.fork() as EntityManager;

  /** Somebody with these roles, and an account. */
  async function person(...roles: Role[]): Promise<Actor> {
    const id = uuid();
    const fork = em();
    fork.create(Account, {
      id,
      version: 1,
      issuer: 'test',
      subject: id,
      name: `Personne ${id}`,
      createdAt: clock.now(),
    });
    await fork.flush();
    return { id, name: `Personne ${id}`, roles };
  }
  /** Runs a command as somebody, in a transaction of its own. */
  const as = <T>(actor: Actor | null, command: (work: ReportWork) => Promise<T>): Promise<T> =>
    em().transactional((inside) => command({ em: inside as EntityManager, actor, clock, territory }));

  return { url, name, clock, territory, em, person, as, pool: database.pool };
}

/** A report as somebody would submit it. */
export const reportOf = (text = 'De l’eau sur la D257 à Longjumeau', more: object = {}) => ({
  text,
  channel: 'CALL',
  seenAt: NOON,
  commune: '91345',
  ...more,
});

/** Evidence that is enough to confirm. */
export const TWO_SOURCES = [
  { label: 'Photo d’un riverain', url: 'https://example.org/photo', independenceGroup: 'riverain' },
  { label: 'Article', url: 'https://example.net/article', independenceGroup: 'presse' },
];
export const conclusionOf = (state: string, evidence: object[] = TWO_SOURCES) => ({
  state,
  explanation: 'Vérifié par appel et par photo',
  evidence,
});

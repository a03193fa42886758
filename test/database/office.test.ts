import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import { describe, expect, it } from 'vitest';
import { sqlIn } from '../../src/database/sql-in.ts';
import { demandVersion, lockRow } from '../../src/office/lock.queries.ts';
import { Office } from '../../src/office/office.ts';
import { submitReport } from '../../src/reports/submit.commands.ts';
import { addWatcher } from '../../src/watchers/watcher.commands.ts';
import { Watcher } from '../../src/watchers/watcher.entity.ts';
import { reportDesk, reportOf } from '../support/desk/report-desk.ts';

const { em, person, territory, clock, as } = await reportDesk();
const office = new Office({ em, clock, resources: { territory } });
const volunteer = await person('VOLUNTEER');
const editor = await person('EDITOR');
const input = { name: 'Vigicrues', url: 'https://feeds.example/crues', everyMinutes: 5, active: true };
const newWatcher = async () => (await as(editor, (work) => addWatcher(work, input))).id;
const inTransaction = <T>(work: (inside: EntityManager) => Promise<T>): Promise<T> =>
  em().transactional((inside) => work(inside as EntityManager));
const watchers = { entity: Watcher, name: 'watcher' };

describe('a lock on a row', () => {
  it.each(['', 'x', "' or true", uuid(), '-'.repeat(36)])('is NOT_FOUND for %j', async (id) => {
    await expect(inTransaction((inside) => lockRow(inside, watchers, id))).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: `there is no watcher ${id}`,
    });
  });

  it('finds an id in capitals', async () => {
    const id = await newWatcher();
    const found = await inTransaction((inside) => lockRow(inside, watchers, id.toUpperCase()));
    expect(found.id).toBe(id);
  });

  it('has others wait until its transaction ends, who then read what it left', async () => {
    const id = await newWatcher();
    const order: string[] = [];
    const locked = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const first = inTransaction(async (inside) => {
      const watcher = await lockRow(inside, watchers, id);
      locked.resolve();
      await goOn.promise;
      watcher.version += 1;
      order.push('first');
    });
    await locked.promise;
    const second = inTransaction(async (inside) => {
      const { version } = await lockRow(inside, watchers, id);
      order.push('second');
      return version;
    });
    await expect
      .poll(async () =>
        sqlIn(em())(`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`),
      )
      .toHaveLength(1);
    goOn.resolve();
    await first;
    expect(await second).toBe(2);
    expect(order).toEqual(['first', 'second']);
  });

  it('is a CONFLICT, with the current version, for a client that saw another one', () => {
    expect(() => demandVersion({ id: uuid(), version: 3 }, 'watcher', 3)).not.toThrow();
    expect(() => demandVersion({ id: uuid(), version: 3 }, 'watcher', 2)).toThrowError(
      expect.objectContaining({ code: 'CONFLICT', facts: { currentVersion: 3 } }),
    );
  });
});

describe('SQL in a transaction', () => {
  it('reads what the transaction wrote, and is rolled back with it', async () => {
    const subject = uuid();
    const count = async (over: EntityManager) =>
      (await sqlIn(over)('select 1 from account where subject = ?', [subject])).length;
    const attempt = inTransaction(async (inside) => {
      await sqlIn(inside)(
        `insert into account (id, version, issuer, subject, name, created_at) values (?, 1, 'development', ?, 'Personne', now())`,
        [uuid(), subject],
      );
      expect(await count(inside)).toBe(1);
      expect(await count(em())).toBe(0);
      throw new Error('rolled back');
    });
    await expect(attempt).rejects.toThrow('rolled back');
    expect(await count(em())).toBe(0);
  });
});

describe('an effect of a command', () => {
  const counter = () => {
    let happened = 0;
    return { effect: () => void happened++, happened: () => happened };
  };
  const submitting = (effect: () => void, fail = false) =>
    office.run(volunteer, { action: 'submitReport' }, async (work) => {
      work.afterCommit(effect);
      work.afterCommit(effect);
      const report = await submitReport(work, reportOf());
      if (fail) throw new Error('refused');
      return report;
    });
  const keyed = () => ({ actor: volunteer.id, key: uuid(), requestHash: 'one' });

  it('happens once, when what the command wrote can be read by everybody', async () => {
    const seen: unknown[] = [];
    let id = '';
    await office.run(volunteer, { action: 'submitReport' }, async (work) => {
      const report = await submitReport(work, reportOf());
      ({ id } = report);
      work.afterCommit(async () => void seen.push(...(await sqlIn(em())('select id from report where id = ?', [id]))));
      return report;
    });
    expect(seen).toEqual([{ id }]);
    const { effect, happened } = counter();
    await submitting(effect);
    expect(happened()).toBe(1);
  });

  it('does not happen where the command fails', async () => {
    const { effect, happened } = counter();
    await expect(submitting(effect, true)).rejects.toThrow('refused');
    expect(happened()).toBe(0);
  });

  it('waits under a key for the whole operation, and happens once for all its commands', async () => {
    const { effect, happened } = counter();
    const request = keyed();
    const operation = async () => {
      await submitting(effect);
      await submitting(effect);
      expect(happened()).toBe(0);
      return { answer: 'done', commit: true };
    };
    expect(await office.once(request, operation)).toBe('done');
    expect(happened()).toBe(1);
    expect(await office.once(request, () => Promise.reject(new Error('not again')))).toBe('done');
    expect(happened()).toBe(1);
  });

  it('does not happen where the operation under a key is not committed, or its command failed', async () => {
    const [kept, dropped] = [counter(), counter()];
    await office.once(keyed(), async () => {
      await submitting(dropped.effect);
      return { answer: 'refused', commit: false };
    });
    expect(dropped.happened()).toBe(0);
    await office.once(keyed(), async () => {
      await submitting(dropped.effect, true).catch(() => undefined);
      await submitting(kept.effect);
      return { answer: 'half', commit: true };
    });
    expect([kept.happened(), dropped.happened()]).toEqual([1, 0]);
  });
});

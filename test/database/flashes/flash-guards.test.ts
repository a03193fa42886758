import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callAbout } from '../../support/crisis-cell/calling-desk.ts';
import { flashReport, submitted } from '../../support/crisis-cell/flash-desk.ts';
import { testDatabase } from '../../support/database/database.ts';
import { startHub } from '../../support/hub/hub.ts';

/** What PostgreSQL itself holds of flashes, also for the owner of the tables, whatever our own code does. */
const { url } = await testDatabase();
const hub = await startHub({ url });
const owner = new pg.Client({ connectionString: url });
beforeAll(() => owner.connect());
afterAll(async () => {
  await owner.end();
  await hub.close();
});

const run = async <R extends object>(statement: string, ...values: unknown[]) =>
  (await owner.query<R>(statement, values)).rows;
const INSERT = `insert into flash (id, report_id, mode, what, place, emergency_called, sent_by_id, sent_at)
  select gen_random_uuid(), r.id, 'ACTUAL', 'Quoi', 'Où', 'NOT_KNOWN', r.submitted_by_id, now() from report r where r.id = $1 returning number`;

describe('a flash (I-63)', () => {
  it('is numbered without a gap, whoever writes at the same moment and whatever is rolled back', async () => {
    const reports: string[] = [];
    for (let count = 0; count < 9; count += 1) reports.push(await submitted(hub));
    await run('begin');
    await run(INSERT, reports[0]);
    await run('rollback');
    const senders = reports.map((report) => flashReport(hub, 'checker', { report }));
    const numbers = (await Promise.all(senders)).map(({ number }) => number).sort((a, b) => a - b);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });

  it('gets its number from PostgreSQL, and is one for a report', async () => {
    const { report } = await flashReport(hub);
    await expect(run(INSERT, report.id)).rejects.toMatchObject({ code: '23505' });
    const given = INSERT.replace('(id,', '(number, id,').replace('select ', 'select 99, ');
    await expect(run(given, await submitted(hub))).rejects.toMatchObject({ code: 'TOC02' });
  });

  it('stays as it was sent, and stays on record', async () => {
    const { id } = await flashReport(hub);
    for (const change of [
      `mode = 'EXERCISE'`,
      `number = 99`,
      `sent_at = now()`,
      `emergency_called = 'BY_US'`,
      `report_id = gen_random_uuid()`,
    ])
      await expect(run(`update flash set ${change} where id = $1`, id)).rejects.toMatchObject({ code: 'TOC02' });
    await expect(run('delete from flash where id = $1', id)).rejects.toMatchObject({ code: 'TOC02' });
    await expect(run('truncate flash cascade')).rejects.toMatchObject({ code: 'TOC02' });
  });

  it('is answered or withdrawn once, and its call ends with that, whichever statement does it (I-51)', async () => {
    const { id, report } = await flashReport(hub);
    await run(`update flash set answer = 'TAKEN', answered_at = now(), answered_by_id = sent_by_id where id = $1`, id);
    expect(await callAbout(hub, report.id)).toMatchObject({ reason: 'FLASH', state: 'DONE', nextAt: null });
    for (const change of [
      `answer = 'NOT_FOUND'`,
      'answer = null, answered_at = null, answered_by_id = null',
      `withdrawn_at = now(), withdrawn_by_id = sent_by_id, withdrawn_for = 'x'`,
    ])
      await expect(run(`update flash set ${change} where id = $1`, id)).rejects.toMatchObject({ code: 'TOC02' });
  });

  it('rings on where the answer is rolled back', async () => {
    const { id, report } = await flashReport(hub);
    await run('begin');
    await run(`update flash set answer = 'TAKEN', answered_at = now(), answered_by_id = sent_by_id where id = $1`, id);
    await run('rollback');
    expect(await callAbout(hub, report.id)).toMatchObject({ state: 'RINGING' });
  });
});

import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callAbout, untilRung } from '../../support/crisis-cell/calling-desk.ts';
import { idOf, saveShift, shiftInput } from '../../support/crisis-cell/duty-desk.ts';
import { testDatabase } from '../../support/database/database.ts';
import { draft, step } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

/** What PostgreSQL itself holds of calls, also for the owner of the tables, whatever our own code does. */
const { url } = await testDatabase();
const hub = await startHub({ url });
const owner = new pg.Client({ connectionString: url });
const [editor, validator] = [await idOf(hub, 'editor'), await idOf(hub, 'validator')];
beforeAll(async () => {
  await owner.connect();
  await saveShift(hub, shiftInput(validator, { dutyFunction: 'VALIDATOR' }));
});
afterAll(async () => {
  await owner.end();
  await hub.close();
});

const run = async <R extends object>(statement: string, ...values: unknown[]) =>
  (await owner.query<R>(statement, values)).rows;

async function calling() {
  const { id } = await step(hub, 'submitDossier', 'editor', await draft(hub, 'Alert'));
  return { dossier: id, call: (await untilRung(hub, id, [validator])).id };
}
const ring = (call: string, account: string) =>
  run(
    `insert into call_step (id, call_id, account_id, way, rung, at, outcome)
     values (gen_random_uuid(), $1, $2, 'DESK', 9, now(), 'ACCEPTED')`,
    call,
    account,
  );

describe('a call', () => {
  it('is open once for a reason and a subject, and never rung for the person who caused it (I-50)', async () => {
    const { dossier, call } = await calling();
    const again = `insert into call (id, reason, dossier_id, mode, state, started_at, rung)
      select gen_random_uuid(), reason, dossier_id, mode, state, started_at, 0 from call where id = $1`;
    await expect(run(again, call)).rejects.toMatchObject({ code: '23505', constraint: 'call_open_unique' });
    await expect(ring(call, editor)).rejects.toMatchObject({ code: 'TOC01' });
    await ring(call, validator);
    await run(`update dossier set stage = 'APPROVED' where id = $1`, dossier);
    await run(again, call);
  });

  it('ends with the stage that it waited for, whichever statement moves it, and stays ended (I-51)', async () => {
    const { dossier, call } = await calling();
    await run(`update dossier set stage = 'CHANGES_REQUESTED' where id = $1`, dossier);
    expect(await callAbout(hub, dossier)).toMatchObject({ id: call, state: 'DONE', nextAt: null });
    await expect(ring(call, validator)).rejects.toMatchObject({ code: 'TOC02' });
    await expect(run('update call set ended_at = null where id = $1', call)).rejects.toMatchObject({ code: 'TOC02' });
  });

  it('goes on where the deed is rolled back', async () => {
    const { dossier, call } = await calling();
    await run('begin');
    await run(`update dossier set stage = 'APPROVED' where id = $1`, dossier);
    await run('rollback');
    expect(await callAbout(hub, dossier)).toMatchObject({ id: call, state: 'RINGING' });
  });
});

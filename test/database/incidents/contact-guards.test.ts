import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { untilCall } from '../../support/crisis-cell/calling-desk.ts';
import { confirmedPoint } from '../../support/crisis-cell/contact-desk.ts';
import { idOf, saveShift, shiftInput } from '../../support/crisis-cell/duty-desk.ts';
import { testDatabase } from '../../support/database/database.ts';
import { draft, step } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

/** What PostgreSQL itself holds of contact points, also for the owner of the tables, whatever our own code does. */
const { url } = await testDatabase();
const hub = await startHub({ url });
const owner = new pg.Client({ connectionString: url });
const [editor, validator] = [await idOf(hub, 'editor'), await idOf(hub, 'validator')];
const point = await confirmedPoint(url, validator, 'garde@essonne.example');
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
  return { dossier: id, call: (await untilCall(hub, id, ({ steps }) => steps.length > 0)).id };
}
async function message(call: string, account = validator) {
  const id = randomUUID();
  await run(
    `insert into contact_message (id, purpose, point_id, account_id, way, call_id, rung, words, key, created_at, due_at, expires_at, outcome, attempts)
     values ($1, 'CALL', $2, $3, 'EMAIL', $4, 1, 'Mots', $5, now(), now(), now() + interval '9 minutes', 'WAITING', 0)`,
    id,
    point,
    account,
    call,
    id.slice(0, 22),
  );
  return id;
}
const outcomeOf = async (id: string) =>
  (await run<{ outcome: string }>('select outcome from contact_message where id = $1', id))[0]?.outcome;

describe('a message of a call', () => {
  it('goes to a point that its own person has confirmed, and to no other (I-57)', async () => {
    const { call } = await calling();
    await expect(message(call, editor)).rejects.toMatchObject({ code: 'TOC01' });
    await run('update contact_point set confirmed_at = null where id = $1', point);
    await expect(message(call)).rejects.toMatchObject({ code: 'TOC01' });
    await run('update contact_point set confirmed_at = now() where id = $1', point);
    await message(call);
  });

  it.each([
    ['the call is taken', `update call_step set outcome = 'ANSWERED' where call_id = $1`],
    [
      'somebody answers unasked',
      `insert into call_step (id, call_id, account_id, way, rung, at, outcome)
       select gen_random_uuid(), $1, a.id, 'DESK', 1, now(), 'ANSWERED' from account a where a.id <> (select caused_by_id from call where id = $1) limit 1`,
    ],
    ['the call ends', `update call set state = 'DONE', ended_at = now(), due_at = null where id = $1`],
  ])('is stopped where %s, and never waits again (I-58)', async (_what, answer) => {
    const { call } = await calling();
    const [first, other] = [await message(call), await message((await calling()).call)];
    await run(answer, call);
    expect([await outcomeOf(first), await outcomeOf(other)]).toEqual(['STOPPED', 'WAITING']);
    await expect(run(`update contact_message set outcome = 'WAITING' where id = $1`, first)).rejects.toMatchObject({
      code: 'TOC02',
    });
    // One that was under way counts as sent.
    await run(`update contact_message set outcome = 'ACCEPTED' where id = $1`, first);
  });

  it('is not written for a call that has ended (I-51), and goes with its call', async () => {
    const { dossier, call } = await calling();
    const id = await message(call);
    await run(`update dossier set stage = 'APPROVED' where id = $1`, dossier);
    expect(await outcomeOf(id)).toBe('STOPPED');
    await expect(message(call)).rejects.toMatchObject({ code: 'TOC02' });
    await run('delete from call where id = $1', call);
    expect(await outcomeOf(id)).toBeUndefined();
  });
});

import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  handOver,
  idOf,
  type SeenShift,
  saveShift,
  shiftInput,
  takeOver,
} from '../../support/crisis-cell/duty-desk.ts';
import { testDatabase } from '../../support/database/database.ts';
import { hoursFromNow, openIncident } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

/** What PostgreSQL itself refuses of the roster, to the owner of the tables, whatever our own code does. */
const { url } = await testDatabase();
const hub = await startHub({ url });
const owner = new pg.Client({ connectionString: url });
beforeAll(() => owner.connect());
afterAll(async () => {
  await owner.end();
  await hub.close();
});

const REFUSED = { code: 'TOC01' };
const NEVER = { code: 'TOC02' };
const run = async <R extends object>(statement: string, ...values: unknown[]) =>
  (await owner.query<R>(statement, values)).rows;
const change = (to: string, { id }: SeenShift, ...values: unknown[]) =>
  run(`update duty_shift set ${to} where id = $1`, id, ...values);
const [editor, checker] = [await idOf(hub, 'editor'), await idOf(hub, 'checker')];

async function onDuty(more: object = {}): Promise<SeenShift> {
  const incident = await openIncident(hub, `garde-${Math.random().toString(36).slice(2)}`);
  return saveShift(hub, shiftInput(editor, { incident, ...more }));
}
const relieve = (shift: SeenShift, account: string, more = '') =>
  run(
    `insert into duty_shift (id, version, incident_id, duty_function, account_id, rank, starts_at, ends_at, relieves)
     select gen_random_uuid(), 1, incident_id, duty_function, $2, 1, now(), now() + interval '5 hours', id
     from duty_shift where id = $1 ${more}`,
    shift.id,
    account,
  );

describe('a shift', () => {
  it('that has begun keeps its person, and stays on record', async () => {
    const on = await onDuty();
    for (const to of [
      `account_id = '${checker}'`,
      `duty_function = 'CHECKER'`,
      'incident_id = null',
      'starts_at = now()',
    ])
      await expect(change(to, on)).rejects.toMatchObject(NEVER);
    await expect(change('id = gen_random_uuid()', on)).rejects.toMatchObject(NEVER);
    await expect(change(`ends_at = starts_at - interval '1 hour'`, on)).rejects.toMatchObject(REFUSED);
    await expect(run('delete from duty_shift where id = $1', on.id)).rejects.toMatchObject(NEVER);
    await expect(run('truncate duty_shift')).rejects.toMatchObject(NEVER);
  });

  it('that lies ahead may change, and go', async () => {
    const ahead = await onDuty({ from: hoursFromNow(2) });
    await change(`account_id = '${checker}'`, ahead);
    await run('delete from duty_shift where id = $1', ahead.id);
  });
});

describe('a person who hands over stays on until the other one takes over (I-39)', () => {
  it('whatever a hub says', async () => {
    const on = await onDuty();
    await expect(change('ended_at = now()', on)).rejects.toMatchObject(REFUSED);
    await expect(relieve(on, checker)).rejects.toMatchObject(REFUSED);
    const handed = await handOver(hub, 'editor', on, checker);
    await expect(change('ended_at = now()', handed)).rejects.toMatchObject(REFUSED);
    for (const to of ['handed_to_id = null', `ends_at = ends_at - interval '1 hour'`])
      await expect(change(to, handed)).rejects.toMatchObject(NEVER);
    await expect(relieve(handed, editor)).rejects.toMatchObject(REFUSED);
    await relieve(handed, checker);
    await expect(relieve(handed, checker)).rejects.toMatchObject({ code: '23505' });
    await change('ended_at = now()', handed);
    for (const to of ['ended_at = null', 'note = null']) await expect(change(to, handed)).rejects.toMatchObject(NEVER);
  });

  it('and a shift that took over another stays so', async () => {
    const handed = await handOver(hub, 'editor', await onDuty(), checker);
    const relief = await takeOver(hub, 'checker', handed);
    await expect(change('relieves = null', relief)).rejects.toMatchObject(NEVER);
    await expect(run('delete from duty_shift where id = $1', relief.id)).rejects.toMatchObject(NEVER);
  });
});

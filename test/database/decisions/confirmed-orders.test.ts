import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { idOf } from '../../support/crisis-cell/duty-desk.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, decisionInput, hoursFromNow, publishNew } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

/** PostgreSQL itself refuses these confirmations, to the owner of the tables, whatever our own code does. */
const { url } = await testDatabase();
const hub = await startHub({ url });
const owner = new pg.Client({ connectionString: url });
beforeAll(() => owner.connect());
afterAll(async () => {
  await owner.end();
  await hub.close();
});
const [editor, validator] = [await idOf(hub, 'editor'), await idOf(hub, 'validator')];

const ORDER = decisionInput({
  form: 'ORAL_ORDER',
  act: null,
  authority: 'MAYOR',
  by: 'Le maire de Longjumeau',
  call: { heardAt: hoursFromNow(-2), calledBackAt: hoursFromNow(-1) },
});
const spoken = () => publishNew(hub, 'Alert', alertInput({ decision: ORDER }));

const TELL = `insert into decision_confirmation (id, dossier_id, oral_order, act, confirmed_at, by_id, at)
  values (gen_random_uuid(), $1, '{}', '2026-42', now(), $2, now())`;
const ENTRY = `insert into journal_entry (id, subject, type, at, changed_fields, ring, document)
  select gen_random_uuid(), subject, $2, now(), '{decision}', false, document
  from journal_entry where subject = $1 order by position desc limit 1`;

/** Tells the act in a transaction of its own; answers the code of what PostgreSQL refused, else `done`. */
async function tell(id: string, by: string, entry: string | null = 'DECISION_CONFIRMED'): Promise<string> {
  await owner.query('begin');
  try {
    await owner.query(TELL, [id, by]);
    if (entry) await owner.query(ENTRY, [id, entry]);
    await owner.query('commit');
    return 'done';
  } catch (error) {
    await owner.query('rollback');
    return (error as { code: string }).code;
  }
}

describe('PostgreSQL lets an order be confirmed (I-66)', () => {
  it('by nobody who wrote it down', async () => {
    const { id } = await spoken();
    expect(await tell(id, editor)).toBe('TOC01');
    expect(await tell(id, validator)).toBe('done');
  });

  it('once, and the order is what the live revision says', async () => {
    const { id } = await spoken();
    expect(await tell(id, validator)).toBe('done');
    expect(await tell(id, validator)).toBe('23505');
    const { rows } = await owner.query('select oral_order from decision_confirmation where dossier_id = $1', [id]);
    const { authority, by, decidedAt } = ORDER;
    expect(rows).toEqual([{ oral_order: { authority, by, decidedAt } }]);
  });

  it('together with its journal entry alone', async () => {
    const { id } = await spoken();
    expect(await tell(id, validator, null)).toBe('TOC03');
    expect(await tell(id, validator, 'VERIFIED')).toBe('TOC03');
  });

  it('while it is an oral one, public and not over', async () => {
    const written = await publishNew(hub);
    expect(await tell(written.id, validator)).toBe('TOC01');
    const { id, version } = await spoken();
    await hub
      .as('validator')
      .request(
        'mutation ($id: ID!, $version: Int!) { cancelPublication(id: $id, version: $version, reason: "Erreur") { asOf } }',
        { id, version },
      );
    expect(await tell(id, validator)).toBe('TOC01');
  });

  it('for good', async () => {
    const { id } = await spoken();
    await tell(id, validator);
    for (const statement of [
      `update decision_confirmation set act = 'x' where dossier_id = $1`,
      'delete from decision_confirmation where dossier_id = $1',
    ])
      await expect(owner.query(statement, [id])).rejects.toMatchObject({ code: 'TOC02' });
    await expect(owner.query('truncate decision_confirmation')).rejects.toMatchObject({ code: 'TOC02' });
  });
});

import pg from 'pg';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { moveTo, organisationOf, ruleInForce, ruleInput } from '../../support/crisis-cell/signature-desk.ts';
import { asHubRole } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, draft, step, WRITTEN, type Written } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

/** What PostgreSQL itself holds of rules of signature, against a hub that forgot to ask, and against the owner of the tables. */
const { url } = await testDatabase();
const hub = await startHub({ url });
const owner = new pg.Client({ connectionString: url });
const asHub = new pg.Client({ connectionString: asHubRole(url) });
const sessions = [
  ['the role of a hub', asHub],
  ['the owner of the tables', owner],
] as const;
const REFUSED = { code: 'TOC01', message: expect.stringContaining('(I-45)') };
const FOUR_EYES = { code: 'TOC01', message: expect.stringContaining('(I-46)') };
const NEVER = { code: 'TOC02' };

beforeAll(async () => {
  await owner.connect();
  await asHub.connect();
  for (const persona of ['validator2', 'admin', 'admin2'] as const) await hub.as(persona).request('{ viewer { id } }');
  await moveTo(hub, 'validator2', await organisationOf(hub, 'SDIS', 'Sdis 91'));
  await ruleInForce(hub, ruleInput(['SDIS', 'PREFECTURE'], { severityAtLeast: 'SEVERE' }));
});
afterAll(async () => {
  await owner.end();
  await asHub.end();
  await hub.close();
});

const run = async <R extends object>(statement: string, ...values: unknown[]) =>
  (await owner.query<R>(statement, values)).rows;
const account = async (subject: string): Promise<string> =>
  (await run<{ id: string }>('select id from account where subject = $1', subject))[0]!.id;
const approved = async (...people: ('validator' | 'validator2')[]): Promise<string> => {
  let written: Written = await step(hub, 'submitDossier', 'editor', await draft(hub, 'Alert', alertInput()));
  for (const person of people) written = await step(hub, 'approveDossier', person, written);
  return written.id;
};
const PUBLISH = 'update revision set published_at = now() where dossier_id = $1 and published_at is null';

describe('nothing is published without the signatures that a rule in force asks for (I-45)', () => {
  it.each(sessions)('by %s', async (_who, session) => {
    const unsigned = await approved('validator');
    await expect(session.query(PUBLISH, [unsigned])).rejects.toMatchObject(REFUSED);
    const milder = PUBLISH.replace('set ', `set severity = 'MINOR', `);
    await expect(session.query(milder, [unsigned])).rejects.toMatchObject(REFUSED);
    // Signed, it lacks its journal entry alone.
    await expect(session.query(PUBLISH, [await approved('validator2')])).rejects.toMatchObject({ code: 'TOC03' });
  });

  it.each(sessions)(
    'nor by an approval that claims another organisation, or of somebody who edited it, by %s',
    async (_who, session) => {
      const dossier = await approved('validator');
      const [revision] = await run<{ id: string; hash: string }>(
        'select id, content_hash as hash from revision where dossier_id = $1',
        dossier,
      );
      const approve = `insert into approval (id, revision_id, by_id, content_hash, at, organisation)
      values (gen_random_uuid(), $1, $2, $3, now(), '{"kind": "SDIS"}')`;
      await session.query(approve, [revision?.id, await account('admin'), revision?.hash]);
      await expect(session.query(PUBLISH, [dossier])).rejects.toMatchObject(REFUSED);
      const sdis = await account('validator2');
      await session.query(approve, [revision?.id, sdis, revision?.hash]);
      await session.query('insert into revision_editor (revision_id, account_id) values ($1, $2)', [
        revision?.id,
        sdis,
      ]);
      await expect(session.query(PUBLISH, [dossier])).rejects.toMatchObject(REFUSED);
    },
  );

  it.each(sessions)('and no urgent publication is done with before they are there, by %s', async (_who, session) => {
    const { id, version } = await draft(hub, 'Alert', alertInput({ urgency: 'IMMEDIATE' }));
    const { done } = await hub
      .as('duty')
      .request<{ done: { dossier: Written } }>(
        `mutation ($id: ID!, $version: Int!) { done: publishDossierUrgently(id: $id, version: $version, reason: "Vies en danger") ${WRITTEN} }`,
        { id, version },
      );
    const cosigned = 'update dossier set cosign_due_at = null where id = $1';
    await expect(session.query(cosigned, [id])).rejects.toMatchObject(REFUSED);
    await step(hub, 'cosignDossier', 'validator', done.dossier);
    await expect(session.query(cosigned, [id])).rejects.toMatchObject(REFUSED);
    const half = { ...done.dossier, version: done.dossier.version + 1 };
    await step(hub, 'cosignDossier', 'validator2', half);
    const [row] = await run<{ due: Date | null }>('select cosign_due_at as due from dossier where id = $1', id);
    expect(row?.due).toBeNull();
  });
});

describe('two administrators put a rule in force, and end it (I-46)', () => {
  let [one, other] = ['', ''];
  beforeAll(async () => {
    [one, other] = [await account('admin'), await account('admin2')];
  });
  const insert = (more: Record<string, unknown> = {}): Promise<string> => {
    const id = uuid();
    const row: Record<string, unknown> = {
      ...{
        id,
        version: 1,
        name: 'X',
        kinds: '{ALERT}',
        response_types: '{}',
        needs: '[{"anyOf": ["SDIS"], "count": 1}]',
      },
      ...{ state: 'PROPOSED', proposed_by_id: one, ...more },
    };
    const names = Object.keys(row);
    const places = names.map((_, index) => `$${index + 1}`).join();
    return run(`insert into signature_rule (${names.join()}) values (${places})`, ...Object.values(row)).then(() => id);
  };
  const change = (id: string, set: string, ...values: unknown[]) =>
    run(`update signature_rule set ${set} where id = $1`, id, ...values);
  const PUT = `state = 'IN_FORCE', approved_by_id = $2`;
  const END = `state = 'ENDED', ended_by_id = $2`;

  it('never one of them alone', async () => {
    const id = await insert();
    await expect(change(id, PUT, one)).rejects.toMatchObject(FOUR_EYES);
    await expect(change(id, PUT, null)).rejects.toMatchObject(FOUR_EYES);
    await expect(change(id, PUT, await account('editor'))).rejects.toMatchObject(FOUR_EYES);
    await change(id, PUT, other);
    await expect(change(id, END, one)).rejects.toMatchObject(FOUR_EYES);
    await change(id, 'end_asked_by_id = $2', one);
    await expect(change(id, END, one)).rejects.toMatchObject(FOUR_EYES);
    await expect(change(id, END, await account('editor'))).rejects.toMatchObject(FOUR_EYES);
    await expect(change(id, 'end_asked_by_id = $2', other)).rejects.toMatchObject(NEVER);
    await change(id, END, other);
    await expect(change(id, `state = 'IN_FORCE'`)).rejects.toMatchObject(NEVER);
  });

  it('and it never changes otherwise, nor goes away', async () => {
    const id = await insert();
    for (const set of [
      `name = 'Y'`,
      `kinds = '{EVENT}'`,
      `severity_at_least = 'MINOR'`,
      `response_types = '{EVACUATE}'`,
      `needs = '[{"anyOf": ["COMMUNE"], "count": 1}]'`,
      `proposed_by_id = approved_by_id`,
      `proposed_at = now() - interval '1 year'`,
      'approved_at = now()',
      'end_asked_at = now()',
      'ended_by_id = proposed_by_id',
      'ended_at = now()',
    ])
      await expect(change(id, set)).rejects.toMatchObject(NEVER);
    await expect(change(id, 'approved_by_id = $2', other)).rejects.toMatchObject(NEVER);
    await change(id, PUT, other);
    await expect(change(id, `state = 'PROPOSED'`)).rejects.toMatchObject(NEVER);
    await expect(run('delete from signature_rule where id = $1', id)).rejects.toMatchObject(NEVER);
    await expect(run('truncate signature_rule')).rejects.toMatchObject(NEVER);
    await change(id, 'end_asked_by_id = $2', one);
    await change(id, END, other);
  });

  it.each([
    ['in force at once', { state: 'IN_FORCE' }],
    ['approved at once', { approved_by_id: uuid() }],
    ['without a kind', { kinds: '{}' }],
    ['without a need', { needs: '[]' }],
    ['with needs that are no list', { needs: '{"anyOf": ["SDIS"]}' }],
    ['with a need of nobody', { needs: '[{"anyOf": [], "count": 1}]' }],
    ['with a need of no list', { needs: '[{"anyOf": "SDIS", "count": 1}]' }],
    ['with a need of none', { needs: '[{"anyOf": ["SDIS"], "count": 0}]' }],
    ['with a count that is no number', { needs: '[{"anyOf": ["SDIS"], "count": "many"}]' }],
    ['with a need that says nothing', { needs: '[null]' }],
  ])('nor is it let in %s', async (_what, more) => {
    await expect(insert(more)).rejects.toMatchObject(NEVER);
  });
});

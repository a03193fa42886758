import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../support/database/database.ts';
import { alertInput, draft, publishNew, revise, step } from '../support/desk/desk.ts';
import { startHub } from '../support/hub/hub.ts';

/** What PostgreSQL itself refuses, to the tables' owner, whatever our own code does. */
const { url } = await testDatabase();
const hub = await startHub({ url });
const owner = new pg.Client({ connectionString: url });
let published = '';
beforeAll(async () => {
  await owner.connect();
  published = (await publishNew(hub)).id;
});
afterAll(async () => {
  await owner.end();
  await hub.close();
});

describe('PostgreSQL refuses to the owner of the tables (I-02)', () => {
  it.each([
    [`update revision set content = '{}' where dossier_id = $1`],
    [`update revision set published_at = null where dossier_id = $1`],
    [`delete from revision where dossier_id = $1`],
    [`update journal_entry set document = '{}' where subject = $1`],
    [`update journal_entry set position = position + 100 where subject = $1`],
    [`delete from journal_entry where subject = $1`],
    [`update cap_message set sent = now() where thread = $1`],
    [`delete from cap_message where thread = $1`],
    [`update cap_seal set bytes = '' where thread = $1`],
    [`delete from cap_seal where thread = $1`],
    [`delete from publication where id = $1`],
    [`delete from approval where revision_id in (select id from revision where dossier_id = $1)`],
    [`update approval set content_hash = 'x' where revision_id in (select id from revision where dossier_id = $1)`],
    [`delete from revision_editor where revision_id in (select id from revision where dossier_id = $1)`],
  ])('%s', async (statement) => {
    await expect(owner.query(statement, [published])).rejects.toMatchObject({ code: 'TOC02' });
  });

  it.each(['revision', 'journal_entry', 'approval', 'publication', 'cap_message', 'cap_seal', 'journal_head'])(
    'truncate %s, alone and in cascade',
    async (table) => {
      await expect(owner.query(`truncate ${table}`)).rejects.toMatchObject({ code: /TOC02|0A000/ });
      await expect(owner.query(`truncate ${table} cascade`)).rejects.toMatchObject({ code: 'TOC02' });
    },
  );

  it('an entry that brings its own position', async () => {
    const statement = `insert into journal_entry (id, position, subject, type, at, changed_fields, ring, document)
      values (gen_random_uuid(), 1000, $1, 'UPDATED', now(), '{}', false, '{}')`;
    await expect(owner.query(statement, [published])).rejects.toMatchObject({ code: 'TOC02' });
  });
});

describe('PostgreSQL holds four eyes (I-01)', () => {
  const working = async (id: string) =>
    (
      await owner.query<{ id: string; content_hash: string }>(
        'select id, content_hash from revision where dossier_id = $1 and published_at is null',
        [id],
      )
    ).rows[0]!;
  const account = async (subject: string) =>
    (await owner.query<{ id: string }>('select id from account where subject = $1', [subject])).rows[0]!.id;
  const approve = async (revision: string, by: string, hash: string) =>
    owner.query(
      'insert into approval (id, revision_id, by_id, content_hash, at) values (gen_random_uuid(), $1, $2, $3, now())',
      [revision, by, hash],
    );

  it('an approval by an editor of that content is refused', async () => {
    const revision = await working((await draft(hub, 'Alert')).id);
    const attempt = approve(revision.id, await account('editor'), revision.content_hash);
    await expect(attempt).rejects.toMatchObject({ code: 'TOC01' });
  });

  it('an approval of another content is refused', async () => {
    const revision = await working((await draft(hub, 'Alert')).id);
    const attempt = approve(revision.id, await account('validator'), 'another hash');
    await expect(attempt).rejects.toMatchObject({ code: 'TOC01' });
  });

  it('a publication without approval is refused', async () => {
    const revision = await working((await draft(hub, 'Alert')).id);
    const attempt = owner.query('update revision set published_at = now() where id = $1', [revision.id]);
    await expect(attempt).rejects.toMatchObject({ code: 'TOC01' });
  });

  it('an approval given before an edit does not publish what was edited', async () => {
    const written = await draft(hub, 'Alert');
    const approved = await step(
      hub,
      'approveDossier',
      'validator',
      await step(hub, 'submitDossier', 'editor', written),
    );
    await revise(hub, 'Alert', approved, alertInput({ contact: 'mairie@longjumeau.example' }));
    const revision = await working(written.id);
    const attempt = owner.query('update revision set published_at = now() where id = $1', [revision.id]);
    await expect(attempt).rejects.toMatchObject({ code: 'TOC01' });
  });

  it('a thread has the time of its latest journal entry, and no other (I-13)', async () => {
    const attempt = owner.query(`update publication set updated_at = updated_at + interval '1 ms' where id = $1`, [
      published,
    ]);
    await expect(attempt).rejects.toMatchObject({ code: 'TOC03' });
  });

  it('a revision is published only together with its journal entry (I-13)', async () => {
    const written = await draft(hub, 'Alert');
    await step(hub, 'approveDossier', 'validator', await step(hub, 'submitDossier', 'editor', written));
    const revision = await working(written.id);
    const attempt = owner.query('update revision set published_at = now() where id = $1', [revision.id]);
    await expect(attempt).rejects.toMatchObject({ code: 'TOC03' });
  });
});

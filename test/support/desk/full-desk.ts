import type pg from 'pg';
import type { Persona } from '../../../src/development/development-tokens.ts';
import { withSession } from '../database/cluster.ts';
import type { Hub } from '../hub/hub.ts';
import {
  adviceInput,
  alertInput,
  correctionInput,
  type Done,
  draft,
  publishNew,
  revise,
  step,
  WRITTEN,
  type Written,
} from './desk.ts';
import { conclusionOf, reportOf } from './report-desk.ts';

/**
 * A desk with so many dossiers and twice as many reports, of which each has all that the desk can show of it: people,
 * approvals, comments, an incident, advice, posts, reports with conclusions, origins and duplicates. A few are made through
 * the API; the others are copies of their rows.
 */
export async function fillDesk(hub: Hub, databaseUrl: string, dossiers: number): Promise<void> {
  const made = [await alertUnderRevision(hub, databaseUrl), await correctionInReview(hub)];
  await withSession(databaseUrl, async (session) => {
    await session.query('begin');
    for (const table of TRIGGERED) await session.query(`alter table ${table} disable trigger user`);
    await copyRows(session, made, Math.ceil(dossiers / made.length) - 1);
    for (const table of TRIGGERED) await session.query(`alter table ${table} enable trigger user`);
    await session.query('commit');
    await session.query('analyze');
  });
}

const TRIGGERED = ['revision', 'revision_editor', 'approval', 'publication', 'journal_entry', 'social_post'];

/** A public alert with a second revision in hand, approved once after a comment. */
async function alertUnderRevision(hub: Hub, databaseUrl: string): Promise<Written> {
  const advice = await publishNew(hub, 'Advice', adviceInput());
  const { openIncident } = await hub
    .as('editor')
    .request<{ openIncident: { incident: { id: string } } }>(
      'mutation { openIncident(slug: "crue-2016", title: "Crue de juin 2016") { incident { id } } }',
    );
  const resting = {
    reportIds: await reports(hub, databaseUrl),
    adviceIds: [advice.id],
    incidentId: openIncident.incident.id,
  };
  const published = await publishNew(hub, 'Alert', alertInput(resting));
  for (const url of ['https://x.example/1', 'https://mastodon.example/1'])
    await hub.as('scheduler').request(
      `mutation ($post: URL!, $url: URL!) {
         acknowledgePost(network: ${url.includes('mastodon') ? 'MASTODON' : 'X'}, post: $post, url: $url) { sentPost { url } } }`,
      { post: `${hub.url}/publications/${published.id}/r/1`, url },
    );
  const revised = await revise(hub, 'Alert', published, alertInput({ ...resting, severity: 'EXTREME' }));
  return approvedAfterComment(hub, 'Alert', revised, alertInput({ ...resting, severity: 'EXTREME' }));
}

/** A correction that was never public, approved once after a comment. */
async function correctionInReview(hub: Hub): Promise<Written> {
  const input = correctionInput({ reportIds: [await concluded(hub, 'Odeur de gaz'), await concluded(hub, 'Gaz ?')] });
  return approvedAfterComment(hub, 'Correction', await draft(hub, 'Correction', input), input);
}

async function approvedAfterComment(hub: Hub, kind: 'Alert' | 'Correction', written: Written, input: object) {
  const submitted = await step(hub, 'submitDossier', 'editor', written);
  const { done } = await hub.as('validator').request<Done>(
    `mutation ($id: ID!, $version: Int!) {
       done: requestDossierChanges(id: $id, version: $version, comment: "Plus court") ${WRITTEN} }`,
    { id: submitted.id, version: submitted.version },
  );
  const again = await step(hub, 'submitDossier', 'editor', await revise(hub, kind, done.dossier, input));
  return step(hub, 'approveDossier', 'validator', again);
}

async function ask(hub: Hub, persona: Persona, field: string, variable?: [type: string, value: object]) {
  const [type, value] = variable ?? [];
  const { done } = await hub
    .as(persona)
    .request<{ done: { report: { id: string } } }>(
      `mutation ${type ? `($given: ${type}!)` : ''} { done: ${field} { report { id } } }`,
      { given: value },
    );
  return done.report.id;
}

const submit = (hub: Hub, text: string): Promise<string> =>
  ask(hub, 'volunteer', 'submitReport(input: $given)', ['FieldReportInput', reportOf(text)]);

async function concluded(hub: Hub, text: string): Promise<string> {
  const id = await submit(hub, text);
  await ask(hub, 'volunteer2', `claimReport(id: "${id}")`);
  const conclusion = conclusionOf('CONFIRMED');
  return ask(hub, 'checker', `concludeReport(id: "${id}", conclusion: $given)`, ['ConclusionInput', conclusion]);
}

/** Two reports to rest on, one of them out of a feed; beside them one that is claimed, and a duplicate. */
async function reports(hub: Hub, databaseUrl: string): Promise<string[]> {
  const confirmed = await concluded(hub, 'L’Yvette déborde');
  const fed = await concluded(hub, 'Vigilance orange');
  await ask(
    hub,
    'checker',
    `markReportDuplicate(id: "${await submit(hub, 'L’Yvette encore')}", duplicateOf: "${confirmed}")`,
  );
  await ask(hub, 'volunteer2', `claimReport(id: "${await submit(hub, 'De l’eau')}")`);
  await withSession(databaseUrl, async (session) => {
    await session.query(`update report set channel = 'FEED' where id = $1`, [fed]);
    await session.query(
      `insert into feed_origin (key, report_id, feed_url, reference, published_at, taken_at)
       values ('key', $1, 'https://feed.example', 'guid', now(), now())`,
      [fed],
    );
  });
  return [confirmed, fed];
}

/** Copies dossiers and every report so many times. The id of each copy is made of the original's and its number. */
async function copyRows(session: pg.Client, originals: readonly Written[], times: number): Promise<void> {
  await session.query(`create function pg_temp.copied(id uuid, n int) returns uuid language sql immutable as
    $$ select overlay(overlay(md5(id::text || n) placing '4' from 13) placing '8' from 17)::uuid $$`);
  const ids = originals.map(({ id }) => id);
  for (const [table, changes, where] of COPIED) {
    const { rows } = await session.query<{ name: string }>(
      `select attname as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
      [table],
    );
    const values = rows.map(({ name }) => changes[name] ?? `t.${name}`);
    await session.query(
      `insert into ${table} (${rows.map(({ name }) => name).join()})
       select ${values.join()} from ${table} t, generate_series(1, $1) n where ${where} ${where.includes('$2') ? '' : 'and $2::uuid[] is not null'}`,
      [times, ids],
    );
  }
}

/** Copies of one original do not all come after one another in a list. */
const earlier = (column: string) => `t.${column} - n * interval '1 minute'`;
const copied = (column: string) => `pg_temp.copied(t.${column}, n)`;
const CONTENT = `jsonb_set(t.content, '{reportIds}', coalesce(
  (select jsonb_agg(pg_temp.copied(report::uuid, n)) from jsonb_array_elements_text(t.content->'reportIds') as reports(report)), '[]'))`;
const OF_REVISION = 'revision_id in (select id from revision where dossier_id = any($2))';

/** Tables in the order of their keys: what of a row is another in its copy, and which rows are copied. */
const COPIED: [table: string, changes: Record<string, string>, where: string][] = [
  ['report', { id: copied('id'), submitted_at: earlier('submitted_at') }, 't.duplicate_of_id is null'],
  [
    'report',
    { id: copied('id'), duplicate_of_id: copied('duplicate_of_id'), submitted_at: earlier('submitted_at') },
    't.duplicate_of_id is not null',
  ],
  ['conclusion', { id: copied('id'), report_id: copied('report_id') }, 'true'],
  ['evidence', { id: copied('id'), conclusion_id: copied('conclusion_id') }, 'true'],
  ['feed_origin', { key: 't.key || n', report_id: copied('report_id') }, 'true'],
  ['dossier', { id: copied('id'), updated_at: earlier('updated_at') }, 't.id = any($2)'],
  ['dossier_comment', { id: copied('id'), dossier_id: copied('dossier_id') }, 't.dossier_id = any($2)'],
  ['dossier_report', { dossier_id: copied('dossier_id'), report_id: copied('report_id') }, 't.dossier_id = any($2)'],
  ['revision', { id: copied('id'), dossier_id: copied('dossier_id'), content: CONTENT }, 't.dossier_id = any($2)'],
  ['revision_editor', { revision_id: copied('revision_id') }, OF_REVISION],
  ['approval', { id: copied('id'), revision_id: copied('revision_id') }, OF_REVISION],
  [
    'journal_entry',
    {
      id: copied('id'),
      subject: copied('subject'),
      position: 'null',
      document: `jsonb_set(t.document, '{id}', to_jsonb(${copied('subject')}))`,
    },
    't.subject = any($2)',
  ],
  [
    'publication',
    { id: copied('id'), live_revision_id: copied('live_revision_id'), latest_entry_id: copied('latest_entry_id') },
    't.id = any($2)',
  ],
  ['social_post', { id: copied('id'), publication_id: copied('publication_id') }, 't.publication_id = any($2)'],
];

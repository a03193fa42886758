import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { sqlOver } from '../../../src/database/sql.ts';
import type { Persona } from '../../../src/development/development-tokens.ts';
import { verifyLogs } from '../../../src/incident-log/verify-logs.queries.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import {
  alertInput,
  closureInput,
  draft,
  hoursFromNow,
  openIncident,
  publishNew,
  release,
  revise,
  step,
  WRITTEN,
  type Written,
} from '../../support/desk/desk.ts';
import { addLine, readLog } from '../../support/desk/log-desk.ts';
import { reportOf } from '../../support/desk/report-desk.ts';
import { startHub, tokens } from '../../support/hub/hub.ts';
import { PATIENCE_MS } from '../../support/patience.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

const owner = (statement: string, ...values: unknown[]) =>
  withSession(url, async (session) => (await session.query(statement, values)).rows);
/** The lines of a log about deeds, the oldest first, in words. */
const deedsOf = async (incident: string): Promise<string[]> =>
  (await readLog(hub, incident, { kinds: ['DEED'] })).map(({ text }) => text).reverse();
const on = async (
  persona: Persona,
  name: string,
  { id, version }: Written,
  more: Record<string, [string, unknown]> = {},
) => {
  const declared = Object.entries(more).map(([key, [type]]) => `, $${key}: ${type}`);
  const passed = Object.keys(more).map((key) => `, ${key}: $${key}`);
  const { done } = await hub.as(persona).request<{ done: { dossier: Written } }>(
    `mutation ($id: ID!, $version: Int!${declared.join('')}) {
       done: ${name}(id: $id, version: $version${passed.join('')}) ${WRITTEN} }`,
    { id, version, ...Object.fromEntries(Object.entries(more).map(([key, [, value]]) => [key, value])) },
  );
  return done.dossier;
};
const reported = async (): Promise<string> => {
  const { submitReport } = await hub
    .as('volunteer')
    .request<{ submitReport: { report: { id: string } } }>(
      'mutation ($input: FieldReportInput!) { submitReport(input: $input) { report { id } } }',
      { input: reportOf() },
    );
  return submitReport.report.id;
};
const escalate = (id: string) =>
  hub.as('checker').request('mutation ($id: ID!) { escalateReport(id: $id) { report { id } } }', { id });

const HEADLINE = '« L’Yvette déborde à Longjumeau »';

describe('the deeds on a dossier of an incident', () => {
  it('leave a line each, with the person, the dossier and the audit entry (I-36)', async () => {
    const incidentId = await openIncident(hub, 'actes');
    const input = alertInput({ incidentId });
    const drafted = await draft(hub, 'Alert', input);
    const submitted = await step(hub, 'submitDossier', 'editor', drafted);
    const returned = await on('validator', 'requestDossierChanges', submitted, { comment: ['String!', 'À préciser'] });
    const published = await release(hub, await revise(hub, 'Alert', returned, input));
    const milder = { ...input, severity: 'MODERATE' };
    const revised = await step(hub, 'submitDossier', 'editor', await revise(hub, 'Alert', published, milder));
    const again = await step(
      hub,
      'publishDossier',
      'validator',
      await step(hub, 'approveDossier', 'validator', revised),
    );
    await hub.as('editor').request('mutation ($id: ID!) { verifyPublication(id: $id) { asOf } }', { id: again.id });
    await on('validator', 'cancelPublication', again, { reason: ['String!', 'Erreur de lieu'] });
    expect(await deedsOf(incidentId)).toEqual([
      `Soumis aux validateurs – ${HEADLINE}`,
      `Renvoyé aux rédacteurs – ${HEADLINE}`,
      `Soumis aux validateurs – ${HEADLINE}`,
      `Approuvé – ${HEADLINE}`,
      `Publié – ${HEADLINE}`,
      `Soumis aux validateurs – ${HEADLINE}`,
      `Approuvé – ${HEADLINE}`,
      `Révision 2 publiée – ${HEADLINE}`,
      `Confirmé – ${HEADLINE}`,
      `Annulé, motif : Erreur de lieu – ${HEADLINE}`,
    ]);
    const lines = (await readLog(hub, incidentId)).reverse();
    expect(lines[0]).toMatchObject({
      kind: 'DEED',
      by: { name: 'Élodie Martin (rédaction)' },
      organisation: { kind: 'DEPARTEMENT' },
      dossier: { id: drafted.id },
      important: false,
      audience: 'CELL',
    });
    expect(lines[4]?.by?.name).toBe('Sophie Laurent (validation)');
    const entries = await owner(
      `select l.number, e.action, e.subject, e.actor = l.by_id as "isTheirs", e.position is not null as "isStamped"
       from log_line l join audit_entry e on e.id = l.entry where l.incident_id = $1 order by 1`,
      incidentId,
    );
    expect(entries).toHaveLength(lines.length);
    expect(entries[4]).toEqual({
      number: 5,
      action: 'publishDossier',
      subject: drafted.id,
      isTheirs: true,
      isStamped: true,
    });
    expect(await withSession(url, (session) => verifyLogs(sqlOver(session)))).toMatchObject({ fault: null });
  });

  it('say of an urgent publication why, mark it as important, and name the second signature', async () => {
    const incidentId = await openIncident(hub, 'urgence');
    const drafted = await draft(hub, 'Alert', alertInput({ incidentId, urgency: 'IMMEDIATE' }));
    const urgent = await on('duty', 'publishDossierUrgently', drafted, { reason: ['String!', 'Vies en danger'] });
    await step(hub, 'cosignDossier', 'validator', urgent);
    expect(await deedsOf(incidentId)).toEqual([
      `Publié en urgence, sans approbation, motif : Vies en danger – ${HEADLINE}`,
      `Cosigné – ${HEADLINE}`,
    ]);
    expect((await readLog(hub, incidentId, { important: true })).map(({ number }) => number)).toEqual([1]);
  });

  it('tell what was seen on the ground, and of an end by people', async () => {
    const incidentId = await openIncident(hub, 'terrain');
    const closure = await publishNew(hub, 'Closure', closureInput({ incidentId }));
    await hub
      .as('marshal')
      .request(
        'mutation ($id: ID!, $observedAt: DateTime!) { observeClosure(id: $id, state: IN_PLACE, observedAt: $observedAt) { asOf } }',
        { id: closure.id, observedAt: hoursFromNow(-0.01) },
      );
    const { version } = await revise(hub, 'Closure', closure, closureInput({ incidentId, detour: null }));
    await on(
      'validator',
      'giveAllClear',
      { ...closure, version },
      {
        texts: [
          '[PublicationTextInput!]!',
          [{ language: 'fr-FR', headline: 'Rouverte', description: 'La route est rouverte.' }],
        ],
      },
    );
    expect((await deedsOf(incidentId)).slice(3)).toEqual([
      'Sur place : fermeture constatée – « D31 fermée à Bondoufle »',
      'Déclaré terminé – « D31 fermée à Bondoufle »',
    ]);
  });

  it('are the clock’s too: what was scheduled is published, and ends', async () => {
    const incidentId = await openIncident(hub, 'horloge');
    const input = alertInput({ incidentId, endsAt: hoursFromNow(9 / 3_600) });
    const submitted = await step(hub, 'submitDossier', 'editor', await draft(hub, 'Alert', input));
    const approved = await step(hub, 'approveDossier', 'validator', submitted);
    await on('validator', 'publishDossier', approved, { at: ['DateTime', hoursFromNow(3 / 3_600)] });
    await expect.poll(() => deedsOf(incidentId), { timeout: PATIENCE_MS }).toHaveLength(5);
    expect((await deedsOf(incidentId)).slice(2)).toEqual([
      `Publication programmée – ${HEADLINE}`,
      `Publié – ${HEADLINE}`,
      `Terminé à l’échéance – ${HEADLINE}`,
    ]);
    const [ended] = await readLog(hub, incidentId);
    expect(ended).toMatchObject({ by: null, organisation: null });
  }, 120_000);

  it('leave none where the dossier belongs to no incident, nor for drafts, comments and readings', async () => {
    const [{ before }] = await owner('select count(*)::int as before from log_line');
    await publishNew(hub);
    const incidentId = await openIncident(hub, 'sans-acte');
    await revise(hub, 'Alert', await draft(hub, 'Alert', alertInput({ incidentId })), alertInput({ incidentId }));
    expect(await owner('select count(*)::int as before from log_line')).toEqual([{ before }]);
  });

  it('are not corrected: they were done', async () => {
    const incidentId = await openIncident(hub, 'acte-et-rectification');
    await step(hub, 'submitDossier', 'editor', await draft(hub, 'Alert', alertInput({ incidentId })));
    const [deed] = await readLog(hub, incidentId);
    await expect(addLine(hub, incidentId, { kind: 'CORRECTION', corrects: deed?.id })).rejects.toThrow(
      'must not be a DEED',
    );
  });
});

describe('a report that is brought to the attention of staff', () => {
  it('leaves a line in the log of each incident whose dossiers rest on it, once', async () => {
    const report = await reported();
    const incidents = [await openIncident(hub, 'signalement-1'), await openIncident(hub, 'signalement-2')];
    for (const incidentId of [...incidents, incidents[0]])
      await draft(hub, 'Alert', alertInput({ incidentId, reportIds: [report] }));
    await escalate(report);
    await escalate(report);
    for (const incident of incidents) {
      const lines = await readLog(hub, incident);
      expect(lines).toMatchObject([
        {
          kind: 'DEED',
          text: 'Signalement porté à l’attention du bureau',
          report: { id: report },
          communes: [{ code: '91345' }],
        },
      ]);
    }
  });

  it('leaves none where no dossier rests on it', async () => {
    const [{ before }] = await owner('select count(*)::int as before from log_line');
    await escalate(await reported());
    expect(await owner('select count(*)::int as before from log_line')).toEqual([{ before }]);
  });
});

describe('a deed and its line', () => {
  it('are undone together: without the line there is no deed (I-36)', async () => {
    const incidentId = await openIncident(hub, 'ni-l-un-ni-l-autre');
    const drafted = await draft(hub, 'Alert', alertInput({ incidentId }));
    await owner(`alter table log_line add constraint no_deeds check (kind <> 'DEED') not valid`);
    try {
      await expect(step(hub, 'submitDossier', 'editor', drafted)).rejects.toThrow();
    } finally {
      await owner('alter table log_line drop constraint no_deeds');
    }
    const entries = await owner(`select action from audit_entry where subject = $1 order by position`, drafted.id);
    expect(entries).toEqual([{ action: 'draft' }]);
    expect((await step(hub, 'submitDossier', 'editor', drafted)).stage).toBe('IN_REVIEW');
    expect(await deedsOf(incidentId)).toHaveLength(1);
  });

  it('are undone together: without the deed there is no line (I-36)', async () => {
    const incidentId = await openIncident(hub, 'annule-avec-l-acte');
    const { id, version } = await draft(hub, 'Alert', alertInput({ incidentId }));
    const answer = await fetch(`${hub.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${tokens.editor}`,
        'idempotency-key': randomUUID(),
      },
      body: JSON.stringify({
        query: `mutation ($id: ID!, $version: Int!) { first: submitDossier(id: $id, version: $version) { asOf }
          second: submitDossier(id: $id, version: $version) { asOf } }`,
        variables: { id, version },
      }),
    });
    expect((await answer.json()).errors).toMatchObject([{ extensions: { code: 'CONFLICT' } }]);
    expect(await readLog(hub, incidentId)).toEqual([]);
  });
});

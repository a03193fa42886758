import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlOver } from '../../../src/database/sql.ts';
import { answerFlash, flashReport, submitted, withdrawFlash } from '../../support/crisis-cell/flash-desk.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, openIncident, publishNew } from '../../support/desk/desk.ts';
import { conclusionOf } from '../../support/desk/report-desk.ts';
import { type Hub, startHub } from '../../support/hub/hub.ts';

/** A flash is for the desk and the Sdis: no public door has a word of it (I-65), even where its report bears out what is public. */
const { url } = await testDatabase();
let hub: Hub;
afterAll(() => hub.close());

const CANARIES = ['canari-quoi', 'canari-lieu', 'canari-remarque', 'canari-motif', 'flash', 'canari-codis'];
let thread = '';

beforeAll(async () => {
  hub = await startHub({ url });
  const incident = await openIncident(hub, 'crue-canari');
  const report = await submitted(hub, 'volunteer', { point: { lon: 2.29, lat: 48.69 } });
  const words = { what: 'Canari-quoi', place: 'Canari-lieu', emergencyCalled: 'NOT_YET', incident };
  const { id } = await flashReport(hub, 'checker', { report, ...words });
  await answerFlash(hub, 'duty', id, 'TAKEN', 'Canari-remarque');
  await hub.as('volunteer2').request('mutation ($id: ID!) { claimReport(id: $id) { asOf } }', { id: report });
  await hub
    .as('checker')
    .request('mutation ($id: ID!, $of: ConclusionInput!) { concludeReport(id: $id, conclusion: $of) { asOf } }', {
      id: report,
      of: conclusionOf('CONFIRMED'),
    });
  await hub
    .as('validator')
    .request('mutation ($id: ID!) { markReportPublic(id: $id, shown: true) { asOf } }', { id: report });
  const other = await flashReport(hub, 'checker', words);
  await withdrawFlash(hub, 'checker', other.id, 'Canari-motif');
  thread = (await publishNew(hub, 'Alert', alertInput({ incidentId: incident, reportIds: [report] }))).id;
});

function expectNothing(text: string, where: string): void {
  for (const canary of CANARIES) expect([where, text.toLowerCase().includes(canary)]).toEqual([where, false]);
}

describe('no public door has a word of a flash (I-65)', () => {
  const doors = () => [
    ...[
      '/',
      '/?commune=91345',
      `/publications/${thread}`,
      `/publications/${thread}/r/1`,
      `/publications/${thread}.jsonld`,
    ],
    ...[`/cap/${thread}/latest.xml`, '/feeds/alerts.atom', '/feeds/publications.rss', '/feeds/publications.json'],
    ...[
      '/feeds/social/x.rss',
      '/feeds/social/x.json',
      '/feeds/social/x.csv',
      '/geo/alerts.geojson',
      '/geo/reports.geojson',
    ],
    ...['/metrics', '/readyz', '/healthz'],
  ];

  it('by pages, feeds, maps and figures', async () => {
    for (const door of doors()) {
      const answer = await fetch(`${hub.url}${door}`);
      expect([door, answer.status]).toEqual([door, 200]);
      expectNothing((await answer.text()).replace(/flash(?:ing)?[- ]?flood/gi, ''), door);
    }
  });

  it('by GraphQL, of which nobody without a token reads a flash, or what was published with its report', async () => {
    const PUBLIC = `{ publications(first: 100) { nodes { id text { headline } history { number } } } incidents(first: 10) { nodes { id title } } }`;
    expectNothing(JSON.stringify(await hub.as().request(PUBLIC)), 'publications');
    const schema = buildClientSchema(await hub.as().request<IntrospectionQuery>(getIntrospectionQuery()));
    for (const field of ['flashes', 'flash(id: "01890000-0000-7000-8000-000000000000")']) {
      const answer = await fetch(`${hub.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: `{ ${field} { __typename } }` }),
      });
      expect(await answer.text()).toContain('UNAUTHENTICATED');
    }
    expect(schema.getType('Flash')).toBeDefined();
  });

  it('by the journal, from which every follower, feed, webhook and letter is told', async () => {
    await withSession(url, async (session) => {
      const rows = await sqlOver(session)<{ document: object }>('select document from journal_entry');
      expect(rows.length).toBeGreaterThan(0);
      expectNothing(JSON.stringify(rows), 'journal');
    });
  });

  it('and the desk reads it, so that there was something to find', async () => {
    const answer = await hub.as('editor').request<object>('{ flashes { nodes { what place remark withdrawnFor } } }');
    const text = JSON.stringify(answer).toLowerCase();
    for (const canary of CANARIES.slice(0, 4)) expect(text).toContain(canary);
  });
});

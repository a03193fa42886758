import { randomUUID } from 'node:crypto';
import { GraphQLClient } from 'graphql-request';
import { afterAll, expect, it } from 'vitest';
import { draftReport, freezeNext, SITUATION_REPORT } from '../../support/crisis-cell/situation-desk.ts';
import { testDatabase } from '../../support/database/database.ts';
import { NOTED, noteStatements } from '../../support/database/statements.ts';
import { alertInput, openIncident, publishNew } from '../../support/desk/desk.ts';
import { startHub, tokens } from '../../support/hub/hub.ts';

const read = noteStatements();
const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

/** How many statements a query takes, and how many situation reports it answers. */
async function asked(query: string): Promise<{ reports: number; statements: number }> {
  const noted = randomUUID();
  const headers = { authorization: `Bearer ${tokens.checker}`, [NOTED]: noted };
  const client = new GraphQLClient(`${hub.url}/graphql`, { headers });
  const { files } = await client.request<{ files: { nodes: { situationReports: object[] }[] } }>(query);
  const reports = files.nodes.flatMap(({ situationReports }) => situationReports).length;
  return { reports, statements: read(noted).length };
}

it('a page of incidents with all their situation reports takes as many statements for many as for one', async () => {
  const whole = `{ files: incidentFiles(first: 100) { nodes { id situationReports { ${SITUATION_REPORT} } } } }`;
  // An account is found at the first request of a person to a hub, and then remembered.
  await hub.as('checker').request('{ viewer { id } }');
  const incident = await openIncident(hub, 'compte');
  await publishNew(hub, 'Alert', alertInput({ incidentId: incident }));
  const first = await freezeNext(hub, incident);
  await draftReport(hub, incident, first.id);
  const few = await asked(whole);
  for (const slug of ['compte-1', 'compte-2', 'compte-3', 'compte-4']) {
    const other = await openIncident(hub, slug);
    for (let count = 0; count < 5; count += 1) await freezeNext(hub, other);
    await draftReport(hub, other);
  }
  const many = await asked(whole);
  expect([few.reports, many.reports]).toEqual([2, 26]);
  // The page, its files, their reports, the figures of drafts, what is replaced.
  expect(many.statements).toBe(few.statements);
  expect(few.statements).toBeLessThanOrEqual(6);
}, 120_000);

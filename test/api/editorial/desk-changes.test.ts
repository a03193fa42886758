import { type Client, createClient } from 'graphql-ws';
import { afterAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Persona } from '../../../src/development/development-tokens.ts';
import { testDatabase } from '../../support/database/database.ts';
import { draft, hoursFromNow, step } from '../../support/desk/desk.ts';
import { startHub, tokens } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const [hub, second] = [await startHub({ url }), await startHub({ url })];
const clients: Client[] = [];
afterAll(async () => {
  for (const client of clients) await client.dispose();
  await hub.close();
  await second.close();
});

interface Told {
  dossier: { id: string; stage: string } | null;
  report: { id: string; state: string } | null;
}

/** Follows the desk as a persona, over the second hub: what the first one does must cross over. */
function follow(persona?: Persona) {
  const client = createClient({
    url: `${second.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: persona ? { authorization: `Bearer ${tokens[persona]}` } : {},
  });
  clients.push(client);
  return client.iterate<{ deskChanges: Told }>({
    query: 'subscription { deskChanges { at dossier { id stage } report { id state } } }',
  });
}

describe('deskChanges', () => {
  it('tells staff what happens to dossiers and reports, over another hub, as it stands', async () => {
    const changes = follow('validator');
    const first = changes.next();
    // The subscription is opened when its first message can be heard: keep drafting until it is.
    let heard: Told | undefined;
    const opened = first.then(({ value }) => {
      heard = value?.data?.deskChanges ?? undefined;
    });
    let { id, version } = await draft(hub, 'Alert');
    await expect
      .poll(async () => {
        if (!heard) ({ id, version } = await draft(hub, 'Alert'));
        return heard?.dossier?.stage;
      })
      .toBe('DRAFT');
    await opened;
    await step(hub, 'submitDossier', 'editor', { id, version, stage: 'DRAFT' });
    const next = async (wanted: (told: Told) => boolean): Promise<Told> => {
      for (;;) {
        const told = (await changes.next()).value?.data?.deskChanges;
        if (told && wanted(told)) return told;
      }
    };
    const submitted = await next(({ dossier }) => dossier?.id === id && dossier.stage === 'IN_REVIEW');
    expect(submitted.report).toBeNull();
    const { submitReport } = await hub
      .as('volunteer')
      .request<{ submitReport: { report: { id: string } } }>(
        'mutation ($input: FieldReportInput!) { submitReport(input: $input) { report { id } } }',
        { input: { text: 'De l’eau rue Gambetta', channel: 'CALL', seenAt: hoursFromNow(-1), commune: '91326' } },
      );
    const told = await next((change) => change.report?.id === submitReport.report.id);
    expect(told).toMatchObject({ dossier: null, report: { state: 'NEW' } });
  });

  it.each([
    ['nobody', undefined, 'UNAUTHENTICATED'],
    ['a volunteer', 'volunteer', 'FORBIDDEN'],
    ['a scheduler', 'scheduler', 'FORBIDDEN'],
  ] as const)('is refused to %s', async (_who, persona, code) => {
    await expect(follow(persona).next()).rejects.toMatchObject([{ extensions: { code } }]);
  });
});

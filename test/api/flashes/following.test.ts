import { randomUUID } from 'node:crypto';
import { GraphQLClient } from 'graphql-request';
import { type Client, createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { answerFlash, FLASH, flashReport } from '../../support/crisis-cell/flash-desk.ts';
import { testDatabase } from '../../support/database/database.ts';
import { NOTED, noteStatements } from '../../support/database/statements.ts';
import { openIncident } from '../../support/desk/desk.ts';
import { type Hub, startHub, tokens } from '../../support/hub/hub.ts';
import { tell } from '../../support/tell.ts';

/** Followers of the desk hear of flashes as of calls, and a page of them is read at once. */
const read = noteStatements();
let hub: Hub;
let client: Client;
beforeAll(async () => {
  const { url } = await testDatabase();
  hub = await startHub({ url });
  client = createClient({
    url: `${hub.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${tokens.editor}` },
  });
});
afterAll(async () => {
  await client.dispose();
  await hub.close();
});

interface Told {
  report: { id: string } | null;
  flash: { id: string; state: string; report: { id: string } } | null;
  calls: { reason: string; flash: { id: string } | null }[];
}

it('deskChanges tells of a flash with its report and call, and of its answer', async () => {
  const changes = client.iterate<{ deskChanges: Told }>({
    query: `subscription { deskChanges { report { id } flash { id state report { id } } calls { reason flash { id } } } }`,
  });
  let isOpen = false;
  const opened = changes.next().then(() => {
    isOpen = true;
  });
  // The subscription is opened when its first message can be heard: keep reporting until it is.
  const reporting = expect
    .poll(async () => {
      if (!isOpen) await flashReport(hub);
      return isOpen;
    })
    .toBe(true);
  await Promise.all([opened, reporting]);
  const next = async (wanted: (told: Told) => boolean): Promise<Told> => {
    for (;;) {
      const told = (await changes.next()).value?.data?.deskChanges;
      if (told && wanted(told)) return told;
    }
  };
  const { id, report } = await flashReport(hub);
  const isAbout = (told: Told) => told.report?.id === report.id && told.flash !== null;
  expect(await next(isAbout)).toEqual({
    report: { id: report.id },
    flash: { id, state: 'SENT', report: { id: report.id } },
    calls: [{ reason: 'FLASH', flash: { id } }],
  });
  await answerFlash(hub, 'duty', id);
  const answered = await next((told) => isAbout(told) && told.flash?.state === 'ANSWERED');
  expect(answered.calls).toEqual([]);
});

it('a page of flashes takes as many statements for many as for few', async () => {
  const page = `{ flashes(first: 100) { totalCount nodes { ${FLASH} report { text flash { number } } } } }`;
  const asked = async () => {
    const noted = randomUUID();
    const headers = { authorization: `Bearer ${tokens.editor}`, [NOTED]: noted };
    const { flashes } = await new GraphQLClient(`${hub.url}/graphql`, { headers }).request<{
      flashes: { nodes: object[] };
    }>(page);
    return { flashes: flashes.nodes.length, statements: read(noted).length };
  };
  await hub.as('editor').request('{ viewer { id } }');
  const incident = await openIncident(hub, 'beaucoup-de-flashs');
  await flashReport(hub, 'checker', { incident });
  const few = await asked();
  for (let count = 0; count < 10; count += 1)
    await answerFlash(hub, 'duty', (await flashReport(hub, 'checker', { incident })).id);
  const many = await asked();
  tell(`${many.statements} statements for a page of flashes`);
  expect(many.flashes).toBe(few.flashes + 10);
  expect(many.statements).toBe(few.statements);
  expect(few.statements).toBeLessThanOrEqual(6);
});

import { readFileSync } from 'node:fs';
import { createClient } from 'graphql-ws';
import { afterAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { testDatabase } from '../../support/database/database.ts';
import { publishNew } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

/** The README cannot rot: what it tells to paste is pasted here, into a hub with the demo. */
const { url } = await testDatabase();
const hub = await startHub({ url, demo: true });
afterAll(() => hub.close());

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
const [query = '', subscription = ''] = [...readme.matchAll(/```graphql\n([\s\S]*?)```/g)].map(([, text]) => text);

interface Situation {
  situation: {
    asOf: string;
    stale: boolean;
    alerts: {
      severity: string;
      vigilance: string;
      text: { headline: string; instruction: string };
      areas: { communes: { name: string }[] }[];
      history: { number: number }[];
    }[];
    closures: { observed: { state: string } }[];
  };
}

it('answers what it says: the demo’s alerts for Longjumeau, gravest first, with texts, areas, communes, history', async () => {
  const { situation } = await hub.as().request<Situation>(query);
  expect(situation.stale).toBe(false);
  expect(situation.alerts.map(({ severity, vigilance }) => [severity, vigilance])).toEqual([
    ['EXTREME', 'RED'],
    ['SEVERE', 'ORANGE'],
  ]);
  expect(situation.alerts[1]?.history.map(({ number }) => number)).toEqual([1, 2, 3]);
  const communes = situation.alerts.flatMap(({ areas }) =>
    areas.flatMap((area) => area.communes.map(({ name }) => name)),
  );
  expect(communes).toEqual(expect.arrayContaining(['Longjumeau', 'Corbeil-Essonnes', 'Savigny-sur-Orge']));
  expect(situation.alerts.every(({ text }) => text.headline && text.instruction)).toBe(true);
  expect(situation.closures.map(({ observed }) => observed.state)).toEqual(['REOPENED']);
});

it('follows what it says: a checkpoint at once, then the publication', async () => {
  const client = createClient({ url: `${hub.url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
  const changes = client.iterate<{ changes: { type: string; publication: { text: { headline: string } } | null } }>({
    query: subscription,
  });
  expect((await changes.next()).value?.data?.changes.type).toBe('CHECKPOINT');
  await publishNew(hub);
  expect((await changes.next()).value?.data?.changes).toMatchObject({
    type: 'PUBLISHED',
    publication: { text: { headline: 'L’Yvette déborde à Longjumeau' } },
  });
  await client.dispose();
});

it('was written by other people than approved it, and the desk sees who', async () => {
  const { dossiers } = await hub
    .as('validator')
    .request<{ dossiers: { nodes: { editors: { name: string }[]; approvals: { by: { name: string } }[] }[] } }>(
      '{ dossiers { nodes { editors { name } approvals { by { name } } } } }',
    );
  expect(dossiers.nodes.length).toBeGreaterThan(6);
  for (const { editors, approvals } of dossiers.nodes) {
    expect(approvals.length).toBeGreaterThan(0);
    for (const { by } of approvals) expect(editors.map(({ name }) => name)).not.toContain(by.name);
  }
});

it('is at most 120 lines long', () => {
  expect(readme.split('\n').length).toBeLessThanOrEqual(120);
});

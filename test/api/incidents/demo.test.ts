import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it, onTestFinished } from 'vitest';
import { replay } from '../../../src/development/demo/replay.ts';
import { testDatabase } from '../../support/database/database.ts';
import { readLog } from '../../support/desk/log-desk.ts';
import { startHub, tokens } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url, demo: true });
afterAll(() => hub.close());

interface Files {
  incidentFiles: { nodes: { id: string; incident: { title: string } }[] };
}
const FILES = `{ incidentFiles { nodes { id incident { title } level objectives levelChanges { level }
  onDuty { dutyFunction rank account { name } } situationReports { number state } } } }`;

const floods = async () =>
  (await hub.as('duty').request<Files>(FILES)).incidentFiles.nodes.filter(
    ({ incident }) => incident.title === 'Crue de juin 2016',
  );

const CELL = {
  level: 'PARTIAL',
  objectives: expect.arrayContaining([expect.stringContaining('riverains')]),
  levelChanges: [{ level: 'REINFORCED' }, { level: 'PARTIAL' }],
  onDuty: expect.arrayContaining([
    { dutyFunction: 'LEAD', rank: 1, account: { name: 'Claire Moreau (astreinte)' } },
    { dutyFunction: 'VALIDATOR', rank: 2, account: { name: 'Thomas Girard (validation)' } },
  ]),
  situationReports: [{ number: 1, state: 'FROZEN' }],
};

const kindsOf = async (incident: string) => new Set((await readLog(hub, incident)).map(({ kind }) => kind));
const confirmations = async (incident: string) =>
  (await readLog(hub, incident)).filter(({ text }) => text.startsWith('Ordre oral confirmé : arrêté n°\u00a0153'));

it('shows the crisis cell of the flood as it stands now, with what was said and done', async () => {
  const [flood] = await floods();
  expect(flood).toMatchObject(CELL);
  const kinds = await kindsOf(flood?.id ?? '');
  for (const kind of ['DEED', 'MESSAGE_IN', 'REQUEST', 'DECISION']) expect(kinds).toContain(kind);
  expect(await confirmations(flood?.id ?? '')).toHaveLength(1);
});

it('replays the cell through the mutations, in an incident of its own', async () => {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'tocsin-test-'));
  onTestFinished(() => rm(dataDir, { recursive: true }));
  await writeFile(path.join(dataDir, 'dev-tokens.json'), JSON.stringify(tokens));
  const said: string[] = [];
  await replay({ scenario: 'crue', url: hub.url, dataDir, pauseSeconds: 0, say: (line) => said.push(line) });
  expect(said.at(-1)).toBe('Fin.');
  const [replayed, ...others] = await floods();
  expect(others).toHaveLength(1);
  expect(replayed).toMatchObject(CELL);
  expect(await kindsOf(replayed?.id ?? '')).toContain('REQUEST');
  expect(await confirmations(replayed?.id ?? '')).toHaveLength(1);
});

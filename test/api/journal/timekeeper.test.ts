import { afterAll, expect, it } from 'vitest';
import { parisTime, SetClock } from '../../../src/clock.ts';
import { testDatabase } from '../../support/database/database.ts';
import { closureInput, draft, eventInput, publishNew, step } from '../../support/desk/desk.ts';
import { Follower } from '../../support/following/follower.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const HOUR = 3600_000;
const begin = Date.now();
const at = (hours: number) => parisTime(new Date(begin + hours * HOUR));
const clock = new SetClock(new Date(begin));
const hubs = [await startHub({ url, clock }), await startHub({ url, clock })] as const;
const [hub] = hubs;
afterAll(async () => {
  for (const one of hubs) await one.close();
});

const state = async (id: string) =>
  (
    await hub
      .as()
      .request<{ publication: { state: string } }>('query ($id: ID!) { publication(id: $id) { state } }', { id })
  ).publication.state;

it('announces the start and the end when they come, once each, with two hubs at work', async () => {
  const { id } = await publishNew(hub, 'Event', eventInput({ startsAt: at(1), endsAt: at(3) }));
  const follower = new Follower(hub.url);
  await follower.ready();
  expect(await state(id)).toBe('UPCOMING');
  clock.set(at(2));
  await follower.until(({ heard }) => heard.length === 1);
  expect(await state(id)).toBe('IN_FORCE');
  clock.set(at(4));
  await follower.until(({ heard }) => heard.length === 2);
  expect(await state(id)).toBe('ENDED');
  // A later change proves that nothing was announced twice in between.
  const closure = await publishNew(hub, 'Closure', closureInput({ startsAt: at(-1), endsAt: at(10) }));
  await follower.until(({ heard }) => heard.length >= 3);
  expect(follower.heard.map(({ type, publication }) => [type, publication?.id])).toEqual([
    ['STARTED', id],
    ['ENDED', id],
    ['PUBLISHED', closure.id],
  ]);
  await follower.stop();
  const { publications } = await hub
    .as()
    .request<{ publications: { nodes: { id: string }[] } }>(
      '{ publications(where: { states: [ENDED] }) { nodes { id } } }',
    );
  expect(publications.nodes.map((node) => node.id)).toEqual([id]);
});

it('publishes what was scheduled when its time has come', async () => {
  const written = await draft(hub, 'Closure', closureInput({ startsAt: at(8), endsAt: at(20) }));
  const approved = await step(hub, 'approveDossier', 'validator', await step(hub, 'submitDossier', 'editor', written));
  const { publishDossier } = await hub
    .as('validator')
    .request<{ publishDossier: { dossier: { stage: string } } }>(
      'mutation ($id: ID!, $version: Int!, $at: DateTime) { publishDossier(id: $id, version: $version, at: $at) { dossier { stage } } }',
      { id: approved.id, version: approved.version, at: at(6) },
    );
  expect(publishDossier.dossier.stage).toBe('SCHEDULED');
  const follower = new Follower(hub.url);
  await follower.ready();
  clock.set(at(6.5));
  await follower.until(({ heard }) => heard.some(({ publication }) => publication?.id === written.id));
  expect(await state(written.id)).toBe('UPCOMING');
  await follower.stop();
});

import { rm } from 'node:fs/promises';
import { afterAll, expect, it } from 'vitest';
import { type EmbeddedDatabase, startEmbedded } from '../../../src/development/embedded/embedded.ts';
import { openFolder } from '../../support/database/embedded.ts';
import { alertInput, draft, publishNew, refusal } from '../../support/desk/desk.ts';
import { Follower } from '../../support/following/follower.ts';
import { startHub, tokens } from '../../support/hub/hub.ts';

/** PostgreSQL goes away and comes back under one hub, which nobody restarts. */
const ROUNDS = 20;

const dataDir = await openFolder();
const start = () => startEmbedded({ dataDir, durable: false });
let database: EmbeddedDatabase = await start();
const hub = await startHub({ url: database.url });
afterAll(async () => {
  await hub.close();
  await database.stop();
  await rm(dataDir, { recursive: true, force: true });
});

const situation = async () =>
  (
    await hub
      .as()
      .request<{ situation: { stale: boolean; alerts: { id: string }[] } }>(
        '{ situation(place: { commune: "91345" }) { stale alerts { id } } }',
      )
  ).situation;

const ARCHIVE = '{ publications(where: { states: [ENDED] }) { totalCount } }';
const VERIFY = 'mutation { verifyPublication(id: "01890000-0000-7000-8000-000000000000") { asOf } }';

/** The message of the one error that an editor is answered. */
async function adviceTo(query: string, headers: Record<string, string> = {}): Promise<string> {
  const answer = await fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens.editor}`, ...headers },
    body: JSON.stringify({ query }),
  });
  const { errors } = (await answer.json()) as { errors: { message: string; extensions: { code: string } }[] };
  expect(errors.map(({ extensions }) => extensions.code)).toEqual(['UNAVAILABLE']);
  return errors[0]?.message ?? '';
}

it(`stays readable, marked stale, and works again ${ROUNDS} times over, with nothing lost and the pool whole (D-5)`, async () => {
  const follower = new Follower(hub.url);
  await follower.ready();
  const published = [(await publishNew(hub)).id];
  for (let round = 0; round < ROUNDS; round++) {
    await database.stop();
    await expect.poll(situation).toMatchObject({ stale: true });
    expect((await situation()).alerts).toHaveLength(published.length);
    expect((await refusal(draft(hub, 'Alert', alertInput()))).code).toBe('UNAVAILABLE');
    expect(await adviceTo(ARCHIVE)).toBe('the database cannot be reached: try again; what is public stays readable');
    expect(await adviceTo(VERIFY, { 'idempotency-key': `round-${round}` })).toMatch(/with the same Idempotency-Key$/);
    expect((await fetch(`${hub.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${hub.url}/healthz`)).status).toBe(200);

    database = await start();
    await expect.poll(situation).toMatchObject({ stale: false });
    published.push((await publishNew(hub)).id);
    expect((await situation()).alerts.map(({ id }) => id).sort()).toEqual([...published].sort());
  }
  await follower.until(({ heard }) => heard.length >= published.length);
  expect(follower.heard.map(({ publication }) => publication?.id)).toEqual(published);
  await follower.stop();
}, 180_000);

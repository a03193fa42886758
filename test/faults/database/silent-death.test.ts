import { afterAll, expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { FaultProxy } from '../../support/database/fault-proxy.ts';
import { alertInput, draft, publishNew, refusal } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';
import { readiness } from '../../support/hub/readiness.ts';

const { url } = await testDatabase();
const proxy = await FaultProxy.to(url);
const hub = await startHub({ url: proxy.databaseUrl });
afterAll(async () => {
  await hub.close();
  await proxy.close();
});

const write = () => draft(hub, 'Alert', alertInput());
/** As many desk queries at once as make the pool open all of its connections. */
const fillPool = () =>
  Promise.all(Array.from({ length: 12 }, () => hub.as('editor').request('{ dossiers(first: 1) { totalCount } }')));

/** How many milliseconds go by until a write is answered well; every one before is UNAVAILABLE. */
async function untilWritten(): Promise<number> {
  const begun = performance.now();
  for (;;) {
    const outcome = await write().then(
      () => 'written',
      (error) => error,
    );
    if (outcome === 'written') return performance.now() - begun;
    expect((await refusal(Promise.reject(outcome))).code).toBe('UNAVAILABLE');
  }
}

it('the first good write comes within ten seconds after the open connections were forgotten, and readiness says so meanwhile', async () => {
  await fillPool();
  proxy.swallow();
  const notReady = expect.poll(async () => (await readiness(hub)).status, { interval: 50 }).toBe(503);
  expect(await untilWritten()).toBeLessThan(10_000);
  await notReady;
  await expect.poll(async () => (await readiness(hub)).status).toBe(200);
  await publishNew(hub);
});

it('all connections die in the middle of work, and those who write at once are all answered', async () => {
  await fillPool();
  const writers = Array.from({ length: 10 }, () => untilWritten());
  proxy.swallow();
  for (const milliseconds of await Promise.all(writers)) expect(milliseconds).toBeLessThan(15_000);
});

it('in a black hole metrics answer at once, readiness says why, and what is public is stale; afterwards all is well', async () => {
  proxy.fallSilent();
  await expect
    .poll(() => readiness(hub))
    .toMatchObject({ status: 503, checks: { writes: expect.stringMatching(/does not answer|has not answered/) } });
  const begun = performance.now();
  const metrics = await (await fetch(`${hub.url}/metrics`)).text();
  expect(performance.now() - begun).toBeLessThan(2_500);
  expect(metrics).toMatch(/^tocsin_cosign_overdue Nan$/m);
  expect(metrics).toMatch(/^tocsin_database_writable 0$/m);
  const stale = async () =>
    (await hub.as().request<{ situation: { stale: boolean } }>('{ situation(place: { commune: "91345" }) { stale } }'))
      .situation.stale;
  await expect.poll(stale).toBe(true);
  proxy.hear();
  expect(await untilWritten()).toBeLessThan(20_000);
  await expect.poll(() => readiness(hub)).toMatchObject({ status: 200, checks: { writes: 'ok' } });
  await expect.poll(stale).toBe(false);
});

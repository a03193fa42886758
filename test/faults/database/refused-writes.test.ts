import { expect, it, onTestFinished } from 'vitest';
import { startEmbedded } from '../../../src/development/embedded/embedded.ts';
import { withSession } from '../../support/database/cluster.ts';
import { temporaryFolder } from '../../support/database/embedded.ts';
import { fillUp, smallDisk } from '../../support/database/small-disk.ts';
import { alertInput, draft, publishNew, refusal } from '../../support/desk/desk.ts';
import { type Hub, startHub } from '../../support/hub/hub.ts';
import { readiness } from '../../support/hub/readiness.ts';

/** A hub on a database in a folder; both end with the test. */
async function hubOn(dataDir: string): Promise<{ hub: Hub; url: string }> {
  const database = await startEmbedded({ dataDir, durable: false });
  onTestFinished(() => database.stop());
  const hub = await startHub({ url: database.url });
  onTestFinished(() => hub.close());
  return { hub, url: database.url };
}

const stale = async (hub: Hub) =>
  (await hub.as().request<{ situation: { stale: boolean } }>('{ situation(place: { commune: "91345" }) { stale } }'))
    .situation.stale;

it('a database that takes no writes: readiness says so, what is public is stale, mutations are UNAVAILABLE', async () => {
  const { hub, url } = await hubOn(await temporaryFolder());
  await publishNew(hub);
  expect(await readiness(hub)).toMatchObject({ status: 200, checks: { writes: 'ok' } });
  const setReadOnly = (value: 'on' | 'off') =>
    withSession(url, async (session) => {
      await session.query('set default_transaction_read_only = off');
      await session.query(`alter system set default_transaction_read_only = ${value}`);
      await session.query('select pg_reload_conf()');
    });
  await setReadOnly('on');
  await expect
    .poll(() => readiness(hub))
    .toMatchObject({ status: 503, checks: { writes: expect.stringContaining('read-only'), database: 'ok' } });
  expect(await stale(hub)).toBe(true);
  expect((await refusal(draft(hub, 'Alert', alertInput()))).code).toBe('UNAVAILABLE');
  await setReadOnly('off');
  await expect.poll(() => readiness(hub)).toMatchObject({ status: 200 });
  expect(await stale(hub)).toBe(false);
  await publishNew(hub);
});

it('a full disk: mutations are UNAVAILABLE and never INTERNAL, reads go on, readiness says so, and all is well with room again', async ({
  skip,
}) => {
  const folder = await smallDisk(160);
  if (!folder) return skip('a full disk is not tried, because nobody may mount a small one here');
  const { hub } = await hubOn(folder);
  await publishNew(hub);
  const makeRoom = await fillUp(folder);
  await expect
    .poll(() => readiness(hub))
    .toMatchObject({ status: 503, checks: { writes: expect.stringContaining('no room') } });
  const codes = new Set<string>();
  for (let attempt = 0; attempt < 150; attempt++) {
    const outcome = await draft(hub, 'Alert', alertInput()).catch((error: unknown) => refusal(Promise.reject(error)));
    if ('code' in outcome) codes.add(String(outcome.code));
  }
  expect([...codes]).toEqual(['UNAVAILABLE']);
  expect(await stale(hub)).toBe(false);
  await makeRoom();
  await expect.poll(() => readiness(hub)).toMatchObject({ status: 200 });
  await publishNew(hub);
});

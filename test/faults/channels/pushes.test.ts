import path from 'node:path';
import { expect, it } from 'vitest';
import { until } from '../../../src/development/embedded/processes.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { publishNew } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';
import { startHubProcess } from '../../support/hub/started-hub.ts';
import { allPushed, plantReaders, pushSecrets } from '../../support/push/push-desk.ts';
import { PushReader, pushServiceOfTest, pushTargets } from '../../support/receivers/push-service.ts';

/** Readers; more by PUSH_READERS. Of 2,000 and more their job is parted. */
const READERS = Number(process.env.PUSH_READERS ?? 1_500);
/** Subscriptions that one hub has in hand: four shards. */
const MOST_TWICE = 4 * 500;
/** A hub that comes back compiles first where nobody built it, and waits for the lease of the one that was killed. */
const WAIT_MS = 300_000;
const CHILD = path.join(import.meta.dirname, '../../support/hub/loopback-hub.ts');
const { url } = await testDatabase();

it(
  `a hub killed in the middle of ${READERS} pushes leaves nobody out: the next one goes on where it was`,
  async () => {
    const service = await pushServiceOfTest();
    const reader = await PushReader.subscribe(service.origin);
    const secrets = pushSecrets();
    const paths = await plantReaders(url, secrets, { origin: service.origin, reader, count: READERS });
    // It publishes, and pushes nothing itself.
    const hub = await startHub({ url });
    const { id } = await publishNew(hub);
    await hub.close();

    const { ca = '' } = await pushTargets();
    const given = [secrets.keys[0] ?? '', secrets.seal.toString('base64'), ca];
    const startChild = () =>
      startHubProcess({ env: { DATABASE_URL: url }, command: [process.execPath, CHILD, ...given] });
    let child = startChild();
    let killed = false;
    service.answer((respond) => {
      if (!killed && service.received.length > READERS / 2) {
        killed = true;
        child.process.kill('SIGKILL');
        void child.ended.then(() => {
          child = startChild();
        });
      } else respond(201);
    });
    const seen = () => new Set(service.received.map(({ path: to }) => to));
    expect(await until(() => killed && seen().size === READERS, WAIT_MS), child.printed()).toBe(true);
    await allPushed(url, id);

    expect([...seen()].sort()).toEqual(paths.toSorted());
    expect(service.received.length - READERS).toBeLessThanOrEqual(MOST_TWICE);
    expect((await reader.read(service.received.at(-1) as { body: Buffer })).tocsin.id).toBe(id);
    await withSession(url, async (session) => {
      const { rows } = await session.query('select from push_service');
      expect(rows).toEqual([]);
    });
    child.process.kill('SIGTERM');
    await child.ended;
  },
  WAIT_MS + 120_000,
);

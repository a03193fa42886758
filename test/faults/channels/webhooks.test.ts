import path from 'node:path';
import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import { until } from '../../../src/development/embedded/processes.ts';
import { testDatabase } from '../../support/database/database.ts';
import { publishNew } from '../../support/desk/desk.ts';
import { addHook, LOOPBACK } from '../../support/desk/webhook-desk.ts';
import { startHub } from '../../support/hub/hub.ts';
import { confirmOften } from '../../support/hub/many-entries.ts';
import { startHubProcess } from '../../support/hub/started-hub.ts';
import { type Received, startReceiver } from '../../support/receivers/receiver.ts';

/** How many; more by WEBHOOK_DELIVERIES. */
const MESSAGES = Number(process.env.WEBHOOK_DELIVERIES ?? 40);
/** Each costs the time of a lease. */
const KILLS = MESSAGES < 500 ? 1 : 3;
/** A hub that comes back compiles first where nobody built it, on a machine that may be under load. */
const WAIT_MS = 180_000 * KILLS + MESSAGES * 100;
const LIMIT_MS = WAIT_MS + 120_000;
const CHILD = path.join(import.meta.dirname, '../../support/hub/loopback-hub.ts');
const { url } = await testDatabase();
const startChild = () => startHubProcess({ env: { DATABASE_URL: url }, command: [process.execPath, CHILD] });
const positionOf = ({ body }: Received): number => JSON.parse(body).data.position;

it(
  `a hub killed in the middle of ${MESSAGES} messages loses none: each comes at least once, in order, under one id`,
  async () => {
    const hub = await startHub({ url, webhookTargets: LOOPBACK });
    const { url: to, received, answer } = await startReceiver();
    const { key } = await addHook(hub, to, { where: { kinds: ['ADVICE'] } });
    const { id } = await publishNew(hub, 'Advice');
    expect(await until(() => received.length === 1, 60_000)).toBe(true);
    await hub.close();
    await confirmOften(url, id, MESSAGES);

    let child = startChild();
    const kills = Array.from({ length: KILLS }, (_, index) => Math.floor((MESSAGES * (index + 1)) / (KILLS + 1)));
    answer((response) => {
      const [next] = kills;
      if (next === undefined || received.length < next) return void response.writeHead(204).end();
      // It dies before it is answered, or when it may or may not have noted the answer.
      if (kills.length === 2) response.writeHead(204).end();
      child.process.kill('SIGKILL');
      kills.shift();
      void child.ended.then(() => {
        child = startChild();
      });
    });
    const seen = () => new Set(received.map(positionOf)).size;
    expect(await until(() => seen() === MESSAGES + 1, WAIT_MS), child.printed()).toBe(true);

    expect(kills).toEqual([]);
    const positions = received.map(positionOf);
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    expect([...new Set(positions)]).toEqual(
      Array.from({ length: MESSAGES + 1 }, (_, index) => (positions[0] ?? 0) + index),
    );
    expect(positions.length).toBeGreaterThan(MESSAGES + 1);
    const ids = new Map(received.map((one) => [positionOf(one), one.signed['webhook-id']]));
    expect(new Set(ids.values()).size).toBe(MESSAGES + 1);
    for (const one of received) {
      expect(one.signed['webhook-id']).toBe(ids.get(positionOf(one)));
      expect(new Webhook(key).verify(one.body, one.signed)).toEqual(JSON.parse(one.body));
    }
    // testDatabase wants no session left behind.
    child.process.kill('SIGKILL');
    await child.ended;
  },
  LIMIT_MS,
);

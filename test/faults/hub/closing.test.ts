import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ApolloServer } from '@apollo/server';
import { MikroORM } from '@mikro-orm/postgresql';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type App, createApp } from '../../../src/app.ts';
import { SnapshotKeeper } from '../../../src/board/snapshot/snapshot-keeper.ts';
import { CapShelf } from '../../../src/channels/cap/cap-shelf.ts';
import { CardPress } from '../../../src/channels/cards/card-press.ts';
import type { AppOptions } from '../../../src/hub/options.ts';
import { Tail } from '../../../src/journal/tail.ts';
import { Followers } from '../../../src/live/following/followers.ts';
import { stagger } from '../../../src/live/following/stagger.ts';
import { createLogger } from '../../../src/operations/logs.ts';
import { Courier } from '../../../src/outgoing/courier.ts';
import { Timekeeper } from '../../../src/timekeeping/timekeeper.ts';
import { Watchkeeper } from '../../../src/watchers/watchkeeper.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { temporaryFolder } from '../../support/database/embedded.ts';
import { territory } from '../../support/hub/hub.ts';
import { watchResources } from '../../support/hub/resources.ts';
import { signingPair } from '../../support/hub/signing.ts';
import { PATIENCE_MS } from '../../support/patience.ts';

vi.mock('../../../src/live/following/stagger.ts', async (original) => {
  const actual = await original<typeof import('../../../src/live/following/stagger.ts')>();
  return { stagger: vi.fn(actual.stagger) };
});

const { url: databaseUrl, name } = await testDatabase();
const planted = new Error('planted');
const fail = async () => {
  throw planted;
};

afterEach(() => vi.restoreAllMocks());

async function options(): Promise<AppOptions> {
  return {
    databaseUrl,
    host: '127.0.0.1',
    port: 0,
    territory,
    logger: createLogger('silent'),
    capSender: 'tocsin.example',
    signing: signingPair,
    retentionDays: 30,
    snapshot: { file: path.join(await temporaryFolder(), 'board.snapshot'), writes: true },
  };
}

/** The sessions that the hub has, by name. */
const sessions = () =>
  withSession(databaseUrl, async (session) => {
    const { rows } = await session.query<{ application_name: string }>(
      `select application_name from pg_stat_activity
         where datname = $1 and pid <> pg_backend_pid() and backend_type = 'client backend'`,
      [name],
    );
    return rows.map(({ application_name }) => application_name);
  });

/** Waits until nothing is there that was opened since; sessions leave a moment after their client. */
async function expectNothingLeft(left: () => string[]): Promise<void> {
  for (const deadline = performance.now() + PATIENCE_MS; performance.now() < deadline; await pause(20))
    if (left().length === 0 && (await sessions()).length === 0) return;
  expect({ resources: left(), sessions: await sessions() }).toEqual({ resources: [], sessions: [] });
}

describe('a start that fails', () => {
  it.each<{ at: string; plant: (options: AppOptions) => unknown; error?: object }>([
    {
      at: 'its address',
      plant: (options) => Object.assign(options, { host: '192.0.2.1' }),
      error: { code: 'EADDRNOTAVAIL' },
    },
    { at: 'reading the journal', plant: () => vi.spyOn(Tail.prototype, 'start').mockImplementation(fail) },
    {
      at: 'the last step of the journal',
      plant: () =>
        vi.spyOn(CapShelf.prototype, 'keepUp').mockImplementation(() => {
          throw planted;
        }),
    },
    { at: 'the office', plant: (options) => plantIn(options, 'watcherTargets') },
    { at: 'the first of the ways out', plant: (options) => plantIn(options, 'issuers') },
    { at: 'the last of the ways out', plant: (options) => plantIn(options, 'metricsOfAll') },
    { at: 'its own work', plant: (options) => Object.assign(options, { fillEmpty: fail }) },
  ])('at $at closes everything that was opened, and says why', async ({ plant, error = planted }) => {
    const given = await options();
    const left = watchResources();
    plant(given);
    await expect(createApp(given)).rejects.toMatchObject(error);
    await expectNothingLeft(left);
  });

  it('because its port is in use closes everything that was opened, and says so', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const given = { ...(await options()), port };
    const left = watchResources();
    await expect(createApp(given)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await expectNothingLeft(left);
  });

  it('says why it failed, and logs what did not close after that', async () => {
    const lines: string[] = [];
    const given = await options();
    const logger = createLogger('warn');
    vi.spyOn(logger, 'warn').mockImplementation((_fields: unknown, line?: string) => void lines.push(String(line)));
    const left = watchResources();
    plantEnd(Tail.prototype, 'close');
    await expect(
      createApp({ ...given, logger, fillEmpty: () => Promise.reject(new Error('the first fault')) }),
    ).rejects.toThrow('the first fault');
    expect(lines).toContain('what was opened before the start failed did not close');
    await expectNothingLeft(left);
  });
});

describe('a hub that ends', () => {
  const started = async (): Promise<App> => {
    const app = await createApp(await options());
    // Its parts are at work: it leads, and has connections of the pool.
    await expect.poll(async () => (await (await fetch(`${app.url}/metrics`)).text()).includes('leads 1')).toBe(true);
    return app;
  };

  it('leaves no timer, no socket and no session', async () => {
    const left = watchResources();
    const app = await started();
    await app.close();
    await expectNothingLeft(left);
  });

  it.each<{ part: string; plant: () => unknown }>([
    { part: 'the streams of events', plant: () => plantDrain(1) },
    { part: 'the WebSockets', plant: () => plantDrain(2) },
    { part: 'the followers', plant: () => plantEnd(Followers.prototype, 'close') },
    { part: 'the server', plant: () => plantEnd(ApolloServer.prototype, 'stop') },
    { part: 'the cards', plant: () => plantEnd(CardPress.prototype, 'close') },
    { part: 'the courier', plant: () => plantEnd(Courier.prototype, 'close') },
    { part: 'the timekeeper', plant: () => plantEnd(Timekeeper.prototype, 'close') },
    { part: 'the watchers', plant: () => plantEnd(Watchkeeper.prototype, 'close') },
    { part: 'the snapshot', plant: () => plantEnd(SnapshotKeeper.prototype, 'close') },
    { part: 'the journal', plant: () => plantEnd(Tail.prototype, 'close') },
    { part: 'the database', plant: () => plantEnd(MikroORM.prototype, 'close') },
  ])('closes all the rest where $part did not close well, and reports it', async ({ plant }) => {
    const left = watchResources();
    const app = await started();
    plant();
    await expect(app.close()).rejects.toBe(planted);
    await expectNothingLeft(left);
  });
});

/** An option that throws when it is read. */
function plantIn(options: AppOptions, option: keyof AppOptions): void {
  Object.defineProperty(options, option, {
    get() {
      throw planted;
    },
  });
}

/** A method that does what it should, and then fails. */
function plantEnd<M extends string>(of: Record<M, (...given: never[]) => unknown>, method: M): void {
  const original = of[method];
  vi.spyOn(of, method as never).mockImplementation(async function (this: unknown, ...given: never[]) {
    await original.apply(this, given);
    throw planted;
  } as never);
}

/** The nth of the edges to send its readers away fails at it. */
function plantDrain(nth: number): void {
  const actual = vi.mocked(stagger).getMockImplementation();
  let calls = 0;
  vi.mocked(stagger).mockImplementation(async (...given) => {
    await actual?.(...given);
    calls += 1;
    if (calls === nth) throw planted;
  });
}

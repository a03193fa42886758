import { copyFile, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, describe, expect, it } from 'vitest';
import { CONNECT_MS } from '../../../src/database/session.ts';
import { sqlOver } from '../../../src/database/sql.ts';
import { type EmbeddedDatabase, startEmbedded } from '../../../src/development/embedded/embedded.ts';
import { declareRestore } from '../../../src/journal/restore.commands.ts';
import { withDatabase, withSession } from '../../support/database/cluster.ts';
import { openFolder } from '../../support/database/embedded.ts';
import { FaultProxy } from '../../support/database/fault-proxy.ts';
import { alertInput, draft, publishNew, refusal } from '../../support/desk/desk.ts';
import { Follower } from '../../support/following/follower.ts';
import { type Hub, startHub } from '../../support/hub/hub.ts';

/** A hub that starts, or starts again, while PostgreSQL is away. */
const dataDir = await openFolder();
const file = path.join(dataDir, 'board.snapshot');
const snapshot = { file, writes: true };
let database: EmbeddedDatabase | undefined;
const start = async () => {
  database = await startEmbedded({ dataDir, durable: false });
  return database.url;
};
const stop = async () => {
  await database?.stop();
  database = undefined;
};
const url = await start();
afterAll(async () => {
  await stop();
  await rm(dataDir, { recursive: true, force: true });
});

interface Situation {
  stale: boolean;
  asOf: string;
  alerts: { id: string }[];
}
const situation = async (hub: Hub): Promise<Situation> =>
  (
    await hub
      .as()
      .request<{ situation: Situation }>('{ situation(place: { commune: "91345" }) { stale asOf alerts { id } } }')
  ).situation;
const ready = async (hub: Hub) => {
  const answer = await fetch(`${hub.url}/readyz`);
  return { status: answer.status, checks: (await answer.json()).checks };
};
const changesAfter = async (hub: Hub, after: string) =>
  hub
    .as()
    .request<{ changes: { nodes: object[] } }>('query ($after: Cursor) { changes(after: $after) { nodes { type } } }', {
      after,
    });
const isFresh = (hub: Hub) => expect.poll(() => situation(hub)).toMatchObject({ stale: false });

/** Logs as an array of messages. */
function recorder() {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)).msg);
      done();
    },
  });
  return { lines, logger: pino({ level: 'warn' }, stream) };
}

describe('a hub that starts while PostgreSQL is away', () => {
  it('shows what was public last, marked stale, and then goes on with nothing lost and nothing twice', async () => {
    const before = await startHub({ url, snapshot });
    const first = await publishNew(before);
    const { asOf: early } = await situation(before);
    await before.close();
    await copyFile(file, `${file}-kept`);
    // What the snapshot does not know: it was published by a hub that keeps none.
    const elsewhere = await startHub({ url });
    const second = await publishNew(elsewhere);
    const { asOf: late } = await situation(elsewhere);
    await elsewhere.close();
    await stop();

    const hub = await startHub({ url, snapshot });
    expect(await situation(hub)).toEqual({ stale: true, asOf: early, alerts: [{ id: first.id }] });
    expect(await ready(hub)).toMatchObject({
      status: 503,
      checks: { database: expect.stringContaining('PostgreSQL') },
    });
    expect((await fetch(`${hub.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${hub.url}/metrics`)).status).toBe(200);
    expect((await refusal(draft(hub, 'Alert', alertInput()))).code).toBe('UNAVAILABLE');
    expect((await changesAfter(hub, early)).changes.nodes).toEqual([]);
    // It cannot know what came after, nor before.
    const start0 = Buffer.from(Buffer.from(early, 'base64url').toString().replace(/\d+$/, '0')).toString('base64url');
    for (const cursor of [late, start0]) expect((await refusal(changesAfter(hub, cursor))).code).toBe('UNAVAILABLE');
    const brief = await startHub({ url, snapshot: { file, writes: false } });
    await brief.close();
    const present = new Follower(hub.url, early);
    const ahead = new Follower(hub.url, late);

    await start();
    await isFresh(hub);
    const third = await publishNew(hub);
    await present.until(({ heard }) => heard.length === 2);
    await ahead.until(({ heard }) => heard.length === 1);
    expect(present.heard.map(({ publication }) => publication?.id)).toEqual([second.id, third.id]);
    expect(ahead.heard.map(({ publication }) => publication?.id)).toEqual([third.id]);
    expect((await situation(hub)).alerts.map(({ id }) => id).sort()).toEqual([first.id, second.id, third.id].sort());
    expect((await ready(hub)).status).toBe(200);
    await Promise.all([present.stop(), ahead.stop()]);
    await hub.close();
  });

  it('shows it too where PostgreSQL takes connections and says nothing', async () => {
    const hole = await FaultProxy.to(url);
    // A snapshot is of the database at one address.
    const kept = { file: `${file}-behind-a-hole`, writes: true };
    const before = await startHub({ url: hole.databaseUrl, snapshot: kept });
    const { alerts } = await situation(before);
    await before.close();
    hole.fallSilent();
    const hub = await startHub({ url: hole.databaseUrl, snapshot: kept });
    expect(await situation(hub)).toMatchObject({ stale: true, alerts });
    hole.hear();
    await isFresh(hub);
    await hub.close();
    await hole.close();
  });

  it('waits for one that answers late, where it has nothing to show', async () => {
    const hole = await FaultProxy.to(url);
    hole.fallSilent();
    setTimeout(() => hole.hear(), CONNECT_MS + 1_000);
    const hub = await startHub({ url: hole.databaseUrl });
    expect(await situation(hub)).toMatchObject({ stale: false });
    await hub.close();
    await hole.close();
  });

  it('takes up what is public anew, and sends its followers to start over, where a backup was restored meanwhile', async () => {
    await withSession(url, (session) => declareRestore(sqlOver(session)));
    await stop();
    const hub = await startHub({ url, snapshot: { file: `${file}-kept`, writes: false } });
    const { asOf } = await situation(hub);
    const follower = new Follower(hub.url, asOf);
    await start();
    await isFresh(hub);
    await follower.until(({ errors }) => errors.length > 0);
    expect(follower.errors).toMatchObject([
      [{ extensions: { code: 'RESYNC_REQUIRED', cursor: (await situation(hub)).asOf } }],
    ]);
    expect((await situation(hub)).alerts).toHaveLength(3);
    await follower.stop();
    await hub.close();
  });

  it('brings a database that comes up empty up to date before anybody uses it', async () => {
    await withSession(withDatabase(url, 'postgres'), async (session) => {
      await session.query('alter database tocsin rename to tocsin_full');
      await session.query('create database tocsin');
    });
    await stop();
    const hub = await startHub({ url, snapshot: { file: `${file}-kept`, writes: false } });
    expect((await situation(hub)).alerts).toHaveLength(1);
    await start();
    await isFresh(hub);
    expect((await situation(hub)).alerts).toEqual([]);
    const { id } = await publishNew(hub);
    expect((await situation(hub)).alerts).toEqual([{ id }]);
    await hub.close();
    await withSession(withDatabase(url, 'postgres'), async (session) => {
      await session.query('drop database tocsin');
      await session.query('alter database tocsin_full rename to tocsin');
    });
  });
});

describe('a snapshot', () => {
  const damage = (change: (text: string) => string) => async () =>
    writeFile(`${file}-other`, change(await readFile(`${file}-kept`, 'utf8')));

  it.each([
    ['cut short', damage((text) => text.slice(0, -20)), 'it is damaged'],
    ['with a letter changed', damage((text) => text.replace('inondé', 'inondE')), 'it is damaged'],
    ['that is none', damage(() => 'hello\n'), 'it is damaged, or no snapshot at all'],
    ['that is empty', damage(() => ''), 'it is damaged, or no snapshot at all'],
    [
      'of another version',
      damage((text) => text.replace('"version":2', '"version":0')),
      'it is of version 0, and not 2',
    ],
    [
      'of another database',
      damage((text) => text.replace(/"origin":"[^"]+"/, '"origin":"elsewhere"')),
      'it is of another database',
    ],
  ])('%s is left aside, aloud, and the hub does not start', async (_what, make, why) => {
    await make();
    await stop();
    const { lines, logger } = recorder();
    await expect(startHub({ url, logger, snapshot: { file: `${file}-other`, writes: false } })).rejects.toThrow();
    expect(lines).toContain(`the snapshot of what was public is left aside: ${why}`);
  });

  it('that cannot be written is told, and harms nobody', async () => {
    await start();
    await writeFile(path.join(dataDir, 'in-the-way'), '');
    const { lines, logger } = recorder();
    const hub = await startHub({
      url,
      logger,
      snapshot: { file: path.join(dataDir, 'in-the-way', 'board.snapshot'), writes: true },
    });
    await expect.poll(() => lines).toContain('the snapshot of what is public cannot be written');
    expect((await situation(hub)).stale).toBe(false);
    await hub.close();
    await stop();
  });

  it('is there alone, for its owner alone, and without a word of what is not public', async () => {
    await start();
    const hub = await startHub({ url, snapshot });
    const drafted = await draft(hub, 'Alert', alertInput());
    const { asOf } = await situation(hub);
    await hub.close();
    expect((await readdir(dataDir)).filter((name) => name.startsWith('board.snapshot.'))).toEqual([]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const text = await readFile(file, 'utf8');
    expect(text).not.toContain(drafted.id);
    const [epoch, position] = Buffer.from(asOf, 'base64url').toString().split('.').slice(1);
    expect(JSON.parse(text.split('\n')[0]!)).toMatchObject({ epoch, position: Number(position), entries: 3 });
  });
});

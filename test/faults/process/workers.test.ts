import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { GraphQLClient } from 'graphql-request';
import { expect, it } from 'vitest';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { kill, serversOf, supervisorsOf, temporaryFolder } from '../../support/database/embedded.ts';
import { publishNew } from '../../support/desk/desk.ts';
import { Follower } from '../../support/following/follower.ts';
import { given } from '../../support/given.ts';
import type { Hub } from '../../support/hub/hub.ts';
import { addressOf, startHubProcess } from '../../support/hub/started-hub.ts';

const { url: databaseUrl, name } = await testDatabase();
const onLinux = given(existsSync('/proc/self/stat'), 'processes can be watched through /proc');

/** The desk of a hub in another process, by the tokens in its folder. */
async function deskOf(url: string, dataDir: string): Promise<Pick<Hub, 'as'>> {
  const tokens = JSON.parse(await readFile(path.join(dataDir, 'dev-tokens.json'), 'utf8'));
  return {
    as: (persona) =>
      new GraphQLClient(`${url}/graphql`, { headers: persona ? { authorization: `Bearer ${tokens[persona]}` } : {} }),
  };
}

/** A hub of two workers over the database of these tests, without the demo. */
const startTwoWorkers = (dataDir: string, more: Record<string, string> = {}) =>
  startHubProcess({
    env: {
      PORT: '0',
      DATABASE_URL: databaseUrl,
      TOCSIN_DATA_DIR: dataDir,
      TOCSIN_DEMO: 'false',
      TOCSIN_WORKERS: '2',
      ...more,
    },
  });

/** How many hub processes read the journal. */
const tails = () =>
  withSession(databaseUrl, async (session) => {
    const { rows } = await session.query(
      `select 1 from pg_stat_activity where datname = $1 and application_name = 'tocsin tail'`,
      [name],
    );
    return rows.length;
  });

/** Wakes a process that was stopped, if it is still there. */
const goOn = (pid: number) => {
  try {
    process.kill(pid, 'SIGCONT');
  } catch {
    // Gone, as it should be.
  }
};

const metric = async (url: string, wanted: string) =>
  Number(new RegExp(`^${wanted} (\\S+)$`, 'm').exec(await (await fetch(`${url}/metrics`)).text())?.[1]);

const pidsOf = (printed: string) =>
  [...printed.matchAll(/"worker":(\d+),"pid":(\d+),"msg":"a worker starts"/g)].map(([, worker, pid]) => ({
    worker: Number(worker),
    pid: Number(pid),
  }));

it('two workers are one hub: what one publishes, the followers of both hear, also when one is killed', async () => {
  const dataDir = await temporaryFolder();
  const hub = startTwoWorkers(dataDir);
  const url = await addressOf(hub);
  await expect.poll(tails).toBe(2);
  await expect.poll(() => metric(url, 'tocsin_processes')).toBe(2);
  const desk = (await deskOf(url, dataDir)) as Hub;

  // Connections go to the workers in turn.
  const followers = Array.from({ length: 6 }, () => new Follower(url));
  await Promise.all(followers.map((follower) => follower.ready()));
  await expect.poll(() => metric(url, 'tocsin_followers')).toBe(6);
  const published = [await publishNew(desk), await publishNew(desk)];
  await Promise.all(followers.map((follower) => follower.until(({ heard }) => heard.length === 2)));

  const victim = pidsOf(hub.printed()).find(({ worker }) => worker === 1);
  kill(victim?.pid);
  // As often as there may be connections to the one that is gone.
  const publish = (left: number): ReturnType<typeof publishNew> =>
    publishNew(desk).catch((error) => (left > 0 ? publish(left - 1) : Promise.reject(error)));
  published.push(await publish(6));
  await Promise.all(followers.map((follower) => follower.until(({ heard }) => heard.length === 3)));
  await expect.poll(() => metric(url, 'tocsin_processes').catch(() => 0)).toBe(2);
  await expect.poll(tails).toBe(2);
  expect(pidsOf(hub.printed()).map(({ worker }) => worker)).toEqual([1, 2, 1]);
  published.push(await publishNew(desk));
  for (const follower of followers) {
    await follower.until(({ heard }) => heard.length === 4);
    expect(follower.heard.map(({ publication }) => publication?.id)).toEqual(published.map(({ id }) => id));
  }
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);

  hub.process.kill('SIGTERM');
  await Promise.all(followers.map((follower) => follower.stop()));
  expect(await hub.ended, hub.printed()).toBe(0);
  expect(await tails()).toBe(0);
});

it.runIf(onLinux)('a worker that hangs is replaced, and its followers go on; one that only paused is not', async () => {
  const dataDir = await temporaryFolder();
  const hub = startTwoWorkers(dataDir, {
    TOCSIN_HANG_SECONDS: '4',
  });
  const url = await addressOf(hub);
  await expect.poll(() => metric(url, 'tocsin_processes')).toBe(2);
  // A worker answers for its figures before it serves; from then on it is watched.
  await expect.poll(hub.printed).toMatch(/"worker":2,"pid":\d+,"msg":"a worker serves"/);
  const followers = Array.from({ length: 6 }, () => new Follower(url));
  await Promise.all(followers.map((follower) => follower.ready()));
  await expect.poll(() => metric(url, 'tocsin_followers')).toBe(6);
  const pid = pidsOf(hub.printed()).find(({ worker }) => worker === 2)?.pid as number;
  const stopped = (answered: () => Promise<void>) => {
    process.kill(pid, 'SIGSTOP');
    return answered().finally(() => goOn(pid));
  };

  await stopped(() => pause(2_000));
  await expect.poll(() => metric(url, 'tocsin_processes').catch(() => 0)).toBe(2);
  expect(pidsOf(hub.printed())).toHaveLength(2);

  await stopped(() => expect.poll(() => pidsOf(hub.printed()).length).toBe(3));
  expect(hub.printed()).toContain(`"worker":2,"pid":${pid},"msg":"a worker hangs, and is ended"`);
  const desk = (await deskOf(url, dataDir)) as Hub;
  const { id } = await publishNew(desk);
  for (const follower of followers)
    await follower.until(({ heard }) => heard.some(({ publication }) => publication?.id === id));
  await expect.poll(() => metric(url, 'tocsin_processes').catch(() => 0)).toBe(2);

  hub.process.kill('SIGTERM');
  await Promise.all(followers.map((follower) => follower.stop()));
  expect(await hub.ended, hub.printed()).toBe(0);
});

/** The process of a worker that starts after so many others, stopped before it can have said that it serves. */
async function stopStarting(printed: () => string, others: number): Promise<number> {
  await expect.poll(() => pidsOf(printed()).length, { interval: 5 }).toBeGreaterThan(others);
  const { pid } = pidsOf(printed())[others] as { pid: number };
  process.kill(pid, 'SIGSTOP');
  return pid;
}

it.runIf(onLinux)('a worker that hangs before it serves is replaced', async () => {
  const dataDir = await temporaryFolder();
  const hub = startTwoWorkers(dataDir, {
    // Others than the one that is stopped have this long as well, on a machine that does other things.
    TOCSIN_START_SECONDS: '40',
  });
  const pid = await stopStarting(hub.printed, 1);
  const ended = `"worker":2,"pid":${pid},"msg":"a worker hangs before it serves, and is ended"`;
  try {
    const url = await addressOf(hub);
    await expect.poll(hub.printed, { timeout: 90_000 }).toContain(ended);
    expect(hub.printed()).not.toContain(`"worker":2,"pid":${pid},"msg":"a worker serves"`);
    await expect.poll(() => metric(url, 'tocsin_processes').catch(() => 0), { timeout: 90_000 }).toBe(2);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  } finally {
    goOn(pid);
  }
  hub.process.kill('SIGTERM');
  expect(await hub.ended, hub.printed()).toBe(0);
});

it.runIf(onLinux)('where the very first worker hangs before it serves, the primary ends and says why', async () => {
  const hub = startTwoWorkers(await temporaryFolder(), {
    TOCSIN_START_SECONDS: '3',
  });
  const pid = await stopStarting(hub.printed, 0);
  expect(await hub.ended.finally(() => goOn(pid))).toBe(1);
  expect(hub.printed()).toContain('a worker hangs before it serves, and is ended');
  expect(hub.printed()).toContain('its first worker ended before it served');
});

it.runIf(onLinux)('a primary that ends does not wait for a worker that hangs before it serves', async () => {
  const dataDir = await temporaryFolder();
  const hub = startTwoWorkers(dataDir, {
    TOCSIN_DRAIN_SECONDS: '0',
  });
  const pid = await stopStarting(hub.printed, 1);
  try {
    await addressOf(hub);
    hub.process.kill('SIGTERM');
    expect(await hub.ended, hub.printed()).toBe(0);
    expect(existsSync(`/proc/${pid}`)).toBe(false);
  } finally {
    goOn(pid);
  }
});

it.runIf(onLinux)('what there is once is made once: the database, the tokens, the demo, the start screen', async () => {
  const dataDir = await temporaryFolder();
  const hub = startHubProcess({ env: { PORT: '0', TOCSIN_DATA_DIR: dataDir, TOCSIN_WORKERS: '2' } });
  const url = await addressOf(hub);
  await expect.poll(() => metric(url, 'tocsin_processes').catch(() => 0)).toBe(2);
  expect(hub.printed().match(/Tocsin listens/g)).toHaveLength(1);
  const desk = await deskOf(url, dataDir);
  const { publications } = await desk
    .as()
    .request<{ publications: { totalCount: number; nodes: { text: { headline: string } }[] } }>(
      '{ publications(first: 100) { totalCount nodes { text { headline } } } }',
    );
  expect(publications.totalCount).toBeGreaterThan(3);
  expect(new Set(publications.nodes.map(({ text }) => text.headline)).size).toBe(publications.totalCount);
  // As Ctrl-C in a terminal does it: everybody hears it.
  for (const { pid } of pidsOf(hub.printed())) process.kill(pid, 'SIGINT');
  hub.process.kill('SIGINT');
  expect(await hub.ended, hub.printed()).toBe(0);
  expect([...serversOf(dataDir), ...supervisorsOf(dataDir)]).toEqual([]);
});

it.runIf(onLinux)('workers end with their primary', async () => {
  const dataDir = await temporaryFolder();
  const hub = startTwoWorkers(dataDir);
  await addressOf(hub);
  hub.process.kill('SIGKILL');
  await hub.ended;
  await expect.poll(tails).toBe(0);
});

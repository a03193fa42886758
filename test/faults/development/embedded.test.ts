import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  clusterOf,
  kill,
  leaveMark,
  serversOf,
  startHolder,
  supervisorsOf,
  temporaryFolder,
} from '../../support/database/embedded.ts';
import { given } from '../../support/given.ts';

const onLinux = given(existsSync('/proc/self/stat'), 'the embedded database is watched through /proc');

const postmaster = async (dataDir: string): Promise<number> =>
  Number.parseInt(await readFile(path.join(clusterOf(dataDir), 'postmaster.pid'), 'utf8'), 10);
const nothingRuns = (dataDir: string) =>
  expect.poll(() => [...serversOf(dataDir), ...supervisorsOf(dataDir)]).toEqual([]);

describe.runIf(onLinux)('the embedded database', () => {
  it('ends with its hub, leaves no process, and is found again with its data', async () => {
    const dataDir = await temporaryFolder();
    const first = await startHolder({ dataDir });
    expect(await leaveMark(first.url)).toBe(1);
    await first.end();
    expect([...serversOf(dataDir), ...supervisorsOf(dataDir)]).toEqual([]);
    const second = await startHolder({ dataDir });
    expect(await leaveMark(second.url)).toBe(2);
  });

  it('is gone soon after its hub was killed, and another start works at once', async () => {
    const dataDir = await temporaryFolder();
    const first = await startHolder({ dataDir });
    await leaveMark(first.url);
    kill(first.process.pid);
    const second = await startHolder({ dataDir });
    expect(await leaveMark(second.url)).toBe(2);
    kill(second.process.pid);
    await nothingRuns(dataDir);
  });

  it('is started again under the same address when only PostgreSQL was killed', async () => {
    const dataDir = await temporaryFolder();
    const { url, lines } = await startHolder({ dataDir });
    await leaveMark(url);
    for (let round = 1; round <= 3; round++) {
      kill(await postmaster(dataDir));
      await expect.poll(() => lines.filter((line) => line.includes('runs again')).length).toBe(round);
      expect(await leaveMark(url)).toBe(round + 1);
    }
  });

  it('is started again when only its supervisor was killed', async () => {
    const dataDir = await temporaryFolder();
    const { url, lines } = await startHolder({ dataDir });
    await leaveMark(url);
    kill(...supervisorsOf(dataDir));
    await expect.poll(() => lines.some((line) => line.includes('runs again'))).toBe(true);
    expect(await leaveMark(url)).toBe(2);
  });

  it('a server whose hub and supervisor were killed together is stopped by the next start', async () => {
    const dataDir = await temporaryFolder();
    const first = await startHolder({ dataDir });
    await leaveMark(first.url);
    const orphan = await postmaster(dataDir);
    // held still, so that it does not notice the one death before its own
    first.process.kill('SIGSTOP');
    kill(...supervisorsOf(dataDir), first.process.pid);
    await once(first.process, 'exit');
    expect(serversOf(dataDir)).toContain(orphan);
    const second = await startHolder({ dataDir });
    expect(await leaveMark(second.url)).toBe(2);
    expect(serversOf(dataDir)).not.toContain(orphan);
  });

  it('starts after everything was killed at once', async () => {
    const dataDir = await temporaryFolder();
    const first = await startHolder({ dataDir });
    await leaveMark(first.url);
    kill(first.process.pid, ...supervisorsOf(dataDir), ...serversOf(dataDir));
    const second = await startHolder({ dataDir });
    expect(await leaveMark(second.url)).toBe(2);
  });

  it('starts although locks of a dead server name a process that lives', async () => {
    const dataDir = await temporaryFolder();
    const first = await startHolder({ dataDir });
    await leaveMark(first.url);
    await first.end();
    const stale = [process.pid, clusterOf(dataDir), 1, 5432, path.join(dataDir, 'run'), '', '', 'ready', ''].join('\n');
    await writeFile(path.join(clusterOf(dataDir), 'postmaster.pid'), stale);
    await writeFile(path.join(dataDir, 'run', '.s.PGSQL.5432.lock'), stale);
    const second = await startHolder({ dataDir });
    expect(await leaveMark(second.url)).toBe(2);
  });

  it('of hubs that start at once in one folder one serves and the others say who is in the way', async () => {
    const dataDir = await temporaryFolder();
    const starts = await Promise.allSettled([1, 2, 3].map(() => startHolder({ dataDir })));
    const served = starts.filter((start) => start.status === 'fulfilled');
    const refused = starts.filter((start) => start.status === 'rejected').map(({ reason }) => String(reason));
    expect(served).toHaveLength(1);
    expect(refused).toEqual([1, 2].map(() => expect.stringContaining('another hub uses')));
    expect(await leaveMark(served[0]!.value.url)).toBe(1);
  });

  it('is another hub’s too while its pid file does not tell its socket yet', async () => {
    const dataDir = await temporaryFolder();
    const first = await startHolder({ dataDir });
    const file = path.join(clusterOf(dataDir), 'postmaster.pid');
    const whole = await readFile(file, 'utf8');
    await writeFile(file, `${whole.split('\n').slice(0, 4).join('\n')}\n\n`);
    const second = startHolder({ dataDir }).catch(String);
    await pause(3_000);
    await writeFile(file, whole);
    expect(await second).toContain('another hub uses');
    expect(await leaveMark(first.url)).toBe(1);
  });

  it('lives in folders with spaces, accents, quotes and commas', async () => {
    const dataDir = await temporaryFolder('à l’"été", d\'un café % 20');
    const { url } = await startHolder({ dataDir });
    expect(await leaveMark(url)).toBe(1);
  });

  it('lives in folders too deep for a socket', async () => {
    const dataDir = await temporaryFolder(`${'d'.repeat(60)}/${'é'.repeat(60)}`);
    await mkdir(path.dirname(dataDir));
    const { url } = await startHolder({ dataDir });
    expect(await leaveMark(url)).toBe(1);
  });

  it('is reached although PG* variables speak of another server', async () => {
    const env = {
      PGSSLMODE: 'require',
      PGOPTIONS: '-c no.such=thing -c search_path=nowhere',
      PGHOST: 'db.invalid',
      PGPORT: '1',
    };
    const { url } = await startHolder({ dataDir: await temporaryFolder(), env });
    expect(await leaveMark(url)).toBe(1);
  });
});

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { migrations } from '../../../migrations/list.ts';
import { migrate } from '../../../src/database/owner/migrate.ts';
import { operate } from '../../../src/process/operate.ts';
import { clusterOf, startHolder, temporaryFolder } from '../../support/database/embedded.ts';
import { publishNew } from '../../support/desk/desk.ts';
import { given } from '../../support/given.ts';
import type { Hub } from '../../support/hub/hub.ts';
import { expectRestored, shownOn, whileHubRuns } from '../../support/hub/restored-hub.ts';

const copy = (from: string, to: string) => promisify(execFile)('cp', ['-a', from, to]);

/** A hub on the embedded database of a folder, both for as long as the work takes. */
async function whileItRuns<T>(dataDir: string, work: (hub: Hub) => Promise<T>): Promise<T> {
  const { url, end } = await startHolder({ dataDir });
  await migrate({ url, migrations });
  try {
    return await whileHubRuns(url, work);
  } finally {
    await end();
  }
}

/** Runs an operator's command on the embedded database, and answers what it printed. */
async function command(name: string, dataDir: string): Promise<string> {
  const printed: string[] = [];
  vi.stubEnv('DATABASE_URL', '');
  vi.stubEnv('TOCSIN_DATA_DIR', dataDir);
  for (const way of ['log', 'error'] as const) vi.spyOn(console, way).mockImplementation((line) => printed.push(line));
  expect(await operate(name), printed.join('\n')).toBe(0);
  return printed.join('\n');
}

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe.runIf(given(existsSync('/proc/self/stat'), 'the embedded database is watched through /proc'))(
  'a copy of the folder of an embedded database that was stopped',
  () => {
    it('is put back, declared restored, and followers start over', async () => {
      const dataDir = await temporaryFolder();
      const kept = await temporaryFolder('backup');
      const atBackup = await whileItRuns(dataDir, async (hub) => {
        await publishNew(hub);
        return shownOn(hub);
      });
      await copy(clusterOf(dataDir), kept);
      const later = await whileItRuns(dataDir, async (hub) => {
        await publishNew(hub);
        return shownOn(hub);
      });
      expect(later.alerts.length).toBe(atBackup.alerts.length + 1);

      await rm(clusterOf(dataDir), { recursive: true });
      await copy(kept, clusterOf(dataDir));
      expect(await command('journal:restored', dataDir)).toContain('in a new epoch');
      expect(await command('audit:verify', dataDir)).toMatch(/All \d+ entries are sound/);
      await whileItRuns(dataDir, (hub) => expectRestored(hub, atBackup, later.asOf));
    });
  },
);

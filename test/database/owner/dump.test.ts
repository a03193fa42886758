import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import { operate } from '../../../src/process/operate.ts';
import { asHubRole, withDatabase, withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { openFolder } from '../../support/database/embedded.ts';
import { publishNew } from '../../support/desk/desk.ts';
import { given } from '../../support/given.ts';
import { expectRestored, shownOn, whileHubRuns } from '../../support/hub/restored-hub.ts';

const run = promisify(execFile);

/** pg_dump reads servers of its own version and older ones. */
async function dumps(): Promise<boolean> {
  const printed = await run('pg_dump', ['--version']).catch(() => undefined);
  const program = Number(/(\d+)\.\d+/.exec(printed?.stdout ?? '')?.[1] ?? 0);
  const server = await withSession(
    inject('cluster').url,
    async (session) => (await session.query('show server_version_num')).rows[0],
  );
  return program >= Math.floor(Number(server.server_version_num) / 10_000);
}

async function command(command: string, more: Record<string, string>): Promise<void> {
  const printed: string[] = [];
  for (const [variable, value] of Object.entries(more)) vi.stubEnv(variable, value);
  for (const way of ['log', 'error'] as const) vi.spyOn(console, way).mockImplementation((line) => printed.push(line));
  expect(await operate(command), printed.join('\n')).toBe(0);
}

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const canDump = given(await dumps(), 'a pg_dump as new as the PostgreSQL');
const { url, name } = canDump ? await testDatabase() : { url: inject('cluster').url, name: '' };
const restoredUrl = withDatabase(url, `${name}_restored`);

describe.runIf(canDump)('a dump', () => {
  it('is restored into a new database, with the role of hubs, and followers start over', async () => {
    const folder = await openFolder();
    const file = path.join(folder, 'tocsin.dump');
    const asOwner = (statement: string) => withSession(url, (session) => session.query(statement));
    const atBackup = await whileHubRuns(url, async (hub) => {
      await publishNew(hub);
      const shown = await shownOn(hub);
      // While the hub runs.
      await run('pg_dump', ['--format=custom', '--no-owner', '--no-privileges', `--file=${file}`, url]);
      return shown;
    });
    const later = await whileHubRuns(url, async (hub) => {
      await publishNew(hub);
      return shownOn(hub);
    });
    try {
      await asOwner(`create database ${name}_restored`);
      await run('pg_restore', ['--no-owner', '--exit-on-error', `--dbname=${restoredUrl}`, file]);
      await command('database:roles', { DATABASE_URL: restoredUrl, HUB_DATABASE_URL: asHubRole(restoredUrl) });
      await command('journal:restored', { DATABASE_URL: restoredUrl });
      await command('audit:verify', { DATABASE_URL: restoredUrl });
      await whileHubRuns(restoredUrl, (hub) => expectRestored(hub, atBackup, later.asOf));
    } finally {
      await asOwner(`drop database if exists ${name}_restored with (force)`);
      await rm(folder, { recursive: true });
    }
  });
});

import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type pg from 'pg';
import type { TestProject } from 'vitest/node';
import { migrations } from '../../../migrations/list.ts';
import { migrate } from '../../../src/database/migrate.ts';
import { openSession } from '../../../src/database/session.ts';
import { startEmbedded } from '../../../src/development/embedded/embedded.ts';
import { exists } from '../../../src/development/embedded/processes.ts';

/** Where the tests' databases are: `url` leads to one that only serves to make others, `template` is migrated. */
export interface TestCluster {
  url: string;
  template: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    cluster: TestCluster;
  }
}

const PREFIX = 'tocsin-test-';

/** One PostgreSQL for the whole run (or TEST_DATABASE_URL), with one migrated template that every test file clones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  for (const name of Object.keys(process.env)) if (/^PG[A-Z]/.test(name)) delete process.env[name];
  await sweep();
  const server = await startServer();
  const template = `tocsin_template_${process.pid}`;
  await withSession(server.url, (session) => session.query(`create database ${template}`));
  await migrate({ url: withDatabase(server.url, template), migrations });
  project.provide('cluster', { url: server.url, template });
  return async () => {
    const kept = await withSession(server.url, async (session) => {
      await session.query(`drop database ${template} with (force)`);
      const { rows } = await session.query("select datname from pg_database where datname like 'tocsin\\_test\\_%'");
      return rows.map((row) => String(row.datname));
    });
    await server.end(kept);
  };
}

/** The same address with another database. */
export function withDatabase(url: string, database: string): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  return address.href;
}

/** Does something in a session that ends with it. */
export async function withSession<T>(url: string, work: (session: pg.Client) => Promise<T>): Promise<T> {
  const session = await openSession({ url, name: 'tocsin tests' });
  try {
    return await work(session);
  } finally {
    await session.end();
  }
}

async function startServer(): Promise<{ url: string; end: (kept: string[]) => Promise<void> }> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { url: given, end: async (kept) => tellKept(kept, given) };
  const dataDir = await mkdtemp(path.join(os.tmpdir(), `${PREFIX}${process.pid}-`));
  await chmod(dataDir, 0o755);
  const server = await startEmbedded({ dataDir, database: 'tests', durable: false, log: console.error });
  const end = async (kept: string[]) => {
    await server.stop();
    tellKept(kept, dataDir);
    if (kept.length === 0) await rm(dataDir, { recursive: true, force: true });
  };
  return { url: server.url, end };
}

function tellKept(databases: string[], where: string): void {
  if (databases.length > 0) console.error(`Kept for a look, in ${where}: ${databases.join(', ')}`);
}

/** Removes what earlier runs left behind: a killed one everything, a failed one what it kept for a look. */
async function sweep(): Promise<void> {
  for (const name of await readdir(os.tmpdir())) {
    const pid = Number(new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1]);
    if (!pid || exists(pid)) continue;
    const folder = path.join(os.tmpdir(), name);
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

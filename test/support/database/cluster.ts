import type pg from 'pg';
import type { TestProject } from 'vitest/node';
import { migrations } from '../../../migrations/list.ts';
import { makeHubRole } from '../../../src/database/owner/hub-role.ts';
import { migrate } from '../../../src/database/owner/migrate.ts';
import { openSession } from '../../../src/database/session.ts';
import { removeLeftovers, startScratch } from '../../../src/development/embedded/scratch.ts';
import { PATIENCE_MS } from '../patience.ts';

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

/** One PostgreSQL for the whole run (or TEST_DATABASE_URL), with one migrated template that every test file clones. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  for (const name of Object.keys(process.env)) if (/^PG[A-Z]/.test(name)) delete process.env[name];
  await removeLeftovers();
  const server = await startServer();
  const template = `tocsin_template_${process.pid}`;
  await withSession(server.url, (session) => session.query(`create database ${template}`));
  await migrate({ url: withDatabase(server.url, template), migrations, waitMs: PATIENCE_MS });
  await withSession(withDatabase(server.url, template), (session) => makeHubRole(session, HUB_ROLE));
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

/** Hubs of tests work as this role, with the privileges that hubs in production have. */
const HUB_ROLE = { name: 'tocsin_test_hub', password: 'of tests' };

/** Whether a database was cloned from the template, where the role of hubs has its privileges. */
export const isOfTemplate = (url: string): boolean => new URL(url).pathname.startsWith('/tocsin_test_');

/** The same address, entered by the role of a hub. */
export function asHubRole(url: string): string {
  const address = new URL(url);
  address.username = HUB_ROLE.name;
  address.password = HUB_ROLE.password;
  return address.href;
}

/** The same address with another database. */
export function withDatabase(url: string, database: string): string {
  const address = new URL(url);
  address.pathname = `/${database}`;
  return address.href;
}

/** Does something in a session that ends with it. */
export async function withSession<T>(url: string, work: (session: pg.Client) => Promise<T>): Promise<T> {
  const session = await openSession({ url, name: 'tocsin tests', waitMs: PATIENCE_MS });
  try {
    return await work(session);
  } finally {
    await session.end();
  }
}

async function startServer(): Promise<{ url: string; end: (kept: string[]) => Promise<void> }> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { url: given, end: async (kept) => tellKept(kept, given) };
  const server = await startScratch(console.error);
  const end = async (kept: string[]) => {
    await server.end(kept.length > 0);
    tellKept(kept, server.folder);
  };
  return { url: server.url, end };
}

function tellKept(databases: string[], where: string): void {
  if (databases.length > 0) console.error(`Kept for a look, in ${where}: ${databases.join(', ')}`);
}

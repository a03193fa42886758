import type { MigrationObject } from '@mikro-orm/core';
import { migrate } from '../database/owner/migrate.ts';
import { openSession, START_MS } from '../database/session.ts';
import { startEmbedded } from './embedded/embedded.ts';
import { startScratch } from './embedded/scratch.ts';

type Work<T> = (url: string) => Promise<T>;

/** Works on the hub's database: the one at `databaseUrl`, else the embedded one, started for as long as that takes. */
export async function withHubDatabase<T>(
  { databaseUrl, dataDir }: { databaseUrl: string | undefined; dataDir: string },
  work: Work<T>,
): Promise<T> {
  if (databaseUrl) return work(databaseUrl);
  const embedded = await startEmbedded({ dataDir });
  try {
    return await work(embedded.url);
  } finally {
    await embedded.stop();
  }
}

/** Works on a database that holds what the migrations make, and is gone afterwards: at `server`, else embedded. */
export async function withMigratedScratch<T>(
  { server, migrations }: { server: string | undefined; migrations: MigrationObject[] },
  work: Work<T>,
): Promise<T> {
  const migrated: Work<T> = async (url) => {
    await migrate({ url, migrations, waitMs: START_MS });
    return work(url);
  };
  if (server) return withNewDatabase(server, migrated);
  const scratch = await startScratch();
  try {
    return await migrated(scratch.url);
  } finally {
    await scratch.end();
  }
}

async function withNewDatabase<T>(server: string, work: Work<T>): Promise<T> {
  const name = `tocsin_scratch_${process.pid}`;
  const session = await openSession({ url: server, name: 'tocsin scratch', waitMs: START_MS });
  try {
    await session.query(`create database ${name}`);
    const address = new URL(server);
    address.pathname = `/${name}`;
    return await work(address.href);
  } finally {
    await session.query(`drop database if exists ${name} with (force)`);
    await session.end();
  }
}

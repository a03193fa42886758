import { parisTimeIf } from '../../clock.ts';
import type { TransactionSql } from '../../database/sql-in.ts';
import type { Speakers } from '../../incident-log/people/speaker.rules.ts';
import type { ArchiveRecord } from '../format/archive-chain.rules.ts';
import type { ArchivePeople } from '../people/archive-people.rules.ts';

/** The source of each section of an archive: one incident, at one moment. */
export interface ArchiveSource {
  /** In the transaction that holds the moment. */
  sql: TransactionSql;
  incident: string;
  /** The ids of all dossiers that are, or ever were, of the incident; those of their publications are the same. */
  threads: readonly string[];
  /** The ids of the reports that those rest on, or that the log names. */
  reports: readonly string[];
  people: ArchivePeople;
  speakers: Speakers;
}

/** The lines of one section, in an order that is the same each time. */
export type Section = (source: ArchiveSource) => AsyncGenerator<ArchiveRecord>;

/** Rows of a section, a few at a time, so that memory does not grow with the incident. */
export async function* rowsOf<R extends object>(
  sql: TransactionSql,
  text: string,
  parameters: readonly unknown[],
  page = 100,
): AsyncGenerator<R> {
  await sql(`declare archive_rows no scroll cursor for ${text}`, parameters);
  for (;;) {
    const rows = await sql<R>(`fetch ${page} from archive_rows`);
    yield* rows;
    if (rows.length < page) break;
  }
  await sql('close archive_rows');
}

/** Ids as a value of PostgreSQL's uuid[]. */
export const uuids = (ids: readonly string[]): string => `{${ids.join(',')}}`;

/** A moment as an archive says it; MikroORM's pool leaves moments as PostgreSQL wrote them. */
export const momentOf = (at: Date | string | null): string | null => parisTimeIf(at === null ? null : new Date(at));

import type { Sql } from '../../database/sql.ts';
import { isUuid } from '../../uuid.ts';
import type { ReadLine } from './read-record.rules.ts';
import type { ArchiveVerification } from './verify-archive.ts';

/** Records that are looked up by one statement. */
const BATCH = 50;
const MOST_FAULTS = 20;

type Fields = Readonly<Record<string, unknown>>;

/** A type of record that the hub can be asked for: what stands there must say the same. */
interface Comparison {
  /** The field by which the hub knows it, and the greatest number that it may be; null for one that is text. */
  key: string;
  greatest: number | null;
  name(key: unknown): string;
  /** Both must have this alike, in JSON. */
  said(record: Fields): unknown;
  /** Answers `key` and what is `said` there, of keys and an incident. */
  statement: string;
}

interface Row {
  key: string;
  said: unknown;
}

const COMPARED: Readonly<Record<string, Comparison>> = {
  entry: {
    key: 'position',
    greatest: Number.MAX_SAFE_INTEGER,
    name: (position) => `entry ${position} of the journal`,
    said: ({ id, publication, change, document }) => [id, publication, change, document],
    statement: `select position::text as key, json_build_array(id, subject, type, document) as said
      from journal_entry where position = any($1::bigint[]) and $2::uuid is not null`,
  },
  'log-line': {
    key: 'number',
    greatest: 2 ** 31 - 1,
    name: (number) => `line ${number} of the log`,
    said: ({ kind, logHash, wordsHash }) => [kind, logHash, wordsHash],
    statement: `select number::text as key, json_build_array(kind, hash, words_hash) as said
      from log_line where number = any($1::int[]) and incident_id = $2::uuid`,
  },
  audit: {
    key: 'position',
    greatest: Number.MAX_SAFE_INTEGER,
    name: (position) => `entry ${position} of the audit log`,
    said: ({ id, action, subject, auditHash }) => [id, action, subject, auditHash],
    statement: `select position::text as key, json_build_array(id, action, subject, hash) as said
      from audit_entry where position = any($1::bigint[]) and $2::uuid is not null`,
  },
  cap: {
    key: 'identifier',
    greatest: null,
    name: (identifier) => `CAP message ${identifier}`,
    said: ({ xml }) => xml,
    statement: `select identifier as key, convert_from(bytes, 'UTF8') as said
      from cap_seal where identifier = any($1::text[]) and $2::uuid is not null`,
  },
};

/** The key of a record as PostgreSQL can be asked for it: a file that somebody made up may hold anything. */
function keyOf({ key, greatest }: Comparison, record: Fields): string | null {
  const value = record[key];
  if (greatest === null) return typeof value === 'string' && !value.includes('\0') ? value : null;
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= greatest ? String(value) : null;
}

function incidentIn({ incident }: Fields): string | null {
  const { id } = (incident ?? {}) as Fields;
  return typeof id === 'string' && isUuid(id) ? id : null;
}

export interface HubComparison {
  /** Takes the next line of an archive. */
  take(line: ReadLine): Promise<void>;
  /** Answers in words how the hub differs, once all lines were taken. */
  faults(found: ArchiveVerification): Promise<readonly string[]>;
}

/** Compares an archive with what stands in the hub's database: its journal, log, audit log, CAP messages, and the record of it. */
export function compareWithHub(sql: Sql): HubComparison {
  const faults: string[] = [];
  let incident: string | null = null;
  let type = '';
  let batch: Fields[] = [];
  const flush = async () => {
    const comparison = COMPARED[type];
    const records = batch;
    batch = [];
    if (!comparison || records.length === 0 || faults.length >= MOST_FAULTS) return;
    const keys = records.map((record) => keyOf(comparison, record));
    const rows = await sql<Row>(comparison.statement, [keys.filter((key) => key !== null), incident]);
    const there = new Map(rows.map(({ key, said }) => [key, said]));
    for (const [index, record] of records.entries()) {
      const key = keys[index] ?? '';
      const name = comparison.name(record[comparison.key]);
      if (!there.has(key)) faults.push(`${name} is not in the hub`);
      else if (JSON.stringify(there.get(key)) !== JSON.stringify(comparison.said(record)))
        faults.push(`${name} is another one in the hub`);
    }
  };
  return {
    take: async ({ type: next, record }) => {
      if (next !== type || batch.length >= BATCH) await flush();
      type = next;
      if (next === 'archive') incident = incidentIn(record);
      if (incident !== null && Object.hasOwn(COMPARED, next)) batch.push(record);
    },
    faults: async ({ hash }) => {
      await flush();
      const [onRecord] = await sql('select from incident_archive where hash = $1 limit 1', [hash]);
      return [...faults.slice(0, MOST_FAULTS), ...(onRecord ? [] : ['the hub has no such archive on record'])];
    },
  };
}

import { MikroORM, type Options, type PostgreSqlConnection } from '@mikro-orm/postgresql';
import type { Pool } from 'pg';
import { lineLogger } from './line-logger.ts';
import { guardPool, type PoolGuard } from './pool-guard.ts';
import { ormSettings } from './settings.ts';
import { SilenceWatch } from './silence-watch.ts';

export interface DatabaseOptions {
  /** A PostgreSQL URL; its parameters (`sslmode` …) hold. */
  url: string;
  entities: NonNullable<Options['entities']>;
  /** Most connections at a time; 10 when not given. */
  poolSize?: number;
  /** After how many seconds PostgreSQL ends a statement; 30 when not given, 0 for no limit. */
  statementSeconds?: number;
  /** Called with each warning of the ORM and the pool, as one line. */
  log?: (line: string) => void;
}

export interface Database {
  orm: MikroORM;
  /** The ORM's own pool: for SQL that no entity expresses, and for metrics. */
  pool: Pool;
  /** How many connections were cut until now because they had died without a word. */
  readonly cuts: number;
  /** Destroys every connection that nobody uses: another one has just died without a word. */
  cutIdle(): void;
  /** Ends every connection. Waits `graceSeconds` (5) for those in use, then cuts them. May be called again. */
  close(graceSeconds?: number): Promise<void>;
}

/** An answer may take this much longer than its statement: PostgreSQL ends a statement by itself, if it can still speak. */
const ANSWER_SECONDS = 5;

/**
 * Opens the ORM. PostgreSQL is asked nothing yet, so that a hub may start while it is away: the first query connects.
 * Connections that break or die silently are replaced, inside a transaction too: the pool never shrinks. Throws on faulty
 * entities.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  let guard: PoolGuard | undefined;
  let watch: SilenceWatch | undefined;
  let closing: Promise<void> | undefined;
  const orm = new MikroORM({
    ...ormSettings(options.url, {
      ...poolOptions(options),
      onPoolCreated: (pool: Pool) => {
        // a query that comes too late would silently open another pool, which nobody ends
        if (closing) throw new Error('The database is closed');
        guard = guardPool(pool);
        watch = watchSilence(guard, options);
      },
    }),
    entities: options.entities,
    loggerFactory: () => lineLogger(options.log ?? (() => undefined)),
  });
  await orm.connect();
  const pool = await (orm.em.getConnection() as PostgreSqlConnection).getNativeClient();
  const close = (graceSeconds = 5) => {
    watch?.close();
    closing ??= closeAll(orm, pool, graceSeconds, () => guard?.cutLent());
    return closing;
  };
  return {
    orm,
    pool,
    close,
    cutIdle: () => guard?.cutIdle(),
    get cuts() {
      return watch?.cuts ?? 0;
    },
  };
}

const STATEMENT_SECONDS = 30;

function poolOptions({ poolSize = 10, statementSeconds = STATEMENT_SECONDS }: DatabaseOptions) {
  return {
    application_name: 'tocsin',
    max: poolSize,
    statement_timeout: statementSeconds * 1000,
    idle_in_transaction_session_timeout: 60_000,
    // None lies idle for longer: a connection that nobody uses dies unnoticed.
    idleTimeoutMillis: 10_000,
  };
}

function watchSilence(guard: PoolGuard, { url, statementSeconds = STATEMENT_SECONDS }: DatabaseOptions): SilenceWatch {
  const longestMs = statementSeconds === 0 ? 0 : (statementSeconds + ANSWER_SECONDS) * 1000;
  return new SilenceWatch(guard, { url, longestMs });
}

async function closeAll(orm: MikroORM, pool: Pool, graceSeconds: number, cut: () => void): Promise<void> {
  const timer = setTimeout(cut, graceSeconds * 1000);
  try {
    await orm.close(true);
    // an ORM that ran no query does not end the pool, and the pool may have been used by itself
    if (!pool.ending) await pool.end();
  } finally {
    clearTimeout(timer);
  }
}

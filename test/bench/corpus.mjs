import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { startHub } from './hub.mjs';

/** Publications in one statement: each is stamped with its position when its transaction commits. */
const BATCH = 500;
const HOUR = 3600_000;
const DAY = 24 * HOUR;

/** Runs some work on a session of its own. */
export async function withSession(database, work) {
  const session = new pg.Client({ connectionString: database.url });
  await session.connect();
  try {
    return await work(session);
  } finally {
    await session.end();
  }
}

/**
 * Fills the product's own tables with publications of every kind, made of those of the demo: `live` ones in force for
 * three days, `archived` ones that ended long ago. Hubs that are to see them are started afterwards.
 */
export async function fill(database, { live, archived = 0 }) {
  const hub = await startHub(database, { port: 4889, cpu: 0, demo: 'true' });
  await hub.end();
  const { parisTime } = await database.built('clock.js');
  return withSession(database, async (session) => {
    const { rows: demo } = await session.query(
      `select p.*, e.document from publication p join journal_entry e on e.id = p.latest_entry_id
       where p.mode = 'ACTUAL' and not p.closed order by p.id`,
    );
    const advice = demo.filter(({ kind }) => kind === 'ADVICE').map(({ document }) => document);
    const templates = demo.filter(({ kind }) => kind !== 'ADVICE').map((row) => withAdvice(row, advice));
    const now = Date.now();
    const total = live + archived;
    for (let from = 0; from < total; from += BATCH) {
      const rows = Array.from({ length: Math.min(BATCH, total - from) }, (_, at) => {
        const index = from + at;
        // Archived first, so that positions and moments rise together.
        const isLive = index >= archived;
        const age = isLive
          ? ((total - index) * 6 * HOUR) / live
          : 30 * DAY + ((archived - index) * 300 * DAY) / archived;
        return copyOf(templates[index % templates.length], now - age, isLive ? 3 * DAY : -1 * HOUR, now, parisTime);
      });
      await insert(session, rows);
    }
    await session.query('vacuum analyze publication, journal_entry');
    return { templates: templates.length, live: live + templates.length, archived };
  });
}

/** An alert that shows what to do about it. */
const withAdvice = ({ document, ...row }, advice) => ({
  ...row,
  document: row.kind === 'ALERT' ? { ...document, advice } : document,
});

/** The same publication as another one, published at a moment, that ends some time after now (or, negative, after that moment). */
function copyOf({ document, ...row }, at, left, now, parisTime) {
  const id = randomUUID();
  const ends = new Date(left > 0 ? now + left : at + HOUR);
  const moment = parisTime(new Date(at));
  return {
    ...row,
    id,
    live_revision_id: randomUUID(),
    latest_entry_id: randomUUID(),
    starts_at: row.starts_at && new Date(at),
    ends_at: ends,
    published_at: new Date(at),
    revised_at: new Date(at),
    updated_at: new Date(at),
    announced: left > 0 ? 'IN_FORCE' : 'ENDED',
    document: {
      ...document,
      id,
      publishedAt: moment,
      revisedAt: moment,
      verifiedAt: moment,
      startsAt: document.startsAt && moment,
      endsAt: parisTime(ends),
      ...('expiresAt' in document ? { expiresAt: parisTime(ends) } : {}),
    },
  };
}

const insert = (session, rows) =>
  session.query(
    `with given as (select * from jsonb_array_elements($1) with ordinality as rows(r, n)),
     entries as (
       insert into journal_entry (id, position, subject, type, at, changed_fields, ring, document)
       select (r->>'latest_entry_id')::uuid, null, (r->>'id')::uuid, 'PUBLISHED', (r->>'revised_at')::timestamptz, '{}', true,
         r->'document' from given order by n)
     insert into publication
     select (jsonb_populate_record(null::publication, r - 'document')).* from given order by n`,
    [JSON.stringify(rows)],
  );

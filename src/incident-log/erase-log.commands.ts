import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlIn, type TransactionSql } from '../database/sql-in.ts';
import { recordDeed } from '../office/audit.commands.ts';
import { erasedBefore } from '../reports/personal/personal.commands.ts';
import type { Territory } from '../territory/territory.ts';
import type { LineWords } from './log-line.rules.ts';
import { KnownPeople } from './people/known-people.rules.ts';
import { Speakers } from './people/speaker.rules.ts';

/** The lines of one turn: each may hold the event loop for a millisecond. */
const FEW = 25;

interface DueLine extends LineWords {
  id: string;
  incident: string;
  number: number;
}

/** Of logs whose incident has been closed for long enough, the next lines that nobody has looked at. */
const DUE = `
  select l.id, l.incident_id as incident, l.number, w.means, w.sender, w.recipient, w.text
  from incident i
  join lateral (select max(p.closed_at) as at from incident_period p where p.incident_id = i.id) closed on closed.at <= ?
  left join log_erasure e on e.incident_id = i.id
  join log_line l on l.incident_id = i.id and l.number > coalesce(e.number, 0) and l.written_at <= ?
  join log_words w on w.line_id = l.id
  where i.state = 'CLOSED' order by l.incident_id, l.number limit ${FEW} for update of w`;

/**
 * Takes people out of the words of logs 90 days after their incident was closed, a few lines at a time (I-60): numbers, addresses
 * and what else can be recognised, names behind a title, and names that reports still have. Of senders and recipients function and
 * body stay. Each line that changed has an audit entry. The timekeeper calls it; it answers how many lines it looked at.
 */
export const eraseLogPeople = (
  em: EntityManager,
  now: Date,
  { communes }: Pick<Territory, 'communes'>,
): Promise<number> =>
  em.transactional(async (opened) => {
    const inside = opened as EntityManager;
    const sql = sqlIn(inside);
    const before = erasedBefore(now).toISOString();
    const due = await sql<DueLine>(DUE, [before, before]);
    if (due.length === 0) return 0;
    const people = new KnownPeople(await namesOf(sql, due));
    const speakers = new Speakers(
      await bodies(sql),
      communes.map(({ name }) => name),
    );
    for (const line of due) {
      const { means, sender, recipient, text } = line;
      const left = {
        means: people.clean(means),
        sender: speakers.shown(sender),
        recipient: speakers.shown(recipient),
        text: people.clean(text),
      };
      if (left.means === means && left.sender === sender && left.recipient === recipient && left.text === text)
        continue;
      await sql(
        'update log_words set salt = null, masked_at = ?, means = ?, sender = ?, recipient = ?, text = ? where line_id = ?::uuid',
        [now.toISOString(), left.means, left.sender, left.recipient, left.text, line.id],
      );
      const done = { action: 'eraseLogLine', subject: line.id, stateBefore: null, stateAfter: null } as const;
      await recordDeed(inside, { at: now, actor: null, ...done });
    }
    const reached = new Map(due.map(({ incident, number }) => [incident, number]));
    for (const [incident, number] of reached)
      await sql(
        `insert into log_erasure (incident_id, number, at) values (?::uuid, ?, ?)
         on conflict (incident_id) do update set number = excluded.number, at = excluded.at`,
        [incident, number, now.toISOString()],
      );
    return due.length;
  });

/** The people whom reports that these logs name still have apart from their words. */
async function namesOf(sql: TransactionSql, due: readonly DueLine[]): Promise<string[]> {
  const incidents = [...new Set(due.map(({ incident }) => incident))];
  const rows = await sql<{ name: string }>(
    `select distinct item->>'value' as name from log_line l join report_personal p on p.report_id = l.report,
       jsonb_array_elements(p.items) item
     where l.incident_id in (?) and item->>'kind' = 'PERSON' order by 1`,
    [incidents],
  );
  return rows.map(({ name }) => name);
}

async function bodies(sql: TransactionSql): Promise<string[]> {
  const rows = await sql<{ name: string; short: string }>('select name, short_name as short from organisation');
  return rows.flatMap(({ name, short }) => [name, short]);
}

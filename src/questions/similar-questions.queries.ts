import { demand } from '../access/permissions.rules.ts';
import { sqlIn } from '../database/sql-in.ts';
import { notFound } from '../office/lock.queries.ts';
import type { UnitOfWork } from '../office/unit-of-work.ts';
import { QUESTION } from '../reports/report.rules.ts';
import { isUuid } from '../uuid.ts';

/** How many groups are proposed at most; how many questions, and of how many days, a question is compared with. */
const [MOST, NEWEST, DAYS] = [5, 1_000, 30];
/** The least that a group must have in common: 1 is every word. The same commune counts as much besides. */
const [LEAST, SAME_COMMUNE] = [0.3, 0.2];
/** The beginning of a text in which its subject stands. */
const LOOKED_AT = 300;

/** The stems of a French text, without accents and without words such as "la". */
const wordsSql = (text: string): string =>
  `tsvector_to_array(to_tsvector('pg_catalog.french', search_plain(search_words(left(${text}, ${LOOKED_AT})))))`;

// Of two texts of a and b words, the share of the words that both have (Dice's coefficient). A group is as near as its nearest question.
const NEAR = `
  with asked as materialized (
    select r.id, r.commune, ${wordsSql('r.text')} as words from report r where r.id = ?::uuid and r.category = '${QUESTION}'),
  recent as materialized (
    select r.question_group_id as id, r.commune, ${wordsSql(`g.title || ' ' || r.text`)} as words
    from report r join question_group g on g.id = r.question_group_id
    where g.state <> 'DROPPED' and r.submitted_at > ?::timestamptz and r.id <> (select id from asked)
    order by r.submitted_at desc limit ${NEWEST})
  select a.id as asked, n.id from asked a left join lateral (
    select b.id, max(2.0 * c.common / nullif(cardinality(a.words) + cardinality(b.words), 0)
      + case when c.common > 0 and b.commune = a.commune then ${SAME_COMMUNE} else 0 end) as likeness
    from recent b cross join lateral (
      select count(*) as common from unnest(a.words) w where w = any (b.words)) c
    group by b.id) n on n.likeness >= ${LEAST}
  order by n.likeness desc nulls last, n.id limit ${MOST}`;

/**
 * The ids of groups that may ask the same as a question, the nearest first: people decide. Compared are words and communes of open
 * text, nothing that identifies people. NOT_FOUND for what is no question.
 */
export async function similarGroups({ em, actor, clock }: UnitOfWork, report: string): Promise<string[]> {
  demand(actor, 'readQuestions');
  const since = new Date(clock.now().getTime() - DAYS * 86_400_000).toISOString();
  const rows = isUuid(report) ? await sqlIn(em)<{ id: string | null }>(NEAR, [report, since]) : [];
  if (rows.length === 0) throw notFound('question', report);
  return rows.flatMap(({ id }) => id ?? []);
}

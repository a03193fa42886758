import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlIn } from '../../database/sql-in.ts';
import type { Deed, DoneDeed } from '../../office/audit.commands.ts';
import { frenchText, type TextContent } from '../../publications/content/content.ts';
import { writeLine } from '../log-line.commands.ts';
import { lineOn } from './deed-line.ts';

/** A group of questions as a deed left it. */
interface GroupThen {
  incident: string;
  title: string;
  count: number;
  /** Of the last hour. */
  recent: number;
  isPressing: boolean;
  answer: string | null;
  texts: TextContent[] | null;
  organisation: string | null;
}

const WORDS: Partial<Record<Deed['action'], (then: GroupThen) => string | null>> = {
  answerQuestions: ({ texts }) => texts && `Répondu par « ${frenchText({ texts }).headline} »`,
  redirectQuestions: ({ organisation }) => organisation && `Renvoyé vers ${organisation}`,
  groupQuestions: ({ isPressing, recent }) => (isPressing ? askedOften(recent) : null),
  addQuestions: ({ isPressing, recent }) => (isPressing ? askedOften(recent) : null),
};

const askedOften = (recent: number): string => `Demandé ${recent} fois en une heure, sans réponse publique`;

export const isToldOfQuestions = (action: Deed['action']): boolean => WORDS[action] !== undefined;

// A deed is dated before it is done: what it noted of the group is no earlier.
const GROUP = `
  select g.incident_id as incident, g.title, coalesce(g.pressing_at >= ?::timestamptz, false) as "isPressing", g.answer_id as answer,
    (select count(*)::int from report r where r.question_group_id = g.id) as count,
    (select count(*)::int from report r where r.question_group_id = g.id and r.submitted_at > ?::timestamptz - interval '1 hour') as recent,
    (select e.document->'texts' from journal_entry e where e.id = g.answer_entry_id) as texts,
    (select o.name from organisation o where o.id = g.redirected_to_id) as organisation
  from question_group g where g.id = ?::uuid and g.incident_id is not null`;

/** Writes the line about a deed on a group of questions: that it was answered or sent on, or is asked often. */
export async function logOnQuestions(em: EntityManager, done: DoneDeed): Promise<void> {
  const at = done.at.toISOString();
  const [then] = await sqlIn(em)<GroupThen>(GROUP, [at, at, done.subject]);
  const said = then && WORDS[done.action]?.(then);
  if (!then || !said) return;
  const { incident, title, count, answer, isPressing } = then;
  const text = `${said} – ${count === 1 ? '1 question' : `${count} questions`} « ${title} »`;
  await writeLine(em, lineOn(done, { incident, text, dossier: answer, important: isPressing }));
}

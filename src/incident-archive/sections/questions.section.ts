import { momentOf, rowsOf, type Section } from './archive-source.ts';

interface GroupRow {
  id: string;
  title: string;
  state: string;
  questions: number;
  openedAt: string;
  openedBy: string;
  answer: string | null;
  answerEntry: string | null;
  redirectedTo: string | null;
  note: string | null;
  decidedAt: string | null;
  decidedBy: string | null;
}

const GROUPS = `
  select g.id, g.title, g.state, (select count(*)::int from report r where r.question_group_id = g.id) as questions,
    g.opened_at as "openedAt", g.opened_by_id as "openedBy", g.answer_id as answer, g.answer_entry_id as "answerEntry",
    (select o.name from organisation o where o.id = g.redirected_to_id) as "redirectedTo", g.note,
    g.decided_at as "decidedAt", g.decided_by_id as "decidedBy"
  from question_group g where g.incident_id = ?::uuid order by g.opened_at, g.id`;

/** Groups of questions, how many were asked, and the entry of the journal that answered them; no question itself. */
export const questionsSection: Section = async function* ({ sql, incident, people }) {
  for await (const row of rowsOf<GroupRow>(sql, GROUPS, [incident])) {
    const { title, note, openedAt, openedBy, decidedAt, decidedBy, ...said } = row;
    yield {
      type: 'question-group',
      ...said,
      at: momentOf(openedAt),
      by: people.of(openedBy),
      title: people.clean(title),
      note: people.clean(note),
      decidedAt: momentOf(decidedAt),
      decidedBy: people.of(decidedBy),
    };
  }
};

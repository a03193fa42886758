import { momentOf, rowsOf, type Section, uuids } from './archive-source.ts';

interface NoticeRow {
  publication: string;
  institution: string;
  kind: string;
  revision: number;
  at: string;
  acknowledgedAt: string | null;
  acknowledgedAs: string | null;
}

const NOTICES = `
  select n.publication, i.name as institution, i.kind, n.revision, n.asked_at as at, n.acknowledged_at as "acknowledgedAt",
    n.acknowledged_as as "acknowledgedAs"
  from institution_notice n join institution i on i.id = n.institution_id
  where n.publication = any(?::uuid[]) order by n.asked_at, n.id`;

/** Which institutions were asked to read of an alert, and which function took charge; no name of a person. */
export const noticesSection: Section = async function* ({ sql, threads, people, speakers }) {
  for await (const row of rowsOf<NoticeRow>(sql, NOTICES, [uuids(threads)]))
    yield {
      type: 'notice',
      ...row,
      at: momentOf(row.at),
      institution: people.clean(row.institution),
      acknowledgedAt: momentOf(row.acknowledgedAt),
      acknowledgedAs: speakers.shown(row.acknowledgedAs),
    };
};

interface LetterRow {
  publication: string;
  position: string;
  institution: string;
  at: string;
  state: string;
  attempts: number;
  status: number | null;
  endedAt: string | null;
}

const LETTERS = `
  select l.publication, l.position, i.name as institution, l.created_at as at, l.state, l.attempts, l.status, l.ended_at as "endedAt"
  from letter l join mailbox m on m.id = l.mailbox_id join institution i on i.id = m.institution_id
  where l.publication = any(?::uuid[]) order by l.position, l.id`;

/** The letters on what was public, one a mailbox, and what became of them; no address, and no mailbox by its label. */
export const lettersSection: Section = async function* ({ sql, threads, people }) {
  for await (const row of rowsOf<LetterRow>(sql, LETTERS, [uuids(threads)]))
    yield {
      type: 'letter',
      ...row,
      position: Number(row.position),
      institution: people.clean(row.institution),
      at: momentOf(row.at),
      endedAt: momentOf(row.endedAt),
    };
};

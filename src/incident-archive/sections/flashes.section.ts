import { momentOf, rowsOf, type Section } from './archive-source.ts';

interface ArchivedFlash {
  id: string;
  number: number;
  report: string;
  to: string | null;
  what: string;
  emergencyCalled: string;
  sentAt: string;
  sentBy: string;
  answer: string | null;
  remark: string | null;
  answeredAt: string | null;
  answeredBy: string | null;
  withdrawnAt: string | null;
  withdrawnBy: string | null;
  withdrawnFor: string | null;
}

const FLASHES = `
  select f.id, f.number, f.report_id as report, (select o.name from organisation o where o.id = f.to_id) as "to", f.what,
    f.emergency_called as "emergencyCalled", f.sent_at as "sentAt", f.sent_by_id as "sentBy", f.answer, f.remark,
    f.answered_at as "answeredAt", f.answered_by_id as "answeredBy", f.withdrawn_at as "withdrawnAt",
    f.withdrawn_by_id as "withdrawnBy", f.withdrawn_for as "withdrawnFor"
  from flash f where f.incident_id = ?::uuid order by f.number`;

/** Flashes to the Sdis, and how each was answered; not where, which was said to have somebody found. */
export const flashesSection: Section = async function* ({ sql, incident, people }) {
  for await (const row of rowsOf<ArchivedFlash>(sql, FLASHES, [incident])) {
    const { what, sentAt, sentBy, remark, answeredAt, answeredBy, withdrawnAt, withdrawnBy, withdrawnFor, ...said } =
      row;
    yield {
      type: 'flash',
      ...said,
      at: momentOf(sentAt),
      by: people.of(sentBy),
      what: people.clean(what),
      answeredAt: momentOf(answeredAt),
      answeredBy: people.of(answeredBy),
      remark: people.clean(remark),
      withdrawnAt: momentOf(withdrawnAt),
      withdrawnBy: people.of(withdrawnBy),
      withdrawnFor: people.clean(withdrawnFor),
    };
  }
};

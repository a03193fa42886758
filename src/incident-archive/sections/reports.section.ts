import { listInJson } from '../../database/sql.ts';
import { momentOf, rowsOf, type Section, uuids } from './archive-source.ts';

interface ReportRow {
  id: string;
  state: string;
  text: string;
  channel: string;
  category: string | null;
  commune: string | null;
  seenAt: string;
  submittedAt: string;
  submittedBy: string;
  closedAt: string | null;
  escalated: boolean;
  duplicateOf: string | null;
  dossiers: string[];
}

/** Reports without what identifies people: neither a point, nor an address, nor a picture. */
export const reportsSection: Section = async function* ({ sql, threads, reports, people }) {
  const rows = rowsOf<ReportRow>(
    sql,
    `select t.id, t.state, t.text, t.channel, t.category, t.commune, t.seen_at as "seenAt", t.submitted_at as "submittedAt",
       t.submitted_by_id as "submittedBy", t.closed_at as "closedAt", t.escalated, t.duplicate_of_id as "duplicateOf",
       array(select x.dossier_id from dossier_report x where x.report_id = t.id and x.dossier_id = any(?::uuid[])
         order by x.dossier_id) as dossiers
     from report t where t.id = any(?::uuid[]) order by t.submitted_at, t.id`,
    [uuids(threads), uuids(reports)],
  );
  for await (const { text, channel, category, seenAt, submittedAt, submittedBy, closedAt, ...row } of rows)
    yield {
      type: 'report',
      ...row,
      at: momentOf(submittedAt),
      seenAt: momentOf(seenAt),
      closedAt: momentOf(closedAt),
      by: people.of(submittedBy),
      channel: people.clean(channel),
      category: people.clean(category),
      text: people.clean(text),
    };
};

interface ConclusionRow {
  report: string;
  state: string;
  explanation: string;
  at: string;
  by: string;
  reopenedAt: string | null;
  reopenedBy: string | null;
  reopenReason: string | null;
  evidence: { label: string; official: boolean }[];
}

const CONCLUSIONS = `
  select c.report_id as report, c.state, c.explanation, c.at, c.by_id as by, c.reopened_at as "reopenedAt",
    c.reopened_by_id as "reopenedBy", c.reopen_reason as "reopenReason",
    ${listInJson(`json_build_object('label', e.label, 'official', e.official)`, 'e.place', 'evidence e where e.conclusion_id = c.id')} as evidence
  from conclusion c where c.report_id = any(?::uuid[]) order by c.at, c.id`;

/** How reports were checked. Of evidence its label: an address says who wrote what stands there. */
export const conclusionsSection: Section = async function* ({ sql, reports, people }) {
  for await (const row of rowsOf<ConclusionRow>(sql, CONCLUSIONS, [uuids(reports)]))
    yield {
      type: 'conclusion',
      report: row.report,
      state: row.state,
      at: momentOf(row.at),
      by: people.of(row.by),
      explanation: people.clean(row.explanation),
      evidence: row.evidence.map(({ label, official }) => ({ label: people.clean(label), official })),
      reopenedAt: momentOf(row.reopenedAt),
      reopenedBy: people.of(row.reopenedBy),
      reopenReason: people.clean(row.reopenReason),
    };
};

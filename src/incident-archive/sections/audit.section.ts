import { momentOf, rowsOf, type Section, uuids } from './archive-source.ts';

interface EntryRow {
  position: string;
  id: string;
  at: string;
  action: string;
  subject: string | null;
  by: string | null;
  before: string | null;
  after: string | null;
  hash: string;
}

const DEEDS = `
  select e.position, e.id, e.at, e.action, e.subject, e.actor as by, e.state_before as before, e.state_after as after, e.hash
  from audit_entry e join (
    select ?::uuid as id union select unnest(?::uuid[]) union select unnest(?::uuid[])
    union select id from log_line where incident_id = ?::uuid union select id from duty_shift where incident_id = ?::uuid
    union select id from situation_report where incident_id = ?::uuid
    union select id from question_group where incident_id = ?::uuid union select id from flash where incident_id = ?::uuid
    union select id from institution_notice where publication = any(?::uuid[])) thing on thing.id = e.subject
  order by e.position`;

/** Entries of the audit log on the incident and all that belongs to it, with the hashes by which the hub finds them again. */
export const auditSection: Section = async function* ({ sql, incident, threads, reports, people }) {
  const rows = rowsOf<EntryRow>(sql, DEEDS, [
    ...[incident, uuids(threads), uuids(reports)],
    ...[incident, incident, incident, incident, incident, uuids(threads)],
  ]);
  for await (const { position, at, by, before, after, hash, ...row } of rows)
    yield {
      type: 'audit',
      position: Number(position),
      ...row,
      at: momentOf(at),
      by: people.of(by),
      before,
      after,
      auditHash: hash,
    };
};

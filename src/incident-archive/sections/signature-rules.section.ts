import type { SignatureNeed } from '../../editorial/signatures/needs.rules.ts';
import { momentOf, rowsOf, type Section } from './archive-source.ts';

interface RuleRow {
  id: string;
  name: string;
  kinds: string[];
  severityAtLeast: string | null;
  responseTypes: string[];
  needs: SignatureNeed[];
  at: string;
  proposedBy: string;
  approvedBy: string;
  endedAt: string | null;
  endedBy: string | null;
}

/** What became of a rule after the incident was closed is no part of it. */
const RULES = `
  with span as (
    select i.opened_at as since, case when i.state = 'CLOSED' then
      (select max(p.closed_at) from incident_period p where p.incident_id = i.id) else 'infinity' end as until
    from incident i where i.id = ?::uuid)
  select r.id, r.name, r.kinds, r.severity_at_least as "severityAtLeast", r.response_types as "responseTypes", r.needs,
    r.approved_at as at, r.proposed_by_id as "proposedBy", r.approved_by_id as "approvedBy",
    case when r.ended_at <= s.until then r.ended_at end as "endedAt",
    case when r.ended_at <= s.until then r.ended_by_id end as "endedBy"
  from signature_rule r, span s
  where r.approved_at <= s.until and (r.ended_at is null or r.ended_at >= s.since) order by r.approved_at, r.id`;

/** The rules of signature that were in force at some time of the incident. */
export const signatureRulesSection: Section = async function* ({ sql, incident, people }) {
  for await (const row of rowsOf<RuleRow>(sql, RULES, [incident])) {
    const { at, name, proposedBy, approvedBy, endedAt, endedBy, ...rule } = row;
    yield {
      type: 'signature-rule',
      ...rule,
      at: momentOf(at),
      name: people.clean(name),
      proposedBy: people.of(proposedBy),
      approvedBy: people.of(approvedBy),
      endedAt: momentOf(endedAt),
      endedBy: people.of(endedBy),
    };
  }
};

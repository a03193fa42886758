import type { EntityManager } from '@mikro-orm/postgresql';
import { personIfInJson, personInJson } from '../../access/account.queries.ts';
import type { Actor } from '../../access/actor.ts';
import { demand } from '../../access/permissions.rules.ts';
import { parisTime } from '../../clock.ts';
import { sqlIn } from '../../database/sql-in.ts';
import { present } from '../../office/present.rules.ts';
import { demandFirst, type Page, type PageRequest } from '../../paging/page.rules.ts';
import { newestFirst, sqlPage } from '../../paging/sql-list.queries.ts';
import { API_RESPONSES } from '../../publications/alert/alert.content.ts';
import type { PublicationKind, ResponseType, Severity } from '../../publications/vocabulary.ts';
import type { SignatureNeed, SignatureRuleState } from './needs.rules.ts';
import { needsOutOfReach, signersByKind } from './signers.queries.ts';

interface Person {
  id: string;
  name: string;
}

/** A rule of signature as the desk sees it now. */
export interface SignatureRuleView {
  id: string;
  version: number;
  name: string;
  kinds: PublicationKind[];
  severityAtLeast: Severity | null;
  /** As the API names them. */
  responseTypes: string[];
  needs: SignatureNeed[];
  /** Those that too few people could meet today. */
  outOfReach: SignatureNeed[];
  state: SignatureRuleState;
  proposedBy: Person;
  proposedAt: string;
  approvedBy: Person | null;
  approvedAt: string | null;
  endAskedBy: Person | null;
  endAskedAt: string | null;
  endedBy: Person | null;
  endedAt: string | null;
}

const NEWEST_FIRST = newestFirst('signature_rule', 'proposed_at');

/** A page of all rules, those proposed last first. INVALID_INPUT for a page size or a cursor that cannot be. */
export async function signatureRulesPage(
  em: EntityManager,
  actor: Actor | null,
  request: PageRequest,
): Promise<Page<SignatureRuleView>> {
  demand(actor, 'readSignatureRules');
  demandFirst(request.first);
  return sqlPage(em, NEWEST_FIRST, [], request, (ids) => viewsOf(em, ids));
}

/** One rule, which exists. The caller has checked the actor's permission. */
export async function signatureRuleView(em: EntityManager, id: string): Promise<SignatureRuleView> {
  const [view] = await viewsOf(em, [id]);
  return present(view, 'rule of signature', id);
}

/** A rule as PostgreSQL answers it. Moments are text that `Date` reads. */
type Row = Omit<SignatureRuleView, 'outOfReach' | 'responseTypes'> & { responseTypes: ResponseType[] };

// People are read by the same statement as the rules.
const VIEWS = `
  select s.id, s.version, s.name, s.kinds, s.severity_at_least as "severityAtLeast", s.response_types as "responseTypes",
    s.needs, s.state, ${personInJson('proposer')} as "proposedBy", s.proposed_at as "proposedAt",
    ${personIfInJson('approver')} as "approvedBy", s.approved_at as "approvedAt",
    ${personIfInJson('asker')} as "endAskedBy", s.end_asked_at as "endAskedAt",
    ${personIfInJson('ender')} as "endedBy", s.ended_at as "endedAt"
  from signature_rule s join account proposer on proposer.id = s.proposed_by_id
  left join account approver on approver.id = s.approved_by_id
  left join account asker on asker.id = s.end_asked_by_id
  left join account ender on ender.id = s.ended_by_id
  where s.id in (?)`;

async function viewsOf(em: EntityManager, ids: readonly string[]): Promise<SignatureRuleView[]> {
  if (ids.length === 0) return [];
  const rows = await sqlIn(em)<Row>(VIEWS, [ids]);
  const signers = await signersByKind(em);
  return rows.map((row) => ({
    ...row,
    responseTypes: row.responseTypes.map(API_RESPONSES.wordOf),
    outOfReach: needsOutOfReach(row.needs, signers),
    proposedAt: inParis(row.proposedAt),
    approvedAt: row.approvedAt && inParis(row.approvedAt),
    endAskedAt: row.endAskedAt && inParis(row.endAskedAt),
    endedAt: row.endedAt && inParis(row.endedAt),
  }));
}

const inParis = (text: string): string => parisTime(new Date(text));

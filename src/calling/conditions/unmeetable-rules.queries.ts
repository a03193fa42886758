import type { EntityManager } from '@mikro-orm/postgresql';
import { sqlIn } from '../../database/sql-in.ts';
import type { SignatureNeed } from '../../editorial/signatures/needs.rules.ts';
import { needsOutOfReach, signersByKind } from '../../editorial/signatures/signers.queries.ts';
import type { LastingCondition } from './condition.ts';

/** The rules of signature in force that too few people could meet who may approve today. */
export async function unmeetableRules(em: EntityManager): Promise<LastingCondition[]> {
  const rules = await sqlIn(em)<{ id: string; needs: SignatureNeed[] }>(
    `select id, needs from signature_rule where state = 'IN_FORCE'`,
  );
  if (rules.length === 0) return [];
  const signers = await signersByKind(em);
  return rules
    .filter(({ needs }) => needsOutOfReach(needs, signers).length > 0)
    .map(({ id }) => ({ reason: 'RULE_UNMEETABLE', topic: id, incident: null, mode: 'ACTUAL' }));
}

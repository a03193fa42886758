import { onRule, proposeRule, ruleInput } from '../../../../support/crisis-cell/signature-desk.ts';
import { type Call, type Cells, call, cell, type MatrixDesk } from '../desk.ts';
import { NOTHING } from '../dossier-cells.ts';
import { rightOf, type Subject } from '../machine-cells.ts';
import { CALLERS, type MAY, RULE_DEEDS, RULE_STAGES, type RuleStage, ruleDeedEnds } from '../right.ts';

export const rightRules = (may?: typeof MAY): Cells => rightOf(RULE_DEEDS, RULE_STAGES, ruleDeedEnds, may);

/** A rule that everybody of the desk meets by an approval: all of them are of the Département. */
export const EASY_RULE = ruleInput(['DEPARTEMENT']);

async function ruleAt({ hub }: MatrixDesk, stage: RuleStage): Promise<Subject> {
  if (stage === 'ABSENT') return { id: NOTHING, version: 1 };
  const proposed = await proposeRule(hub, EASY_RULE);
  if (stage === 'PROPOSED') return proposed;
  if (stage === 'ENDED') return onRule(hub, 'endSignatureRule', 'admin', proposed);
  const inForce = await onRule(hub, 'approveSignatureRule', 'admin2', proposed);
  return stage === 'IN_FORCE' ? inForce : onRule(hub, 'endSignatureRule', 'admin', inForce);
}

/** Tries each deed on a rule of signature at each stage as everybody. */
export async function findRules(desk: MatrixDesk): Promise<Cells> {
  const found: Cells = new Map();
  for (const field of RULE_DEEDS)
    for (const stage of RULE_STAGES)
      for (const caller of CALLERS) {
        const { id, version } = await ruleAt(desk, stage);
        const given: Call['given'] = { id: ['ID!', id], version: ['Int!', version] };
        found.set(cell(field, stage, caller), await call(desk, caller, { field, given }));
      }
  return found;
}

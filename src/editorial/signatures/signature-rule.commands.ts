import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import type { Actor } from '../../access/actor.ts';
import { ORGANISATION_KINDS } from '../../access/organisations/organisation.rules.ts';
import { type Action, demand } from '../../access/permissions.rules.ts';
import { sqlIn } from '../../database/sql-in.ts';
import { type FieldFault, HubError, invalidInput, readInput } from '../../errors.ts';
import { demandVersion, lockRow } from '../../office/lock.queries.ts';
import { accountOf, type UnitOfWork } from '../../office/unit-of-work.ts';
import { API_RESPONSES } from '../../publications/alert/alert.content.ts';
import { optional } from '../../publications/content/content.ts';
import { plainLine } from '../../publications/content/text/plain-text.ts';
import { kindOf } from '../../publications/kinds.ts';
import { KINDS, SEVERITIES } from '../../publications/vocabulary.ts';
import { needsInWords, type SignatureNeed } from './needs.rules.ts';
import { SignatureRule, type SignatureRuleRow } from './signature-rule.entity.ts';
import { needsOutOfReach, signersByKind } from './signers.queries.ts';

export interface OneSignatureRule {
  id: string;
  version: number;
}

const MOST_PEOPLE = 9;
const MOST_NEEDS = 10;

/** Some of a closed list, in its order and each once: so PostgreSQL knows two needs of the same organisations as one. */
const someOf = <V extends string>(item: z.ZodType<V>, values: readonly V[]) =>
  z
    .array(item)
    .transform((all) => values.filter((value) => all.includes(value)))
    .refine((all) => all.length > 0, 'must hold at least one');

const need = z.object({
  anyOf: someOf(z.enum(ORGANISATION_KINDS), ORGANISATION_KINDS),
  count: z.int().min(1, 'must be at least 1').max(MOST_PEOPLE, `must be at most ${MOST_PEOPLE}`),
});
const ruleInput = z.object({
  name: plainLine(200),
  kinds: z
    .array(z.enum(KINDS))
    .min(1, 'must hold at least one')
    .transform((all) => [...new Set(all)]),
  severityAtLeast: optional(z.enum(SEVERITIES)),
  responseTypes: optional(z.array(API_RESPONSES.read)).transform((all) => [...new Set(all ?? [])]),
  needs: z.array(need).min(1, 'must hold at least one').max(MOST_NEEDS, `must hold at most ${MOST_NEEDS}`),
});
type RuleInput = z.output<typeof ruleInput>;

/**
 * Proposes a rule; nothing is asked for until another ADMIN puts it in force. INVALID_INPUT names every faulty field, needs among them
 * that too few people could meet today.
 */
export async function proposeSignatureRule(work: UnitOfWork, input: unknown): Promise<{ id: string }> {
  const { em, actor, clock } = work;
  demand(actor, 'proposeSignatureRule');
  const read = readInput(ruleInput, input, 'input');
  const faults = [...kindsWithoutGravity(read), ...(await faultsOfNeeds(em, read.needs))];
  if (faults.length > 0) throw invalidInput(faults);
  const proposed = { proposedBy: accountOf(work, actor), proposedAt: clock.now() };
  const { id } = em.create(SignatureRule, { id: uuid(), version: 1, state: 'PROPOSED', ...read, ...proposed });
  await em.flush();
  return { id };
}

/** Puts in force what another ADMIN proposed. WRONG_STAGE where too few people could meet it by now. */
export async function approveSignatureRule(work: UnitOfWork, which: OneSignatureRule): Promise<{ id: string }> {
  const { rule, actor } = await lockRule(work, 'approveSignatureRule', which);
  if (rule.state !== 'PROPOSED') throw new HubError('WRONG_STAGE', `this rule of signature is ${rule.state}`);
  if (rule.proposedBy.id === actor.id)
    throw new HubError('FORBIDDEN', 'you proposed this rule: another ADMIN puts it in force');
  const beyond = needsOutOfReach(rule.needs, await signersByKind(work.em));
  if (beyond.length > 0)
    throw new HubError('WRONG_STAGE', `too few people who approve could give ${needsInWords(beyond)}`);
  return change(work, rule, {
    state: 'IN_FORCE',
    approvedBy: accountOf(work, actor),
    approvedAt: work.clock.now(),
  });
}

/**
 * Takes a proposal back, or has a rule in force ended: the first ADMIN asks for it, and another one ends it. Nothing is asked by
 * it from then on.
 */
export async function endSignatureRule(work: UnitOfWork, which: OneSignatureRule): Promise<{ id: string }> {
  const { rule, actor } = await lockRule(work, 'endSignatureRule', which);
  if (rule.state === 'ENDED') throw new HubError('WRONG_STAGE', 'this rule of signature is ENDED');
  const by = accountOf(work, actor);
  const now = work.clock.now();
  if (rule.state === 'IN_FORCE' && !(await isEndAskedFor(work.em, rule)))
    return change(work, rule, { endAskedBy: by, endAskedAt: now });
  if (rule.endAskedBy?.id === actor.id)
    throw new HubError('FORBIDDEN', 'you asked for the end of this rule: another ADMIN ends it');
  return change(work, rule, { state: 'ENDED', endedBy: by, endedAt: now });
}

/** Severity and what people are asked to do are said of alerts alone: a rule by them would never ask anything of others. */
function kindsWithoutGravity({ kinds, severityAtLeast, responseTypes }: RuleInput): FieldFault[] {
  if (severityAtLeast === null && responseTypes.length === 0) return [];
  return kinds.flatMap((kind, index) =>
    kindOf(kind).capAlert
      ? []
      : [
          {
            path: `input.kinds.${index}`,
            message: `must be left out: ${kind} has neither severity nor responseTypes, which this rule asks for`,
          },
        ],
  );
}

async function faultsOfNeeds(em: EntityManager, needs: readonly SignatureNeed[]): Promise<FieldFault[]> {
  const signers = await signersByKind(em);
  return needs.flatMap((one, index) =>
    needsOutOfReach([one], signers).length === 0
      ? []
      : [
          {
            path: `input.needs.${index}`,
            message: `must be one that people could meet: too few who approve could give ${needsInWords([one])}`,
          },
        ],
  );
}

/** Whether an ADMIN asked for the end of a rule who is still there. */
async function isEndAskedFor(em: EntityManager, { endAskedBy }: SignatureRuleRow): Promise<boolean> {
  if (!endAskedBy) return false;
  const [row] = await sqlIn(em)<{ vouches: boolean }>('select may_vouch(?) as vouches', [endAskedBy.id]);
  return row?.vouches ?? false;
}

async function lockRule(
  { em, actor }: UnitOfWork,
  action: Action,
  { id, version }: OneSignatureRule,
): Promise<{ rule: SignatureRuleRow; actor: Actor }> {
  demand(actor, action);
  const rule: SignatureRuleRow = await lockRow(em, { entity: SignatureRule, name: 'rule of signature' }, id);
  demandVersion(rule, 'rule of signature', version);
  return { rule, actor };
}

async function change(
  { em }: UnitOfWork,
  rule: SignatureRuleRow,
  to: Partial<Omit<SignatureRuleRow, 'id' | 'version'>>,
): Promise<{ id: string }> {
  Object.assign(rule, { ...to, version: rule.version + 1 });
  await em.flush();
  return { id: rule.id };
}

import type { Actor } from '../access/actor.ts';
import { type Action, demand } from '../access/permissions.rules.ts';
import { sqlIn } from '../database/sql-in.ts';
import { HubError, invalidInput } from '../errors.ts';
import { demandVersion, lockRow } from '../office/lock.queries.ts';
import type { UnitOfWork } from '../office/unit-of-work.ts';
import { isUuid } from '../uuid.ts';
import { type QuestionTransition, questionsLeadFrom } from './question.rules.ts';
import { QuestionGroup, type QuestionGroupRow } from './question-group.entity.ts';

/** A group of questions, and the version of it that a client saw. */
export interface OneQuestionGroup {
  id: string;
  version: number;
}

/**
 * Locks a group for a deed of the actor until the transaction ends, and counts its version on: of two people who decide at the
 * same moment the second finds another version. Throws FORBIDDEN, NOT_FOUND, CONFLICT with the current version, or WRONG_STAGE.
 */
export async function groupInHand(
  { em, actor }: UnitOfWork,
  deed: QuestionTransition & Action,
  { id, version }: OneQuestionGroup,
): Promise<{ group: QuestionGroupRow; actor: Actor }> {
  demand(actor, deed);
  const group: QuestionGroupRow = await lockRow(em, { entity: QuestionGroup, name: 'group of questions' }, id);
  demandVersion(group, 'group of questions', version);
  if (!questionsLeadFrom(deed, group.state))
    throw new HubError('WRONG_STAGE', `${deed} is not possible while the group is ${group.state}`);
  group.version += 1;
  return { group, actor };
}

/** Refuses an incident that is not there, or closed; it is not closed until the transaction ends. */
export async function demandOpenIncident({ em }: Pick<UnitOfWork, 'em'>, id: string): Promise<void> {
  const rows = isUuid(id)
    ? await sqlIn(em)<{ state: string }>('select state from incident where id = ?::uuid for share', [id])
    : [];
  if (rows[0]?.state !== 'OPEN')
    throw invalidInput([{ path: 'incident', message: 'must be the id of an incident that is open' }]);
}

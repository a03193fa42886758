import type { Actor } from '../access/actor.ts';
import { parisTime } from '../clock.ts';
import { HubError, readInput } from '../errors.ts';
import { accountOf, type UnitOfWork } from '../office/unit-of-work.ts';
import { keepApart } from '../reports/personal/personal.commands.ts';
import type { ReportRow } from '../reports/report.entity.ts';
import type { FlashRow } from './flash.entity.ts';
import { flashInHand, mayBeside } from './flash-work.ts';
import { answerInput, withdrawalReason } from './read-flash.ts';

export interface OneFlash {
  id: string;
}

/**
 * Notes the answer of the Sdis: by its contact, or by staff who heard it. Nobody is rung any more. CONFLICT where somebody answered
 * first: of two at the same moment one does.
 */
export async function answerFlash(
  work: UnitOfWork,
  { id, ...said }: OneFlash & { answer: unknown; remark?: unknown },
): Promise<OneFlash> {
  const { flash, report, actor } = await flashInHand(work, 'answerFlash', id);
  const { answer, remark } = readInput(answerInput, said);
  if (flash.answer && flash.answeredAt)
    throw new HubError(
      'CONFLICT',
      `the flash n° ${flash.number} was answered first: ${flash.answer}, at ${parisTime(flash.answeredAt)}`,
    );
  demandOpen(flash, 'answerFlash');
  const kept = remark === null ? null : await withoutPeople(work, report, remark);
  Object.assign(flash, { answer, remark: kept, answeredBy: accountOf(work, actor), answeredAt: work.clock.now() });
  await work.em.flush();
  return { id: flash.id };
}

/**
 * Takes a flash back that nobody has answered, with the reason. Nobody is rung any more. FORBIDDEN for volunteers and marshals who
 * did not send it.
 */
export async function withdrawFlash(
  work: UnitOfWork,
  { id, reason }: OneFlash & { reason: string },
): Promise<OneFlash> {
  const { flash, report, actor } = await flashInHand(work, 'withdrawFlash', id);
  const why = readInput(withdrawalReason, reason, 'reason');
  demandSenderOr(actor, flash);
  demandOpen(flash, 'withdrawFlash');
  const withdrawnFor = await withoutPeople(work, report, why);
  Object.assign(flash, { withdrawnFor, withdrawnBy: accountOf(work, actor), withdrawnAt: work.clock.now() });
  await work.em.flush();
  return { id: flash.id };
}

function demandSenderOr(actor: Actor, flash: FlashRow): void {
  if (flash.sentBy.id !== actor.id && !mayBeside(actor, 'withdrawFlash', 'VOLUNTEER', 'MARSHAL'))
    throw new HubError('FORBIDDEN', 'a flash is withdrawn by the person who sent it, a CHECKER or a DUTY_OFFICER');
}

function demandOpen({ number, answeredAt, withdrawnAt }: FlashRow, deed: string): void {
  if (answeredAt || withdrawnAt)
    throw new HubError(
      'WRONG_STAGE',
      `${deed} is not possible: the flash n° ${number} is ${withdrawnAt ? 'WITHDRAWN' : 'ANSWERED'}`,
    );
}

/** Words about a flash, without what identifies people: that stands with the rest of its report (I-15). */
async function withoutPeople({ em, clock }: UnitOfWork, report: ReportRow, text: string): Promise<string> {
  const [kept = ''] = await keepApart(em, report, [text], clock.now());
  return kept;
}

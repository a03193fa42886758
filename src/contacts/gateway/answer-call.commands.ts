import type { EntityManager } from '@mikro-orm/postgresql';
import { Account } from '../../access/account.entity.ts';
import { markTaken } from '../../calling/call.commands.ts';
import { Call, type CallRow } from '../../calling/call.entity.ts';
import { sqlIn } from '../../database/sql-in.ts';
import { lockRow } from '../../office/lock.queries.ts';
import type { UnitOfWork } from '../../office/unit-of-work.ts';
import { isTakenByAnswer } from './gateway-message.rules.ts';

/** The call of a message that was sent; undefined for every other one. */
export async function callOfMessage(em: EntityManager, message: string): Promise<string | undefined> {
  const [row] = await sqlIn(em)<{ call: string }>(
    'select call_id as call from contact_message where id = ? and call_id is not null and sent_at is not null',
    [message],
  );
  return row?.call;
}

/**
 * Takes a call by the answer to one of its messages, for the person whom that rang: once, so that an answer that comes again does
 * nothing. Nor does one to a flash, which rings until it is answered at the desk, or one that comes when the call has ended, somebody else has it, or the account is disabled. It decides nothing.
 */
export async function answerCall(
  work: UnitOfWork,
  { call: id, message }: { call: string; message: string },
): Promise<void> {
  const { em, clock } = work;
  const now = clock.now();
  const call: CallRow = await lockRow(em, { entity: Call, name: 'call' }, id);
  if (call.endedAt || !isTakenByAnswer(call.reason)) return;
  const [answered] = await sqlIn(em)<{ account: string }>(
    `update contact_message m set answered_at = ? from account a
     where m.id = ? and m.call_id = ? and m.sent_at is not null and m.answered_at is null
       and a.id = m.account_id and a.disabled_at is null returning m.account_id as account`,
    [now.toISOString(), message, id],
  );
  if (!answered) return;
  const { account } = answered;
  const until = call.state === 'TAKEN' ? call.takenUntil : null;
  if (until && until > now && call.takenBy?.id !== account) return;
  await markTaken(em, call, em.getReference(Account, account), now);
}

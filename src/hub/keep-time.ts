import type { EntityManager } from '@mikro-orm/postgresql';
import type { Logger } from 'pino';
import {
  callAboutConditions,
  callAboutHub,
  callingWhereTimeStands,
} from '../calling/conditions/conditions.commands.ts';
import { callAboutUnread } from '../calling/conditions/unread.commands.ts';
import { callAboutOrders, callAboutSources, callBeforeEnds, callForSignatures } from '../calling/open-call.commands.ts';
import { dueCalls, forgetCalls, ringCall } from '../calling/ring.commands.ts';
import { sweepPushes } from '../channels/push/push.commands.ts';
import { forgetDeliveries } from '../channels/webhooks/delivery/attempt.commands.ts';
import { sweepContacts } from '../contacts/contact-point.commands.ts';
import { writeMessages } from '../contacts/messages/write-messages.commands.ts';
import { asHubError } from '../database/outage.ts';
import { keepTime, SecondLook, whatIsDue, whatIsOverdue } from '../editorial/timekeeping/timekeeping.commands.ts';
import { eraseLogPeople } from '../incident-log/erase-log.commands.ts';
import { sweepMailboxes } from '../institutions/mailbox.commands.ts';
import { forgetAnswers } from '../office/kept-answer.commands.ts';
import { type HourlySigner, hourlySigner } from '../office/sign-audit.commands.ts';
import type { Heartbeat } from '../outgoing/heartbeat.ts';
import { erasePersonalData } from '../reports/personal/personal.commands.ts';
import { erasePictures } from '../reports/pictures/erase-pictures.commands.ts';
import type { HubOffice } from '../resolvers.ts';
import { forgetSessions } from '../sign-in/desk-session.commands.ts';
import { DEFAULT_SESSION_TIMES } from '../sign-in/session.rules.ts';
import { type Fence, fenceOf, inFencedTransaction, LeaseLost } from '../timekeeping/lease.commands.ts';
import type { TimekeeperOptions } from '../timekeeping/timekeeper.ts';
import type { Watchkeeper } from '../watchers/watchkeeper.ts';
import type { Start } from './options.ts';

export interface TimedWork {
  em(): EntityManager;
  office: HubOffice;
  watchkeeper: Watchkeeper;
  heartbeat: Pick<Heartbeat, 'beat'>;
}

/** The hub's acts whose time has come: all of them in the process that keeps time, those that are overdue in every other. */
export function timedWork(
  { options, clock, warn }: Pick<Start, 'options' | 'clock' | 'warn'>,
  { em, office, watchkeeper, heartbeat }: TimedWork,
): Pick<TimekeeperOptions, 'tick' | 'overdue'> {
  const eachAct = doing(warn('something that was due could not be done'));
  const ring = (calls: readonly string[], progress?: () => void) =>
    eachAct(calls, async (id) => {
      await ringOne(office, id, options.logger);
      progress?.();
    });
  const ends = new SecondLook();
  const callWhereTimeStands = callingWhereTimeStands();
  const signer = hourlySigner(options.signing);
  return {
    tick: async ({ fencing, progress }) => {
      const fence = fenceOf(fencing);
      const due = ends.confirmed(await whatIsDue(em(), clock.now()));
      await eachAct(due, async (one) => {
        const deed = { action: one.what, subject: one.id };
        await office.run(null, deed, (work) => fence(work.em, () => keepTime(work, one)));
        progress();
      });
      const opening = [callForSignatures, callBeforeEnds, callAboutOrders, callAboutUnread];
      const lasting = [callAboutSources, callAboutConditions, callAboutHub];
      await eachAct([...opening, ...lasting], (open) => open(em(), clock.now()));
      // Without a fence, by whichever hub: the second one finds that the call had its turn.
      await ring(await dueCalls(em(), clock.now()), progress);
      await sweep(em(), fence, clock.now(), options);
      await signAudit(em(), fence, clock.now(), signer, options.logger);
      progress();
      await watchkeeper.tick(fence);
      heartbeat.beat();
    },
    // Without a fence: two hubs that publish the same dossier wait for each other, and the second finds it published.
    overdue: async () => {
      await eachAct(await whatIsOverdue(em(), clock.now()), (due) =>
        office.run(null, { action: due.what, subject: due.id }, (work) => keepTime(work, due)),
      );
      await callWhereTimeStands(em(), clock.now());
      await ring(await dueCalls(em(), new Date(clock.now().getTime() - LATE_MS)));
    },
  };
}

/**
 * Does acts one after the other. One that fails, or that a command or PostgreSQL refuses, holds up no other; a database that is
 * away, or a lost lease, holds up all.
 */
const doing =
  (onError: (error: unknown) => void) =>
  async <T>(all: readonly T[], act: (one: T) => Promise<void>) => {
    for (const one of all) {
      try {
        await act(one);
      } catch (error) {
        if (error instanceof LeaseLost || asHubError(error)?.code === 'UNAVAILABLE') throw error;
        onError(error);
      }
    }
  };

/** A call that is late by so much is rung by any hub. */
const LATE_MS = 5_000;

/** The next turn of a call. That everybody was rung in vain stands in the log of the hub as well: without words of what it is about. */
async function ringOne(office: HubOffice, id: string, logger: Logger): Promise<void> {
  const rung = await office.run(null, { action: 'ringCall', subject: id }, async (work) => {
    const turn = await ringCall(work, { id });
    if (turn.rang > 0 && (await writeMessages(work.em, id, work.clock.now())) > 0) work.afterCommit(work.wakeMessages);
    return turn;
  });
  if (rung.isExhausted)
    logger.warn({ call: id, reason: rung.reason }, 'everybody was rung for a call, and nobody answered');
}

/** The log takes the signature off this machine, so that it is somewhere else than the chain that it holds. */
async function signAudit(em: EntityManager, fence: Fence, now: Date, signer: HourlySigner, logger: Logger) {
  if (!signer.isDue(now)) return;
  const signed = await inFencedTransaction(em, fence, (inside) => signer.sign(inside, now));
  if (signed) logger.info({ position: signed.position, jws: signed.jws }, 'the head of the audit log was signed');
}

/** Deletes and erases what has been kept for long enough. */
const sweep = (
  em: EntityManager,
  fence: Fence,
  now: Date,
  { retentionDays, desk, territory }: Start['options'],
): Promise<void> =>
  inFencedTransaction(em, fence, async (inside) => {
    await erasePersonalData(inside, now);
    await erasePictures(inside, now);
    await eraseLogPeople(inside, now, territory);
    await forgetAnswers(inside, now);
    await forgetDeliveries(inside, now, retentionDays);
    await sweepMailboxes(inside, now);
    await sweepContacts(inside, now);
    await forgetCalls(inside, now);
    await sweepPushes(inside, now);
    await forgetSessions(inside, now, desk?.times ?? DEFAULT_SESSION_TIMES);
  });

import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import { demand } from '../../access/permissions.rules.ts';
import { instant, parisTime } from '../../clock.ts';
import { sqlIn } from '../../database/sql-in.ts';
import { insertion, writeTogether } from '../../database/writes.ts';
import { HubError, invalidInput, readInput } from '../../errors.ts';
import { optional } from '../../publications/content/content.ts';
import { moment } from '../../publications/content/moment.ts';
import { holdsHtml, plainLine, webAddress } from '../../publications/content/text/plain-text.ts';
import { type OralOrder, oralOrderOf } from '../../publications/decision/confirmation.ts';
import type { Decided } from '../../publications/decision/decision.content.ts';
import type { PublicDocument } from '../../publications/document.ts';
import type { PublishingWork } from '../dossier/editorial-work.ts';
import { announce } from './announce.commands.ts';
import { DecisionConfirmation } from './decision-confirmation.entity.ts';
import { CLOCKS_DIFFER_MS, demandOpen, demandPublic } from './public.commands.ts';

const writtenAct = z.object({
  act: plainLine(100).refine((act) => !holdsHtml(act), 'must be plain text, without tags of HTML'),
  decidedAt: moment,
  url: optional(webAddress),
});
type WrittenAct = z.output<typeof writtenAct>;

export interface Confirming {
  id: string;
  /** The public revision that the person saw. */
  revision: number;
  act: string;
  decidedAt: string;
  url?: string | null;
}

/**
 * Tells by which written act the authority confirmed the oral order that a publication names. No revision: the content, its
 * hash and its approvals stay as they are, nobody's phone rings, and the next CAP message carries it. Once for each order, by a
 * person who wrote none of the revisions that hold it (I-66).
 */
export async function confirmDecision(
  work: PublishingWork,
  { id, revision, ...told }: Confirming,
): Promise<PublicDocument> {
  const { em, actor } = work;
  demand(actor, 'confirmDecision');
  const { live, content, timed } = await demandPublic(work, id);
  demandOpen(work, live);
  if (revision !== live.revision)
    throw new HubError('CONFLICT', `you saw revision ${revision}, revision ${live.revision} is public: read its order`);
  const order = oralOrderOf(content);
  if (!order) throw new HubError('WRONG_STAGE', 'this publication names no oral order: there is nothing to confirm');
  await demandUnconfirmed(work, { thread: id, order, account: actor.id });
  const { act, url, decidedAt } = readAct(work, content, told);
  // The row and its entry have one moment: PostgreSQL finds the one by the other.
  const now = timed.clock.now();
  const confirmed = {
    dossier: id,
    oralOrder: order,
    act,
    url,
    confirmedAt: new Date(decidedAt),
    by: actor.id,
    at: now,
  };
  await writeTogether(em, [insertion(em, DecisionConfirmation, { id: uuid(), ...confirmed })]);
  const document = { ...live, confirmation: { act, url, confirmedAt: decidedAt, toldAt: parisTime(now) } };
  await announce(
    { ...timed, clock: { now: () => now } },
    { type: 'DECISION_CONFIRMED', document, changedFields: ['decision'], ring: false },
  );
  return document;
}

interface Order {
  thread: string;
  order: OralOrder;
  account: string;
}

/** Throws CONFLICT for an order that was confirmed, FORBIDDEN for an account that wrote it down. */
async function demandUnconfirmed({ em }: PublishingWork, { thread, order, account }: Order): Promise<void> {
  const given = JSON.stringify(order);
  const [known] = await sqlIn(em)<{ act: string | null; wrote: boolean }>(
    `select wrote_order(?::uuid, ?::jsonb, ?::uuid) as wrote,
       (select act from decision_confirmation where dossier_id = ?::uuid and oral_order = ?::jsonb) as act`,
    [thread, given, account, thread, given],
  );
  if (known?.act) throw new HubError('CONFLICT', `this order was confirmed before, by ${known.act}`);
  if (known?.wrote)
    throw new HubError('FORBIDDEN', 'nobody confirms an order that they wrote down: another person must');
}

/** Reads the act. INVALID_INPUT where it cannot be that of the order which the live revision names. */
function readAct({ clock }: PublishingWork, { decision }: object & Partial<Decided>, told: object): WrittenAct {
  const written = readInput(writtenAct, told);
  const fault = (path: string, message: string) => invalidInput([{ path, message }]);
  if (decision?.act && written.act !== decision.act)
    throw fault('act', `must be ${decision.act}, as the publication says: another act takes a revision`);
  if (decision && instant(written.decidedAt) < instant(decision.decidedAt))
    throw fault('decidedAt', `must not lie before ${decision.decidedAt}, when the order was given`);
  if (instant(written.decidedAt) > clock.now().getTime() + CLOCKS_DIFFER_MS)
    throw fault('decidedAt', 'must not lie in the future: it is when the act was signed');
  return written;
}

import type { Confirmable, Confirmation, Decided, Decision } from './decision.content.ts';

/** An oral order is the same while these are: another act, call or address does not make it another one. */
export type OralOrder = Pick<Decision, 'authority' | 'by' | 'decidedAt'>;

/** An oral order that is public, and the act by which it was confirmed. */
export interface ConfirmedOrder {
  order: OralOrder;
  act: string;
}

/** The oral order that a content or document names; null where it names another decision, or none. */
export function oralOrderOf({ decision }: object & Partial<Decided>): OralOrder | null {
  if (decision?.form !== 'ORAL_ORDER') return null;
  const { authority, by, decidedAt } = decision;
  return { authority, by, decidedAt };
}

export const isSameOrder = (one: OralOrder | null, other: OralOrder | null): boolean =>
  one !== null &&
  other !== null &&
  one.authority === other.authority &&
  one.by === other.by &&
  one.decidedAt === other.decidedAt;

/** How the order of a document was confirmed; null while it was not, and for kinds that order nothing. */
export const confirmationOf = ({ confirmation }: object & Confirmable): Confirmation | null => confirmation ?? null;

/**
 * The confirmation that a revision takes along: of the same order, unless the revision names another act, which then
 * stands alone.
 */
export function stillConfirmed(before: (Decided & Confirmable) | null, content: Decided): Confirmable {
  const confirmation = before && confirmationOf(before);
  if (!confirmation || !isSameOrder(oralOrderOf(before), oralOrderOf(content))) return {};
  const act = content.decision?.act ?? null;
  return act === null || act === confirmation.act ? { confirmation } : {};
}

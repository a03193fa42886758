import { z } from 'zod';
import { optional } from '../content/content.ts';
import { moment } from '../content/moment.ts';
import { plainLine, plainText, webAddress } from '../content/text/plain-text.ts';

export const AUTHORITIES = ['MAYOR', 'PREFECT', 'DEPARTEMENT_PRESIDENT', 'MINISTER', 'FORCES_ON_SITE'] as const;
export type Authority = (typeof AUTHORITIES)[number];

export const DECISION_FORMS = ['WRITTEN_ACT', 'ORAL_ORDER'] as const;

/** How the desk made sure of an order that came by telephone: the public never reads it. */
const orderCall = z.object({
  heardAt: moment,
  calledBackAt: optional(moment),
  whyNotCalledBack: optional(plainText(500)),
});

export type OrderCall = z.output<typeof orderCall>;

const decision = z.object({
  authority: z.enum(AUTHORITIES),
  by: plainLine(200),
  form: z.enum(DECISION_FORMS),
  act: optional(plainLine(100)),
  decidedAt: moment,
  url: optional(webAddress),
  call: optional(orderCall),
});

/** Which authority decided what a publication orders, by which act and when; a part of the content, so it is approved and frozen. */
export const decisionContent = optional(decision);
export type Decision = z.output<typeof decision>;

const legalOrder = z.object({ number: plainLine(100), authority: plainLine(200), url: optional(webAddress) });
export type LegalOrder = z.output<typeof legalOrder>;

/** The order that closures named before they named a decision. */
export const legalOrderContent = optional(legalOrder);

/** The part of a content that names its decision. Contents from before decisions have no `decision`, not even null. */
export interface Decided {
  decision: Decision | null;
  legalOrder?: LegalOrder | null;
}

/** The written act behind an oral order, told without a revision. Moments are RFC 3339. */
export interface Confirmation {
  act: string;
  url: string | null;
  /** When the act was signed. */
  confirmedAt: string;
  /** When the desk told it. */
  toldAt: string;
}

/** The part of a document that a confirmation changes; absent while there is none. */
export interface Confirmable {
  confirmation?: Confirmation | undefined;
}

/** A decision as the public reads it. */
export interface PublicDecision extends Pick<Decision, 'by' | 'form' | 'act' | 'url'> {
  /** Null where a closure from before decisions named its authority in words alone. */
  authority: Authority | null;
  /** Null where such a closure did not say when. */
  decidedAt: string | null;
  /** When the act behind an oral order was signed; null where the order was not confirmed, or needed no act. */
  confirmedAt: string | null;
}

/** Without what the desk alone may know. */
export const withoutCall = <T extends Decided>(content: T): T => ({
  ...content,
  decision: content.decision ? { ...content.decision, call: null } : null,
});

/** The decision behind a publication, with the act that confirmed it, as the public reads it; null where none is named. */
export function decisionOf({ decision, legalOrder, confirmation }: Decided & Confirmable): PublicDecision | null {
  if (decision) {
    const { call: _desk, ...shown } = decision;
    if (!confirmation) return { ...shown, confirmedAt: null };
    const { act, url, confirmedAt } = confirmation;
    return { ...shown, act, url: url ?? shown.url, confirmedAt };
  }
  if (!legalOrder) return null;
  const { number, authority, url } = legalOrder;
  return { authority: null, by: authority, form: 'WRITTEN_ACT', act: number, decidedAt: null, confirmedAt: null, url };
}

/** How the desk made sure of an order by telephone; null for contents without one. Of the desk alone. */
export const orderCallOf = (content: object & Partial<Decided>): OrderCall | null => content.decision?.call ?? null;

/** The same as an order of a closure: for apps that know no decisions yet. Null for an order that nobody has written. */
export function legalOrderOf(told: Decided & Confirmable): LegalOrder | null {
  const shown = told.decision ? decisionOf(told) : null;
  if (!shown?.act) return told.legalOrder ?? null;
  return { number: shown.act, authority: shown.by, url: shown.url };
}

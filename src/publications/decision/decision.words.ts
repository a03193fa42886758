import { formatDateTime, formatDay } from '../content/date-time.ts';
import type { InEachTongue, Tongue } from '../content/tongue.ts';
import type { PublicDecision } from './decision.content.ts';

interface DecisionWords {
  decided: string;
  /** A written act, which may stand as a bare number. */
  act(act: string): string;
  of(act: string, day: string): string;
  spoken(at: string): string;
  toFollow: string;
  onSite(at: string): string;
  /** Beside an order, and beside what was decided on site. */
  confirmed: { order(act: string): string; onSite(act: string): string };
}

const WORDS: InEachTongue<DecisionWords> = {
  fr: {
    decided: 'Décision :',
    act: (act) => (/^\d/.test(act) ? `arrêté n°\u00a0${act}` : act),
    of: (act, day) => `${act} du ${day}`,
    spoken: (at) => `ordre oral du ${at}`,
    toFollow: 'arrêté à suivre',
    onSite: (at) => `sur place, le ${at}`,
    confirmed: { order: (act) => `confirmé par ${act}`, onSite: (act) => `confirmée par ${act}` },
  },
  en: {
    decided: 'Decided by:',
    act: (act) => (/^\d/.test(act) ? `order no. ${act}` : act),
    of: (act, day) => `${act} of ${day}`,
    spoken: (at) => `spoken order of ${at}`,
    toFollow: 'written act to follow',
    onSite: (at) => `on site, on ${at}`,
    confirmed: { order: (act) => `confirmed by ${act}`, onSite: (act) => `confirmed by ${act}` },
  },
};

/** One line: the authority, its act, and when. */
export function decisionLine(decision: PublicDecision, tongue: Tongue): string {
  const { decided } = WORDS[tongue];
  return [`${decided} ${decision.by}`, howOf(decision, tongue)].filter((part) => part !== null).join(', ');
}

/** A written act in words. */
export const actIn = (act: string, tongue: Tongue): string => WORDS[tongue].act(act);

function howOf(decision: PublicDecision, tongue: Tongue): string | null {
  const { form, act, decidedAt, confirmedAt } = decision;
  if (decidedAt === null) return act && actIn(act, tongue);
  if (act === null)
    return form === 'WRITTEN_ACT' ? formatDay('dated', tongue, decidedAt) : awaited(decision, decidedAt, tongue);
  return confirmedAt === null
    ? signed(act, decidedAt, tongue)
    : confirmed(decision, { order: decidedAt, act: signed(act, confirmedAt, tongue) }, tongue);
}

const signed = (act: string, at: string, tongue: Tongue): string =>
  WORDS[tongue].of(actIn(act, tongue), formatDay('dated', tongue, at));

/** An order that no act has followed. None is promised for what forces on site decide. */
function awaited({ authority }: PublicDecision, decidedAt: string, tongue: Tongue): string {
  const { onSite, spoken, toFollow } = WORDS[tongue];
  const at = formatDateTime('dated', tongue, decidedAt);
  return authority === 'FORCES_ON_SITE' ? onSite(at) : `${spoken(at)}, ${toFollow}`;
}

function confirmed({ authority }: PublicDecision, told: { order: string; act: string }, tongue: Tongue): string {
  const words = WORDS[tongue];
  const at = formatDateTime('dated', tongue, told.order);
  return authority === 'FORCES_ON_SITE'
    ? `${words.onSite(at)}, ${words.confirmed.onSite(told.act)}`
    : `${words.spoken(at)}, ${words.confirmed.order(told.act)}`;
}

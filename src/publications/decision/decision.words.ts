import { formatDateTime, formatDay } from '../content/date-time.ts';
import type { InEachTongue, Tongue } from '../content/tongue.ts';
import type { PublicDecision } from './decision.content.ts';

interface DecisionWords {
  decided: string;
  /** A written act, which may stand as a bare number. */
  act(act: string): string;
  of(act: string, day: string): string;
  spoken(at: string): string;
  onSite(at: string): string;
}

const WORDS: InEachTongue<DecisionWords> = {
  fr: {
    decided: 'Décision :',
    act: (act) => (/^\d/.test(act) ? `arrêté n°\u00a0${act}` : act),
    of: (act, day) => `${act} du ${day}`,
    spoken: (at) => `ordre oral du ${at}, arrêté à suivre`,
    onSite: (at) => `sur place, le ${at}`,
  },
  en: {
    decided: 'Decided by:',
    act: (act) => (/^\d/.test(act) ? `order no. ${act}` : act),
    of: (act, day) => `${act} of ${day}`,
    spoken: (at) => `spoken order of ${at}, written act to follow`,
    onSite: (at) => `on site, on ${at}`,
  },
};

/** One line: the authority, its act, and when. */
export function decisionLine(decision: PublicDecision, tongue: Tongue): string {
  const { decided } = WORDS[tongue];
  return [`${decided} ${decision.by}`, howOf(decision, tongue)].filter((part) => part !== null).join(', ');
}

function howOf({ authority, form, act, decidedAt }: PublicDecision, tongue: Tongue): string | null {
  const words = WORDS[tongue];
  if (act !== null) return decidedAt ? words.of(words.act(act), formatDay('dated', tongue, decidedAt)) : words.act(act);
  if (decidedAt === null) return null;
  const at = formatDateTime('dated', tongue, decidedAt);
  if (form === 'WRITTEN_ACT') return formatDay('dated', tongue, decidedAt);
  return authority === 'FORCES_ON_SITE' ? words.onSite(at) : words.spoken(at);
}

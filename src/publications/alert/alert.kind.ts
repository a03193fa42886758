import { z } from 'zod';
import { instant } from '../../clock.ts';
import { commonContent, idList, optional } from '../content/content.ts';
import { hazardCode } from '../content/hazards.ts';
import { moment } from '../content/moment.ts';
import { plainText, webAddress } from '../content/plain-text.ts';
import { type Kind, withoutReports } from '../kind.ts';
import { CATEGORIES, CERTAINTIES, gravity, RESPONSE_TYPES, SEVERITIES, URGENCIES } from '../vocabulary.ts';
import { lintAlert } from './alert.rules.ts';

const unique = <T extends z.ZodType>(item: T) => z.array(item).transform((list) => [...new Set(list)]);

/** An alert's content, in CAP 1.2's terms: urgency, severity and certainty say how grave; onset and expiry, when. */
export const alertContent = z.object({
  ...commonContent,
  hazard: hazardCode,
  categories: unique(z.enum(CATEGORIES)).refine((list) => list.length > 0, 'must hold at least one category'),
  responseTypes: optional(unique(z.enum(RESPONSE_TYPES))).transform((list) => list ?? []),
  urgency: z.enum(URGENCIES),
  severity: z.enum(SEVERITIES),
  certainty: z.enum(CERTAINTIES),
  onsetAt: optional(moment),
  expiresAt: moment,
  web: optional(webAddress),
  contact: optional(plainText(500)),
  adviceIds: idList(20),
});
export type AlertContent = z.output<typeof alertContent>;

export const alert: Kind<AlertContent> = {
  name: 'ALERT',
  schema: alertContent,
  settle: (content) => content,
  faults: (content) => [
    ...(content.areas.length === 0 ? [{ path: 'areas', message: 'an alert needs at least one area' }] : []),
    ...(content.onsetAt && instant(content.expiresAt) <= instant(content.onsetAt)
      ? [{ path: 'expiresAt', message: 'must lie after onsetAt' }]
      : []),
  ],
  window: ({ onsetAt, expiresAt }) => ({ startsAt: onsetAt, endsAt: expiresAt }),
  severity: ({ severity }) => severity,
  lint: lintAlert,
  graver: (before, after) =>
    gravity(after.severity) > gravity(before.severity) ||
    (after.urgency === 'IMMEDIATE' && before.urgency !== 'IMMEDIATE'),
  published: withoutReports,
};

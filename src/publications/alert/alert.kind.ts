import { instant } from '../../clock.ts';
import { type Kind, withoutReports } from '../kind.ts';
import { gravity } from '../vocabulary.ts';
import { type AlertContent, alertContent } from './alert.content.ts';
import { lintAlert } from './alert.rules.ts';

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

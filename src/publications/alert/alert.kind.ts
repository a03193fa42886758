import { instant } from '../../clock.ts';
import { isAdvice } from '../advice/advice.content.ts';
import { stillConfirmed } from '../decision/confirmation.ts';
import { decisionOf, withoutCall } from '../decision/decision.content.ts';
import { type Kind, withoutReports } from '../kind/kind.ts';
import { hazardAnnouncement } from '../kind/linked-data.ts';
import { gravity } from '../vocabulary.ts';
import { type AlertContent, type AlertDocument, API_RESPONSES, alertContent } from './alert.content.ts';
import { alertMap } from './alert.map.ts';
import { alertPost } from './alert.post.ts';
import { lintAlert } from './alert.rules.ts';
import { alertText } from './alert.text.ts';

export const alert: Kind<AlertContent, AlertDocument> = {
  name: 'ALERT',
  noun: 'Alert',
  typeName: 'AlertPublication',
  meaning: 'A danger, with its gravity, its area and what to do.',
  schema: alertContent,
  settle: (content) => content,
  faults: (content) => [
    ...(content.areas.length === 0 ? [{ path: 'areas', message: 'an alert needs at least one area' }] : []),
    ...(content.onsetAt && instant(content.expiresAt) <= instant(content.onsetAt)
      ? [{ path: 'endsAt', message: 'must lie after startsAt' }]
      : []),
  ],
  window: ({ onsetAt, expiresAt }) => ({ startsAt: onsetAt, endsAt: expiresAt }),
  danger: ({ severity, urgency, hazard, categories }) => ({ severity, urgency, hazard, categories }),
  lint: lintAlert,
  graver: (before, after) =>
    gravity(after.severity) > gravity(before.severity) ||
    (after.urgency === 'IMMEDIATE' && before.urgency !== 'IMMEDIATE'),
  published: (content) => withoutReports(withoutCall(content)),
  prose: [],
  references: ({ adviceIds }) =>
    adviceIds.map((id, index) => ({
      path: `adviceIds.${index}`,
      id,
      kind: 'ADVICE',
      use: 'pinned',
      fault: 'must be the id of advice that is public, of the alert’s own mode or ACTUAL',
    })),
  carriedOver: ({ content, before, message, pinned }) => ({
    messages: [...(before?.messages ?? []), ...(message ? [message] : [])],
    advice: pinned.filter(isAdvice),
    ...stillConfirmed(before, content),
  }),
  capAlert: (document) => document,
  decision: decisionOf,
  frozenInto: ({ advice }) => ({ advice }),
  situation: {
    field: 'alerts',
    description: 'Gravest first.',
    select: ({ list }) => list('ALERT', 'gravest', 'here'),
  },
  page: { heading: 'Alertes', details: () => [] },
  linkedData: hazardAnnouncement,
  inputNames: { onsetAt: 'startsAt', expiresAt: 'endsAt', web: 'infoUrl' },
  // `advice` says more than the ids of it.
  apiForm: ({ onsetAt: _from, expiresAt: _to, adviceIds: _ids, confirmation, messages, web, ...alert }) => ({
    ...alert,
    capIdentifier: messages.at(-1)?.identifier,
    decision: decisionOf({ ...alert, confirmation }),
    infoUrl: web,
    responseTypes: alert.responseTypes.map(API_RESPONSES.wordOf),
  }),
  map: alertMap,
  text: alertText,
  post: alertPost,
};

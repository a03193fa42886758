import { z } from 'zod';
import { instant } from '../../clock.ts';
import { tongueFor } from '../content/tongue.ts';
import { stillConfirmed } from '../decision/confirmation.ts';
import { decisionOf, legalOrderOf, withoutCall } from '../decision/decision.content.ts';
import { lintDecision } from '../decision/decision.rules.ts';
import { type Kind, type Sighting, withoutReports } from '../kind/kind.ts';
import { type ClosureContent, type ClosureDocument, closureContent, SEEN_STATES } from './closure.content.ts';
import { closureMap } from './closure.map.ts';
import { closurePage, closureSeen } from './closure.page.ts';
import { closurePost } from './closure.post.ts';
import { closureObserved, endedEarlyAt, reopenedAt, roadLabel, undecided, unlikelyForRoads } from './closure.rules.ts';
import { closureText, reopenedText } from './closure.text.ts';
import { CLOSURE_WORDS } from './closure.words.ts';
import { wazeAdvice } from './waze.rules.ts';

interface SeenState {
  state: (typeof SEEN_STATES)[number];
}

export const closure: Kind<ClosureContent, ClosureDocument> = {
  name: 'CLOSURE',
  noun: 'Closure',
  typeName: 'ClosurePublication',
  meaning: 'A closed or restricted road.',
  schema: closureContent,
  // A closure has one area, its path: what it touches follows from there.
  settle: (content, territory) => ({
    ...content,
    roads: content.roads.map((road) => ({
      ...road,
      commune: road.commune && (territory.byCode(road.commune)?.code ?? road.commune),
    })),
    areas: [
      {
        description: content.roads.map(roadLabel).join(', '),
        communes: territory.communesTouching(content.path).map(({ code }) => code),
        geometry: content.path,
      },
    ],
  }),
  faults: (content, territory) => [
    ...(content.eventWindow && !content.eventId
      ? [{ path: 'eventWindow', message: 'needs an eventId: it is counted from that event' }]
      : []),
    ...(content.decision && content.legalOrder
      ? [{ path: 'legalOrder', message: 'must be left out where there is a decision: that names the order' }]
      : []),
    ...(instant(content.plannedTo) <= instant(content.plannedFrom)
      ? [{ path: 'endsAt', message: 'must lie after startsAt' }]
      : []),
    ...content.roads.flatMap(({ commune }, index) =>
      commune && !territory.byCode(commune)
        ? [{ path: `roads.${index}.commune`, message: `${commune} is not the INSEE code of a commune of the Essonne` }]
        : [],
    ),
  ],
  window: ({ plannedFrom, plannedTo }) => ({ startsAt: plannedFrom, endsAt: plannedTo }),
  danger: () => null,
  lint: (content, now, confirmed) => [
    ...(instant(content.plannedTo) > now.getTime()
      ? []
      : [
          { rule: 'I-07', level: 'ERROR' as const, path: 'endsAt', message: 'La fin de la fermeture est déjà passée.' },
        ]),
    ...undecided(content),
    ...lintDecision(content, now, confirmed),
    ...unlikelyForRoads(content),
    ...wazeAdvice(content),
  ],
  graver: (before, after) => after.restriction === 'CLOSED' && before.restriction !== 'CLOSED',
  published: (content) => withoutReports(withoutCall(content)),
  prose: ['cause', 'detour.text', 'crossingPoints.*.label'],
  references: ({ eventId }) =>
    eventId ? [{ path: 'eventId', id: eventId, kind: 'EVENT', use: 'named', fault: 'must be the id of an event' }] : [],
  carriedOver: ({ before, content }) => ({
    observed: before?.observed ?? { state: 'UNKNOWN', at: null, note: null },
    ...stillConfirmed(before, content),
  }),
  observation: {
    action: 'observeClosure',
    schema: z.object({ state: z.enum(SEEN_STATES) }),
    record: (document, { state, at, note }: SeenState & Sighting) => ({ ...document, observed: { state, at, note } }),
    rings: (before, after) => before.observed.state !== after.observed.state,
    seen: closureSeen,
    news: (document) => {
      const at = reopenedAt(document);
      return at ? { phase: 'REOPENED', at, good: true } : null;
    },
    newsText: reopenedText,
  },
  situation: {
    field: 'closures',
    description: 'Soonest first.',
    select: ({ list }) => list('CLOSURE', 'soonest', 'here'),
  },
  decision: decisionOf,
  page: closurePage,
  linkedData: (document, { text }) => ({
    category: CLOSURE_WORDS[tongueFor(text.language)].restrictions[document.restriction],
    expires: endedEarlyAt(document) ?? document.endsAt,
  }),
  inputNames: { plannedFrom: 'startsAt', plannedTo: 'endsAt' },
  apiForm: ({ plannedFrom: _from, plannedTo: _to, eventWindow: _window, eventId, confirmation, ...closure }) => ({
    ...closure,
    decision: decisionOf({ ...closure, confirmation }),
    legalOrder: legalOrderOf({ ...closure, confirmation }),
    event: eventId === null ? null : { id: eventId },
    observed: closureObserved(closure),
  }),
  map: closureMap,
  cardLine: ({ path }) => path,
  text: closureText,
  post: closurePost,
};

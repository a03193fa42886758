import fc from 'fast-check';
import { parisTime } from '../../../src/clock.ts';
import { assembleDocument } from '../../../src/editorial/publishing/document.rules.ts';
import type { AdviceDocument } from '../../../src/publications/advice/advice.content.ts';
import {
  type AidPointDocument,
  type AidPointSeen,
  API_WHEELCHAIR,
  PURPOSES,
  SEEN_STATUSES,
} from '../../../src/publications/aid-point/aid-point.content.ts';
import type { ClosureDocument } from '../../../src/publications/closure/closure.content.ts';
import { RESTRICTIONS, SEEN_STATES } from '../../../src/publications/closure/closure.content.ts';
import { fingerprint } from '../../../src/publications/content/fingerprint.ts';
import { readContent } from '../../../src/publications/content/read-content.ts';
import type { CorrectionDocument } from '../../../src/publications/correction/correction.content.ts';
import { API_VERDICTS } from '../../../src/publications/correction/correction.content.ts';
import { AUTHORITIES, DECISION_FORMS } from '../../../src/publications/decision/decision.content.ts';
import type { PublicDocument } from '../../../src/publications/document.ts';
import type { EventDocument } from '../../../src/publications/event/event.content.ts';
import { EVENT_STATUSES } from '../../../src/publications/event/event.content.ts';
import type { PublicationKind } from '../../../src/publications/vocabulary.ts';
import { territory } from '../hub/hub.ts';
import { anyAlert, anyNow, anyTexts, anyWords, FORMER, MARKS } from './generated-alerts.ts';
import { anyLine } from './shapes.ts';

/**
 * Publications of every kind that nobody would write and every format must carry all the same. They are read as inputs are,
 * so that their words are as the hub keeps them.
 */
const HOUR = 3600_000;
const MINUTE = 60_000;
const CODES = territory.communes.map(({ code }) => code);
const anyCode = fc.oneof(fc.constantFrom(...CODES), fc.constantFrom(...FORMER));
const anyPlaces = (minLength: number) =>
  fc.array(
    fc.record({
      description: anyWords('Secteur', 500),
      communes: fc.uniqueArray(anyCode, { minLength: 1, maxLength: 3 }),
      geometry: fc.constant(null),
    }),
    { minLength, maxLength: 2 },
  );
const anyUrl = fc.constantFrom(
  'https://a.example/?a=1&b=é',
  'http://xn--bcher-kva.example/%20#x',
  'https://b.example/',
);
const anyDecision = fc.record({
  authority: fc.constantFrom(...AUTHORITIES),
  by: anyWords('Le maire', 200),
  form: fc.constantFrom(...DECISION_FORMS),
  act: fc.option(anyWords('2026-1', 100)),
  decidedAt: fc.constantFrom('2026-03-29T00:59:58Z', '2026-10-25T00:30:00Z', '2016-06-02T10:00:00Z'),
  url: fc.option(anyUrl),
});
const minutes = (min: number, max: number) => fc.integer({ min, max });

interface Seed {
  now: string;
  revision: number;
  end: 'none' | 'cancelled' | 'allClear';
  mode: keyof typeof MARKS;
}
const anySeed: fc.Arbitrary<Seed> = fc.record({
  now: anyNow,
  revision: fc.integer({ min: 1, max: 4 }),
  end: fc.constantFrom('none' as const, 'none' as const, 'none' as const, 'cancelled' as const, 'allClear' as const),
  mode: fc.constantFrom('ACTUAL' as const, 'ACTUAL' as const, 'EXERCISE' as const, 'TEST' as const),
});

/** A document of a kind from what `fieldsOf` makes of a mark for headlines and a clock that counts minutes from now. */
function documents<T>(
  kind: PublicationKind,
  fields: (mark: string) => fc.Arbitrary<T>,
  inputOf: (fields: T, after: (minutes: number) => string) => object,
): fc.Arbitrary<PublicDocument> {
  return anySeed.chain((seed) =>
    fc.tuple(fields(MARKS[seed.mode]), fc.uuid({ version: 7 }), anyWords('Motif', 300)).map(([given, id, reason]) => {
      const after = (count: number) => parisTime(new Date(Date.parse(seed.now) + count * MINUTE));
      const content = readContent(kind, { mode: seed.mode, ...inputOf(given, after) }, territory);
      let document: PublicDocument | null = null;
      for (let number = 1; number <= seed.revision; number += 1)
        document = assembleDocument({
          id,
          kind,
          number,
          content,
          contentHash: fingerprint(content),
          minor: false,
          signed: { publisher: null, signatories: [] },
          incident: null,
          at: new Date(Date.parse(seed.now) + (number - seed.revision) * HOUR),
          before: document,
          changed: [],
          message: null,
          pinned: [],
        });
      return ended(document as PublicDocument, seed.end, after(90), reason);
    }),
  );
}

/** Reasons are kept as plain text is: the same normal form as in every content. */
function ended(document: PublicDocument, end: Seed['end'], at: string, reason: string): PublicDocument {
  const plain = reason.replace(/\r\n?/g, '\n').normalize('NFC').trim();
  if (end === 'cancelled') return { ...document, cancelled: { at, reason: plain } };
  return end === 'allClear' ? { ...document, allClear: { at, texts: document.texts } } : document;
}

export const anyEvent = documents(
  'EVENT',
  (mark) =>
    fc.record({
      texts: anyTexts(mark),
      areas: anyPlaces(1),
      starts: minutes(-600, 6000),
      lasts: minutes(1, 6000),
      eventStatus: fc.constantFrom(...EVENT_STATUSES),
      organiser: fc.option(anyWords('Club', 200)),
      passages: fc.array(
        fc.record({
          label: anyWords('Passage', 300),
          commune: fc.option(anyCode),
          from: minutes(-600, 6000),
          lasts: fc.option(minutes(0, 300)),
          geometry: fc.option(
            fc.constantFrom(
              { type: 'Point', coordinates: [2.364, 48.612] },
              { type: 'Point', coordinates: [2.1, 48.4] },
            ),
          ),
        }),
        { maxLength: 5 },
      ),
    }),
  ({ starts, lasts, passages, ...rest }, after) => ({
    ...rest,
    startsAt: after(starts),
    endsAt: after(starts + lasts),
    passages: passages.map(({ from, lasts: length, ...passage }) => ({
      ...passage,
      expectedFrom: after(from),
      expectedTo: length === null ? null : after(from + length),
    })),
  }),
) as fc.Arbitrary<EventDocument>;

const anyRoadLine = anyLine.filter((line) => territory.touchesDepartement(line));

const anyPlannedClosure = documents(
  'CLOSURE',
  (mark) =>
    fc.record({
      texts: anyTexts(mark),
      roads: fc.array(
        fc.record({
          name: anyWords('R', 200),
          number: fc.option(fc.constantFrom('D31', 'N20', 'A6')),
          commune: fc.option(anyCode),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      path: fc.oneof(
        anyRoadLine,
        fc
          .array(anyRoadLine, { minLength: 1, maxLength: 3 })
          .map((lines) => ({ type: 'MultiLineString', coordinates: lines.map(({ coordinates }) => coordinates) })),
      ),
      direction: fc.constantFrom('ONE_DIRECTION', 'BOTH_DIRECTIONS'),
      restriction: fc.constantFrom(...RESTRICTIONS),
      cause: fc.option(anyWords('Cause', 300)),
      starts: minutes(-600, 6000),
      lasts: minutes(1, 60_000),
      detour: fc.option(fc.record({ text: anyWords('Par', 2000), path: fc.option(anyLine) })),
      crossingPoints: fc.array(
        fc.record({ label: anyWords('Gué', 200), point: fc.constant({ type: 'Point', coordinates: [2.364, 48.612] }) }),
        { maxLength: 2 },
      ),
      legalOrder: fc.option(
        fc.record({ number: anyWords('2026-1', 100), authority: anyWords('Maire', 200), url: fc.option(anyUrl) }),
      ),
      decision: fc.option(anyDecision),
      eventId: fc.option(fc.uuid({ version: 7 })),
    }),
  ({ starts, lasts, legalOrder, ...rest }, after) => ({
    ...rest,
    // A closure names its order once.
    legalOrder: rest.decision ? null : legalOrder,
    startsAt: after(starts),
    endsAt: after(starts + lasts),
  }),
) as fc.Arbitrary<ClosureDocument>;

export const anyClosure: fc.Arbitrary<ClosureDocument> = fc
  .tuple(
    anyPlannedClosure,
    fc.constantFrom('UNKNOWN' as const, ...SEEN_STATES),
    minutes(-300, 300),
    fc.option(anyWords('Vu', 500)),
  )
  .map(([closure, state, seen, note]) => ({
    ...closure,
    observed:
      state === 'UNKNOWN'
        ? { state, at: null, note: null }
        : {
            state,
            at: parisTime(new Date(Date.parse(closure.plannedFrom) + seen * MINUTE)),
            note: note?.replace(/\r\n?/g, '\n').normalize('NFC').trim() ?? null,
          },
  }));

const lines = fc.array(anyWords('Montez', 500), { maxLength: 3 });
export const anyAdvice = documents(
  'ADVICE',
  (mark) =>
    fc.record({
      texts: anyTexts(mark),
      areas: anyPlaces(0),
      hazard: fc.constantFrom('OET-081', 'OET-098', 'OET-187'),
      phase: fc.constantFrom('BEFORE', 'DURING', 'AFTER'),
      items: fc.record({ language: fc.constant('fr-FR'), dos: lines, donts: lines }).map((items) => [items]),
    }),
  (input) => input,
) as fc.Arbitrary<AdviceDocument>;

export const anyCorrection = documents(
  'CORRECTION',
  (mark) =>
    fc.record({
      texts: anyTexts(mark),
      areas: anyPlaces(0),
      claim: anyWords('On dit', 1000),
      verdict: fc.constantFrom(...API_VERDICTS.words),
      explanation: anyWords('En fait', 10_000),
      evidence: fc.array(fc.record({ label: anyWords('Preuve', 300), url: anyUrl, official: fc.boolean() }), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
  (input) => input,
) as fc.Arbitrary<CorrectionDocument>;

const things = fc.uniqueArray(anyWords('Couches', 200), { maxLength: 3 });
const anyQuietAidPoint = documents(
  'AID_POINT',
  (mark) =>
    fc.record({
      texts: anyTexts(mark),
      purposes: fc.subarray([...PURPOSES], { minLength: 1 }),
      place: anyWords('Gymnase', 200),
      address: anyWords('1 rue', 300),
      where: fc.constantFrom(...territory.communes),
      wheelchair: fc.option(fc.constantFrom(...API_WHEELCHAIR.words)),
      capacity: fc.option(minutes(1, 100_000)),
      opens: fc.option(minutes(-600, 6000)),
      lasts: fc.option(minutes(1, 6000)),
      details: fc
        .record({
          openingHours: fc.option(anyWords('Jour et nuit', 500)),
          audience: fc.option(anyWords('Tous', 500)),
          accessibility: fc.option(anyWords('Rampe', 500)),
          wanted: things,
          unwanted: things,
        })
        .map((french) => [{ language: 'fr-FR', ...french }]),
    }),
  ({ where, opens, lasts, ...rest }, after) => ({
    ...rest,
    commune: where.code,
    point: where.centre,
    startsAt: opens === null ? null : after(opens),
    endsAt: lasts === null ? null : after((opens ?? 0) + lasts),
  }),
) as fc.Arbitrary<AidPointDocument>;

/** What is seen holds what the hub lets through: no more free places than there are, and none where nobody is taken in. */
export const anyAidPoint: fc.Arbitrary<AidPointDocument> = fc
  .tuple(
    anyQuietAidPoint,
    fc.constantFrom('UNKNOWN' as const, ...SEEN_STATUSES),
    fc.option(fc.nat(100_000)),
    fc.option(anyWords('Vu', 500)),
  )
  .map(([point, status, count, note]) => {
    const free = status === 'OPEN' ? count : count && 0;
    const seen = {
      at: point.verifiedAt,
      freePlaces: free === null ? null : Math.min(free, point.capacity ?? free),
      note: note?.replace(/\r\n?/g, '\n').normalize('NFC').trim() ?? null,
    };
    const observed: AidPointSeen =
      status === 'UNKNOWN' ? { status, at: null, freePlaces: null, note: null } : { status, ...seen };
    return { ...point, observed };
  });

/** A record, so that the compiler asks for the documents of a new kind. */
export const anyOfKind: Readonly<Record<PublicationKind, fc.Arbitrary<PublicDocument>>> = {
  ALERT: anyAlert,
  EVENT: anyEvent,
  CLOSURE: anyClosure,
  ADVICE: anyAdvice,
  CORRECTION: anyCorrection,
  AID_POINT: anyAidPoint,
};

export const anyDocument: fc.Arbitrary<PublicDocument> = fc.oneof(...Object.values(anyOfKind));

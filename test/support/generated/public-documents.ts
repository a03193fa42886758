import fc from 'fast-check';
import { parisTime } from '../../../src/clock.ts';
import { PURPOSES, SEEN_STATUSES } from '../../../src/publications/aid-point/aid-point.content.ts';
import { RESTRICTIONS } from '../../../src/publications/closure/closure.content.ts';
import { sourceHashOf } from '../../../src/publications/content/translations.rules.ts';
import { VERDICTS } from '../../../src/publications/correction/correction.content.ts';
import type { PublicDocument } from '../../../src/publications/document.ts';
import { EVENT_STATUSES } from '../../../src/publications/event/event.content.ts';
import { KINDS, MODES, SEVERITIES } from '../../../src/publications/vocabulary.ts';
import { territory } from '../hub/hub.ts';
import { anyText } from './texts.ts';

const HAZARDS = ['OET-047', 'OET-079', 'OET-081', 'OET-113', 'OET-145', 'OET-197'];
const LANGUAGES = ['en-GB', 'fr-FR-x-falc', 'uk', 'ar', 'de'];
export const NOW = Date.parse('2026-11-24T12:00:00Z');
export const at = (minutes: number): string => parisTime(new Date(NOW + minutes * 60_000));

const text = (language: string) =>
  fc
    .record({
      headline: anyText({ least: 1, most: 14 }),
      description: anyText({ least: 1, most: 120 }),
      instruction: fc.option(anyText({ least: 1, most: 60 })),
    })
    .map((words) => ({ language, ...words, sourceHash: '' }));

/** French and up to four others; some translations follow the French, others do not. */
const texts = fc
  .tuple(
    text('fr-FR'),
    fc.subarray(LANGUAGES, { maxLength: 4 }).chain((all) => fc.tuple(...all.map(text))),
    fc.boolean(),
  )
  .map(([french, others, fresh]) => {
    const sourceHash = sourceHashOf(french);
    return [
      { ...french, sourceHash },
      ...others.map((other) => ({ ...other, sourceHash: fresh ? sourceHash : 'old' })),
    ];
  });

const codes = fc.oneof(
  fc.subarray(
    territory.communes.map(({ code }) => code),
    { maxLength: 30 },
  ),
  fc.constant(territory.communes.map(({ code }) => code)),
);

const common = fc.record({
  id: fc.uuid(),
  mode: fc.constantFrom(...MODES),
  revision: fc.integer({ min: 1, max: 120 }),
  communes: codes,
  texts,
  starts: fc.integer({ min: -600, max: 600 }),
  lasts: fc.option(fc.integer({ min: 1, max: 3_000 })),
  relayed: fc.boolean(),
  source: anyText({ least: 1, most: 12 }),
  end: fc.constantFrom('none', 'none', 'none', 'cancelled', 'clear'),
  reason: anyText({ least: 1, most: 60 }),
});

const own = fc.record({
  kind: fc.constantFrom(...KINDS),
  severity: fc.constantFrom(...SEVERITIES),
  hazard: fc.constantFrom(...HAZARDS),
  restriction: fc.constantFrom(...RESTRICTIONS),
  observed: fc.constantFrom('NOT_STARTED', 'IN_PLACE', 'REOPENED', 'UNKNOWN'),
  roads: fc.array(
    fc.record({ name: anyText({ least: 1, most: 10 }), number: fc.option(fc.constantFrom('D31', 'N20', 'D118')) }),
    { minLength: 1, maxLength: 20 },
  ),
  eventStatus: fc.constantFrom(...EVENT_STATUSES),
  verdict: fc.constantFrom(...VERDICTS),
  claim: anyText({ least: 1, most: 14 }),
  explanation: anyText({ least: 1, most: 120 }),
  repeats: fc.boolean(),
  purposes: fc.subarray([...PURPOSES], { minLength: 1 }),
  place: anyText({ least: 1, most: 10 }),
  address: anyText({ least: 1, most: 14 }),
  capacity: fc.option(fc.integer({ min: 1, max: 5_000 })),
  status: fc.constantFrom('UNKNOWN', ...SEEN_STATUSES),
  freePlaces: fc.option(fc.nat(5_000)),
  things: fc.array(anyText({ least: 1, most: 8 }), { maxLength: 6 }),
});

/**
 * Public documents of every kind, mode and state, in one to five languages, with what the formats trip over. They hold what
 * a post reads; a kind's other fields are left out.
 */
export const anyDocument: fc.Arbitrary<PublicDocument> = fc.tuple(common, own).map(([shared, kind]) => {
  const { starts, lasts, end, reason, relayed, source, ...rest } = shared;
  const { claim, repeats, roads, observed, status, freePlaces, things, ...fields } = kind;
  const [french, ...others] = rest.texts;
  const told =
    kind.kind === 'CORRECTION' && repeats && french ? [{ ...french, headline: claim }, ...others] : rest.texts;
  return {
    ...rest,
    ...fields,
    texts: told,
    claim,
    responseTypes: ['NONE'],
    roads: roads.map((road) => ({ ...road, commune: null })),
    observed: { state: observed, status, freePlaces, at: at(-5), note: reason },
    details: [{ language: 'fr-FR', openingHours: 'Jour et nuit.', wanted: things, unwanted: things.slice(1) }],
    items: [{ language: 'fr-FR', dos: ['Montez à l’étage.'], donts: [] }],
    areas: [{ description: source, communes: rest.communes, geometry: null }],
    publishedAt: at(-900),
    revisedAt: at(-10),
    verifiedAt: at(-10),
    startsAt: at(starts),
    plannedFrom: at(starts),
    endsAt: lasts === null ? null : at(starts + lasts),
    source: { name: source, relayed, url: null, reference: null },
    cancelled: end === 'cancelled' ? { at: at(-1), reason } : null,
    allClear: end === 'clear' ? { at: at(-1), texts: rest.texts } : null,
    incident: null,
    history: [],
    contentHash: '',
  } as unknown as PublicDocument;
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchedChange } from '../../../../src/board/filter/change-filter.rules.ts';
import { topicOf, ttlOf, urgencyOf } from '../../../../src/channels/push/jobs/push-headers.rules.ts';
import {
  isPushedTo,
  mayRing,
  type PushFilter,
  pushExpiry,
} from '../../../../src/channels/push/jobs/push-match.rules.ts';
import type { Entry } from '../../../../src/journal/entry.ts';
import type { PublicDocument } from '../../../../src/publications/document.ts';
import { gravity, KINDS, MODES } from '../../../../src/publications/vocabulary.ts';
import { budget } from '../../../support/budget.ts';
import { anyDocument, at, NOW } from '../../../support/generated/public-documents.ts';

const HOUR = 3600_000;

const entryOf = (document: PublicDocument, more: Partial<Entry<PublicDocument>> = {}): Entry<PublicDocument> => ({
  ...{ id: document.id, position: 7, subject: document.id, type: 'UPDATED', at: at(0), atMs: NOW },
  ...{ changedFields: [], ring: true, onlyWider: false, document, before: null, superseded: false },
  ...more,
});

const everybody: PushFilter = { kinds: null, communes: null, least: 0, modes: [...MODES] };
const [sample] = fc.sample(anyDocument, { numRuns: 1, seed: 7 }) as [PublicDocument];
const running = {
  ...sample,
  mode: 'ACTUAL',
  cancelled: null,
  allClear: null,
  startsAt: at(-5),
  endsAt: at(300),
} as PublicDocument;
const inTown = (communes: string[]) => ({ ...running, communes }) as PublicDocument;

const filters = fc.record({
  kinds: fc.option(fc.subarray([...KINDS])),
  communes: fc.option(fc.subarray(['91345', '91377', '91228'])),
  least: fc.integer({ min: 0, max: 4 }),
  modes: fc.subarray([...MODES]),
});

describe('a reader', () => {
  it('is pushed what rings for the filter of changes, and nothing else', () => {
    fc.assert(
      fc.property(
        anyDocument,
        filters,
        fc.boolean(),
        fc.boolean(),
        fc.boolean(),
        (document, filter, ring, onlyWider, isNew) => {
          const before = isNew ? null : { ...document, communes: document.communes.slice(1) };
          const entry = entryOf(document, { ring, onlyWider, before });
          const { kinds, communes, ...rest } = filter;
          const match = {
            ...{ modes: new Set(rest.modes), kinds: new Set(kinds ?? KINDS), least: rest.least },
            ...(communes ? { communes: new Set(communes) } : {}),
          };
          const rings = matchedChange(match, entry)?.ring ?? false;
          expect(isPushedTo(filter, { entry, later: [], document })).toBe(rings);
          if (rings) expect(mayRing(entry)).toBe(true);
        },
      ),
      budget(500),
    );
  });

  it('is pushed the newest document once, by the last entry that rings', () => {
    const [first, wider] = [
      entryOf(inTown(['91345'])),
      entryOf(inTown(['91345', '91377']), { position: 8, onlyWider: true, before: inTown(['91345']) }),
    ];
    const document = wider.document;
    const of = (code: string) => ({ ...everybody, communes: [code] });
    // Longjumeau is told by the first entry, since the second one rings for Massy alone.
    expect(isPushedTo(of('91345'), { entry: first, later: [wider], document })).toBe(true);
    expect(isPushedTo(of('91345'), { entry: wider, later: [], document })).toBe(false);
    expect(isPushedTo(of('91377'), { entry: first, later: [wider], document })).toBe(false);
    expect(isPushedTo(of('91377'), { entry: wider, later: [], document })).toBe(true);
    const graver = entryOf(document, { position: 9, before: document });
    expect(isPushedTo(of('91345'), { entry: first, later: [wider, graver], document })).toBe(false);
  });

  it('is pushed nothing that has left their places meanwhile', () => {
    const entry = entryOf(inTown(['91345']));
    expect(isPushedTo({ ...everybody, communes: ['91345'] }, { entry, later: [], document: inTown(['91377']) })).toBe(
      false,
    );
  });

  it('gets exercises by choice alone', () => {
    const exercise = { ...running, mode: 'EXERCISE' } as PublicDocument;
    const rung = { entry: entryOf(exercise), later: [], document: exercise };
    expect(isPushedTo({ ...everybody, modes: ['ACTUAL'] }, rung)).toBe(false);
    expect(isPushedTo({ ...everybody, modes: ['ACTUAL', 'EXERCISE'] }, rung)).toBe(true);
  });
});

describe('an entry', () => {
  it('has something to tell until it ends, for a day at most; after an end by hand for a day', () => {
    const of = (more: object) => pushExpiry(entryOf({ ...running, ...more } as PublicDocument), NOW);
    expect(of({ endsAt: at(300) })).toBe(NOW + 5 * HOUR);
    expect(of({ endsAt: at(6_000) })).toBe(NOW + 24 * HOUR);
    expect(of({ endsAt: null })).toBe(NOW + 24 * HOUR);
    expect(of({ endsAt: at(-1) })).toBeNull();
    expect(of({ endsAt: at(-1), cancelled: { at: at(-1), reason: 'x' } })).toBe(NOW + 24 * HOUR);
    expect(pushExpiry(entryOf(running, { atMs: NOW - 25 * HOUR }), NOW)).toBeNull();
  });

  it('that mends words alone tells nothing', () => {
    const history = [{ ...running.history[0], minor: true }];
    expect(pushExpiry(entryOf({ ...running, history } as PublicDocument), NOW)).toBeNull();
  });

  it('that reaches nobody anew rings for nobody', () => {
    expect(mayRing(entryOf(running, { ring: false, before: running }))).toBe(false);
    expect(mayRing(entryOf(inTown(['91345', '91377']), { ring: false, before: inTown(['91345']) }))).toBe(true);
    expect(mayRing(entryOf(running, { ring: false }))).toBe(true);
  });
});

describe('the headers of a push', () => {
  it('keep it between a minute and a day', () => {
    const ttl = (ms: number) => ttlOf(new Date(NOW + ms), new Date(NOW));
    expect([ttl(-HOUR), ttl(HOUR), ttl(90 * HOUR)]).toEqual([60, 3_600, 86_400]);
  });

  it('wake a device that saves power for grave alerts alone', () => {
    expect([undefined, gravity('MODERATE'), gravity('SEVERE'), gravity('EXTREME')].map(urgencyOf)).toEqual([
      'normal',
      'normal',
      'high',
      'high',
    ]);
  });

  it('have one topic for a thread and a reader, which says nothing of either', () => {
    const [one, other] = [Buffer.alloc(16, 1), Buffer.alloc(16, 2)];
    expect(topicOf(one, running.id)).toMatch(/^[\w-]{30}$/);
    expect(topicOf(one, running.id)).toBe(topicOf(one, running.id));
    expect(topicOf(one, running.id)).not.toBe(topicOf(other, running.id));
    expect(topicOf(one, running.id)).not.toBe(topicOf(one, 'another'));
  });
});

import { describe, expect, it } from 'vitest';
import { parisTime } from '../../../src/clock.ts';
import type { FieldFault, HubError } from '../../../src/errors.ts';
import type { AidPointContent, AidPointDocument } from '../../../src/publications/aid-point/aid-point.content.ts';
import { aidPoint } from '../../../src/publications/aid-point/aid-point.kind.ts';
import { openFirst } from '../../../src/publications/aid-point/aid-point.rules.ts';
import { readContent } from '../../../src/publications/content/read-content.ts';
import { aidPointInput } from '../../support/desk/desk.ts';
import { territory } from '../../support/hub/hub.ts';

const now = new Date('2026-11-24T12:00:00Z');
const at = (minutes: number) => parisTime(new Date(now.getTime() + minutes * 60_000));
const read = (more: object = {}) => readContent('AID_POINT', aidPointInput(more), territory) as AidPointContent;
const french = (more: object) => ({ language: 'fr-FR', ...more });

function faultsOf(more: object): string[] {
  try {
    read(more);
    return [];
  } catch (error) {
    return ((error as HubError).facts.fields ?? []).map(({ path, message }) => `${path}: ${message}`);
  }
}

const document = (more: Partial<AidPointDocument> = {}): AidPointDocument =>
  ({
    ...read(),
    observed: { status: 'OPEN', at: at(-30), freePlaces: 12, note: null },
    ...more,
  }) as unknown as AidPointDocument;
const { observation } = aidPoint;
const refused = (seen: object, of: AidPointDocument = document()): FieldFault[] =>
  observation?.faults?.(of, { status: 'OPEN', freePlaces: null, at: at(-1), note: null, ...seen } as never) ?? [];

describe('the content of an aid point', () => {
  it('has one area: the place itself, in its commune', () => {
    expect(read()).toMatchObject({
      commune: '91589',
      areas: [
        {
          description: 'Gymnase des Prés',
          communes: ['91589'],
          geometry: { type: 'Point', coordinates: [2.3493, 48.683] },
        },
      ],
      details: [{ openingHours: 'Jour et nuit.', audience: null, accessibility: null, wanted: [], unwanted: [] }],
    });
  });

  it('takes a former code of its commune for the successor (I-18)', () => {
    const { commune, areas } = read({ commune: '91182', point: { type: 'Point', coordinates: [2.43, 48.6295] } });
    expect([commune, areas[0]?.communes]).toEqual(['91228', ['91228']]);
  });

  it.each<[string, object, string]>([
    ['no purpose', { purposes: [] }, 'input.purposes: must hold at least one purpose'],
    ['a purpose twice', { purposes: ['MEALS', 'WATER', 'MEALS'] }, 'input.purposes.2: MEALS stands here twice'],
    [
      'no place at all to offer',
      { capacity: 0 },
      'input.capacity: must be at least 1; null where places are not counted',
    ],
    [
      'an address of 10,000 characters',
      { address: 'a'.repeat(10_000) },
      'input.address: must have at most 300 characters, has 10000',
    ],
    [
      'a commune outside the Département',
      { commune: '75056' },
      'input.commune: 75056 is not the INSEE code of a commune of the Essonne',
    ],
    [
      'a point in another commune',
      { point: { type: 'Point', coordinates: [2.45, 48.6522] } },
      'input.point: must lie in Savigny-sur-Orge (91589), or within 2 km of it',
    ],
    [
      'a line for a point',
      {
        point: {
          type: 'LineString',
          coordinates: [
            [2.34, 48.68],
            [2.35, 48.68],
          ],
        },
      },
      'input.point: must be a GeoJSON Point',
    ],
    [
      'a swapped point',
      { point: { type: 'Point', coordinates: [48.683, 2.3493] } },
      'input.point.coordinates: longitude and latitude look swapped: the Essonne is near [2.3, 48.5], not [48.683, 2.3493]',
    ],
    ['an end before its start', { startsAt: at(60), endsAt: at(30) }, 'input.endsAt: must lie after startsAt'],
    [
      'details without French',
      { details: [{ language: 'en-GB', openingHours: 'Day and night.' }] },
      'input.details: must hold the details in French (language fr-FR)',
    ],
    [
      'details twice in a language',
      { details: [french({}), french({})] },
      'input.details.1.language: fr-FR stands here twice',
    ],
  ])('is refused with %s, and says where', (_what, more, fault) => {
    expect(faultsOf(more)).toEqual([fault]);
  });
});

describe('the linter of aid points', () => {
  const lint = (more: object) =>
    aidPoint.lint(read(more), now).map(({ rule, level, path }) => `${rule} ${level} ${path}`);
  const calls = { purposes: ['DONATIONS'] };

  it.each<[string, object, string[]]>([
    ['nothing in a good one', {}, []],
    ['an end that has passed', { endsAt: at(-1) }, ['I-07 ERROR endsAt']],
    ['no opening hours', { details: [french({})] }, ['P01 WARNING details.0.openingHours']],
    [
      'a call for donations that names nothing',
      { ...calls, details: [french({ openingHours: '9 h – 18 h' })] },
      ['P02 ERROR details.0.wanted'],
    ],
    [
      'donations named where none are collected',
      { details: [french({ openingHours: '9 h – 18 h', unwanted: ['Vêtements'] })] },
      ['P02 WARNING details.0.wanted'],
    ],
    [
      'a thing that is wanted and is not',
      { ...calls, details: [french({ openingHours: '9 h – 18 h', wanted: ['Couches', 'Eau'], unwanted: ['Eau'] })] },
      ['P03 ERROR details.0.unwanted.0'],
    ],
    [
      'details in a language without a text',
      { details: [french({ openingHours: '9 h – 18 h' }), { language: 'uk' }] },
      ['A02 WARNING details.1.language'],
    ],
    [
      'HTML in each of its words',
      {
        ...calls,
        place: 'Gymnase <b>des Prés</b>',
        address: '<i>1</i> rue des Prés',
        details: [
          french({
            openingHours: '<p>Jour</p>',
            audience: '<p>Tous</p>',
            accessibility: '<p>Rampe</p>',
            wanted: ['Eau', '<b>Couches</b>'],
            unwanted: ['<b>Vêtements</b>'],
          }),
        ],
      },
      [
        ...['place', 'address', 'details.0.openingHours', 'details.0.audience', 'details.0.accessibility'],
        ...['details.0.wanted.1', 'details.0.unwanted.0'],
      ].map((path) => `C19 ERROR ${path}`),
    ],
  ])('finds %s', (_what, more, findings) => {
    expect(lint(more)).toEqual(findings);
  });
});

describe('what is seen of an aid point', () => {
  it.each<[string, object, string[]]>([
    ['nothing in a count below the capacity', { freePlaces: 100 }, []],
    ['more free places than places', { freePlaces: 101 }, ['freePlaces: must be at most 100, the capacity']],
    [
      'free places where it is full',
      { status: 'FULL', freePlaces: 1 },
      ['freePlaces: must be 0 or null where the status is FULL'],
    ],
    ['nothing in a full place with none free', { status: 'FULL', freePlaces: 0 }, []],
    ['what was seen before', { at: at(-31) }, [`observedAt: must not lie before ${at(-30)}, when it was last seen`]],
    ['nothing in a second look at the same moment', { at: at(-30) }, []],
  ])('is refused for %s', (_what, seen, faults) => {
    expect(refused(seen).map(({ path, message }) => `${path}: ${message}`)).toEqual(faults);
  });

  it('may be any count where places are not counted', () => {
    expect(refused({ freePlaces: 4_000 }, document({ capacity: null }))).toEqual([]);
  });

  it('rings where people begin or cease to be turned away, and for no other count', () => {
    const seen = (status: string) =>
      document({ observed: { status, at: at(-1), freePlaces: null, note: null } as never });
    const unseen = document({ observed: { status: 'UNKNOWN', at: null, freePlaces: null, note: null } });
    const rings = (before: AidPointDocument, status: string) => observation?.rings(before, seen(status));
    expect(['OPEN', 'FULL', 'CLOSED'].map((status) => rings(unseen, status))).toEqual([false, true, true]);
    expect(['OPEN', 'FULL', 'CLOSED'].map((status) => rings(seen('FULL'), status))).toEqual([true, false, false]);
    expect(rings(seen('OPEN'), 'OPEN')).toBe(false);
  });

  it('goes on under a new revision, unless the place moved or has fewer places than were free', () => {
    const before = document();
    const carried = (more: object) =>
      aidPoint.carriedOver({ before, content: read(more), message: null, pinned: [], at: now });
    const unseen = { status: 'UNKNOWN', at: null, freePlaces: null, note: null };
    expect(carried({ capacity: 12 })).toEqual({ observed: before.observed });
    expect(carried({ capacity: 11 })).toEqual({ observed: { ...before.observed, freePlaces: null } });
    expect(carried({ address: '2 rue des Prés' })).toEqual({ observed: unseen });
    expect(carried({ point: { type: 'Point', coordinates: [2.35, 48.683] } })).toEqual({ observed: unseen });
    expect(aidPoint.carriedOver({ before: null, content: read(), message: null, pinned: [], at: now })).toEqual({
      observed: unseen,
    });
  });
});

it('rings for a revision where the place moved or gives less than before', () => {
  const graver = (more: object) => aidPoint.graver(read(), read(more));
  expect(graver({ address: '2 rue des Prés' })).toBe(true);
  expect(graver({ purposes: ['SHELTER'] })).toBe(true);
  expect(graver({ purposes: ['WATER', 'MEALS', 'SHELTER'], capacity: 90 })).toBe(false);
});

it('stands open ones before full and closed ones, and leaves those alike as they stood', () => {
  const points = ['CLOSED', 'UNKNOWN', 'FULL', 'OPEN', 'UNKNOWN'].map((status, index) =>
    document({ id: `${index}`, observed: { status } as never }),
  );
  expect(openFirst(points).map(({ id }) => id)).toEqual(['3', '1', '4', '2', '0']);
});

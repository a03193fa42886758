import fc from 'fast-check';
import type { Position } from 'geojson';
import { describe, expect, it } from 'vitest';
import { parisTime } from '../../../src/clock.ts';
import { cifs } from '../../../src/formats/roads/cifs.ts';
import { datex } from '../../../src/formats/roads/datex.ts';
import type { ClosureDocument } from '../../../src/publications/closure/closure.content.ts';
import { endedEarlyAt } from '../../../src/publications/closure/closure.rules.ts';
import type { EventDocument } from '../../../src/publications/event/event.content.ts';
import { budget } from '../../support/budget.ts';
import { anyClosure, anyEvent } from '../../support/generated/generated-documents.ts';
import { given } from '../../support/given.ts';
import { all, below, byLibxml, byXmldom, type Read, schema } from '../../support/receivers/xml-readers.ts';

const { TEST_CIFS_XSD, TEST_DATEX_XSD } = process.env;
const isCifs = given(TEST_CIFS_XSD !== undefined, 'TEST_CIFS_XSD, the schema of CIFS 2 (cifsv2.xsd)')
  ? schema(TEST_CIFS_XSD ?? '')
  : () => {};
const isDatex = given(
  TEST_DATEX_XSD !== undefined,
  'TEST_DATEX_XSD, the schema of DATEX II 3.1 (DATEXII_3_D2Payload.xsd)',
)
  ? schema(TEST_DATEX_XSD ?? '')
  : () => {};

const PUBLIC_URL = 'https://tocsin.example';
const MINUTE = 60_000;
const textAt = (read: Read | undefined, ...path: string[]) => below(read, ...path)?.text;
const at = (closure: ClosureDocument, minutes: number) =>
  parisTime(new Date(Date.parse(closure.plannedFrom) + minutes * MINUTE));
const inForce = (closure: ClosureDocument) => Date.parse(closure.plannedFrom);

/** Whether drivers are to hear of it: not of parking bans, nor of what was withdrawn before anybody was kept out. */
const isTold = (closure: ClosureDocument): boolean => {
  const early = endedEarlyAt(closure);
  const isWithdrawn = early !== null && Date.parse(early) <= Date.parse(closure.plannedFrom);
  return closure.restriction !== 'PARKING_BAN' && !isWithdrawn;
};

const [anyOne] = fc.sample(anyClosure, { numRuns: 1, seed: 5 });
/** A plain closure of two hours, with what a test is about. */
const closureWith = (more: Partial<ClosureDocument> = {}): ClosureDocument => {
  const plain = { ...anyOne!, cancelled: null, allClear: null, restriction: 'CLOSED' as const, eventId: null };
  const window = { plannedFrom: '2026-07-23T14:00:00+02:00', plannedTo: '2026-07-23T16:00:00+02:00' };
  const line = {
    type: 'LineString' as const,
    coordinates: [
      [2.364, 48.612],
      [2.396, 48.621],
    ],
  };
  return {
    ...plain,
    ...window,
    startsAt: window.plannedFrom,
    endsAt: window.plannedTo,
    revisedAt: '2026-07-20T10:00:00+02:00',
    roads: plain.roads.slice(0, 1),
    path: line,
    observed: { state: 'UNKNOWN', at: null, note: null },
    ...more,
  };
};

describe('closures for Waze (CIFS 2)', () => {
  const read = (closure: ClosureDocument, now = inForce(closure)) => {
    const xml = cifs([closure], PUBLIC_URL, now);
    isCifs(xml);
    expect(byXmldom(xml)).toEqual(byLibxml(xml));
    return all(byLibxml(xml), 'incident');
  };
  const ends = (closure: ClosureDocument, now?: number) =>
    read(closure, now).map((incident) => textAt(incident, 'endtime'));

  it('are read alike by strangers, whatever was published', () => {
    fc.assert(
      fc.property(anyClosure, (closure) => {
        const incidents = read(closure);
        expect(incidents.length > 0).toBe(isTold(closure));
        for (const incident of incidents) {
          expect(incident.attributes.id?.startsWith(closure.id)).toBe(true);
          expect(textAt(incident, 'starttime')).toBe(closure.plannedFrom);
          const [start, end] = ['starttime', 'endtime'].map((name) => Date.parse(textAt(incident, name) ?? ''));
          expect(end).toBeGreaterThan(start ?? Number.NaN);
          expect(end).toBeLessThanOrEqual(Date.parse(closure.plannedTo));
          expect(textAt(incident, 'type') === 'ROAD_CLOSED').toBe(closure.restriction === 'CLOSED');
          expect(textAt(incident, 'subtype')?.startsWith(textAt(incident, 'type') ?? '-')).toBe(true);
          expect([...(textAt(incident, 'description') ?? '')].length).toBeLessThanOrEqual(40);
          expect(below(incident, 'parent_event')?.attributes.id).toBe(closure.eventId ?? undefined);
        }
        const lines = closure.path.type === 'LineString' ? [closure.path.coordinates] : closure.path.coordinates;
        const told = incidents.map((incident) => textAt(incident, 'polyline') ?? '');
        const drawn = lines.map((line) =>
          line.map(([lon = 0, lat = 0]) => `${lat.toFixed(6)} ${lon.toFixed(6)}`).join(' '),
        );
        if (isTold(closure)) expect([...new Set(told)].toSorted()).toEqual([...new Set(drawn)].toSorted());
        const streets = new Set(incidents.map((incident) => textAt(incident, 'street')));
        for (const { name } of isTold(closure) ? closure.roads : [])
          expect([...streets].some((street) => street?.includes(name))).toBe(true);
        expect(new Set(incidents.map(({ attributes }) => attributes.id)).size).toBe(incidents.length);
      }),
      budget(60),
    );
  });

  it('have an end that never moves by itself, and a new one before what ends early leaves the list', () => {
    const planned = closureWith();
    expect(ends(planned)).toEqual(['2026-07-23T16:00:00+02:00']);
    for (const early of [
      { cancelled: { at: at(planned, 30), reason: 'Orage' } },
      { allClear: { at: at(planned, 30), texts: planned.texts } },
      { observed: { state: 'REOPENED' as const, at: at(planned, 30), note: null } },
    ]) {
      const closure = closureWith(early);
      const minutesIn = (minutes: number) => inForce(closure) + minutes * MINUTE;
      expect(ends(closure, minutesIn(30))).toEqual(['2026-07-23T14:35:00+02:00']);
      expect(ends(closure, minutesIn(94))).toEqual(['2026-07-23T14:35:00+02:00']);
      expect(ends(closure, minutesIn(95))).toEqual([]);
    }
  });

  it('close a road again under the same name, however often it was opened', () => {
    const seen = (state: 'REOPENED' | 'IN_PLACE', minutes: number) =>
      closureWith({ observed: { state, at: at(closureWith(), minutes), note: null } });
    const [opened] = read(seen('REOPENED', 10));
    const [closed] = read(seen('IN_PLACE', 60));
    expect(closed?.attributes).toEqual(opened?.attributes);
    expect(textAt(closed, 'endtime')).toBe('2026-07-23T16:00:00+02:00');
    // What was seen before it began says nothing of it.
    expect(ends(seen('REOPENED', -10))).toEqual(['2026-07-23T16:00:00+02:00']);
  });

  it('leave at once where nobody was kept out yet, and are no closures where cars may stop or pass', () => {
    expect(ends(closureWith({ cancelled: { at: at(closureWith(), -60), reason: 'Report' } }))).toEqual([]);
    expect(read(closureWith({ restriction: 'PARKING_BAN' }))).toEqual([]);
    const kinds = (['LANES_CLOSED', 'ALTERNATING', 'LOCAL_ACCESS_ONLY'] as const).map((restriction) =>
      textAt(read(closureWith({ restriction }))[0], 'type'),
    );
    expect(kinds).toEqual(['HAZARD', 'HAZARD', 'HAZARD']);
  });

  it('name the street, with its number once', () => {
    const street = (name: string, number: string | null) =>
      textAt(read(closureWith({ roads: [{ name, number, commune: null }] }))[0], 'street');
    expect([street('Route de Corbeil', 'D31'), street('Route D31', 'D31'), street('R', null)]).toEqual([
      'D31 Route de Corbeil',
      'Route D31',
      'Route R',
    ]);
  });

  const [A, B, C] = [
    [
      [2.36, 48.61],
      [2.37, 48.62],
    ],
    [
      [2.37, 48.62],
      [2.38, 48.63],
    ],
    [
      [2.38, 48.63],
      [2.39, 48.64],
    ],
  ] as const satisfies Position[][];
  const path = (...lines: (readonly Position[])[]): ClosureDocument['path'] => {
    const [first = [], ...others] = lines.map((line) => [...line]);
    return others.length === 0
      ? { type: 'LineString', coordinates: first }
      : { type: 'MultiLineString', coordinates: [first, ...others] };
  };
  const roads = (...names: string[]) => names.map((name) => ({ name, number: null, commune: null }));
  const told = (closure: ClosureDocument) =>
    read(closure).map((incident) => [textAt(incident, 'street'), textAt(incident, 'polyline')?.slice(0, 8)]);

  it.each<[string, ClosureDocument['roads'], ClosureDocument['path'], [string, string][]]>([
    ['one road, one line', roads('Rue A'), path(A), [['Rue A', '48.61000']]],
    [
      'two roads, two lines',
      roads('Rue A', 'Rue B'),
      path(A, B),
      [
        ['Rue A', '48.61000'],
        ['Rue B', '48.62000'],
      ],
    ],
    [
      'three roads, three lines',
      roads('Rue A', 'Rue B', 'Rue C'),
      path(A, B, C),
      [
        ['Rue A', '48.61000'],
        ['Rue B', '48.62000'],
        ['Rue C', '48.63000'],
      ],
    ],
    [
      'one road, two lines',
      roads('Rue A'),
      path(A, B),
      [
        ['Rue A', '48.61000'],
        ['Rue A', '48.62000'],
      ],
    ],
    [
      'two roads, one line',
      roads('Rue A', 'Rue B'),
      path(A),
      [
        ['Rue A', '48.61000'],
        ['Rue B', '48.61000'],
      ],
    ],
    [
      'two roads, three lines',
      roads('Rue A', 'Rue B'),
      path(A, B, C),
      [
        ['Rue A', '48.61000'],
        ['Rue B', '48.62000'],
        ['Rue B', '48.63000'],
      ],
    ],
    [
      'three roads, two lines',
      roads('Rue A', 'Rue B', 'Rue C'),
      path(A, B),
      [
        ['Rue A', '48.61000'],
        ['Rue B', '48.62000'],
        ['Rue C', '48.62000'],
      ],
    ],
    ['one road named twice, one line', roads('Rue A', 'Rue A'), path(A), [['Rue A', '48.61000']]],
  ])('stand each under the name of its own road: %s', (_what, roads, path, expected) => {
    expect(told(closureWith({ roads, path }))).toEqual(expected);
  });

  it('keep their ids whatever line comes, goes or changes its place', () => {
    const idsOf = (roads: ClosureDocument['roads'], path: ClosureDocument['path']) =>
      Object.fromEntries(
        read(closureWith({ roads, path })).map((incident) => [
          `${textAt(incident, 'street')} ${textAt(incident, 'polyline')?.slice(0, 5)}`,
          incident.attributes.id,
        ]),
      );
    const all = idsOf(roads('Rue A', 'Rue B', 'Rue C'), path(A, B, C));
    expect(new Set(Object.values(all)).size).toBe(3);
    expect(idsOf(roads('Rue C', 'Rue A', 'Rue B'), path(C, A, B))).toEqual(all);
    const { 'Rue A 48.61': _first, ...others } = all;
    expect(idsOf(roads('Rue B', 'Rue C'), path(B, C))).toEqual(others);
    expect(Object.values(idsOf(roads('Rue B', 'Rue A'), path(C, A)))).toEqual([all['Rue B 48.62'], all['Rue A 48.61']]);
    const same = idsOf(roads('Rue A'), path(A, B, C));
    expect(new Set(Object.values(same)).size).toBe(3);
    const { 'Rue A 48.62': _second, ...left } = same;
    expect(idsOf(roads('Rue A'), path(C, A))).toEqual(left);
    expect(Object.values(idsOf(roads('Rue A'), path(A)))).toEqual([anyOne!.id]);
  });

  it('belong to their event', () => {
    const eventId = '019a0000-0000-7000-8000-000000000001';
    const [incident] = read(closureWith({ eventId }));
    expect(below(incident, 'parent_event')?.attributes).toEqual({ id: eventId });
    expect(textAt(incident, 'subtype')).toBe('ROAD_CLOSED_EVENT');
  });

  it('are valid without any', () => {
    const xml = cifs([], PUBLIC_URL, 0);
    isCifs(xml);
    expect(byLibxml(xml).children).toEqual([]);
  });
});

describe('closures for navigation (DATEX II 3)', () => {
  const read = (closures: ClosureDocument[], events: EventDocument[] = []) => {
    const eventOf = (id: string) => events.find((event) => event.id === id);
    const xml = datex(closures, { publicUrl: PUBLIC_URL, eventOf, now: Date.UTC(2026, 6, 23, 12) });
    isDatex(xml);
    expect(byXmldom(xml)).toEqual(byLibxml(xml));
    return byLibxml(xml);
  };
  const records = (root: Read) => all(root, 'sit:situationRecord');
  const words = (text: string) => text.replace(/\s+/g, ' ');

  it('are read alike by strangers, whatever was published, with the event that they were made for', () => {
    fc.assert(
      fc.property(anyClosure, anyEvent, (closure, event) => {
        const root = read([closure], [{ ...event, id: closure.eventId ?? event.id }]);
        const found = records(root).find(({ attributes }) => attributes.id === closure.id);
        expect(found !== undefined).toBe(isTold(closure));
        if (!found) return;
        const [from, to] = ['com:overallStartTime', 'com:overallEndTime'].map((name) => all(found, name)[0]?.text);
        expect(from).toBe(closure.plannedFrom);
        expect(Date.parse(to ?? '')).toBeGreaterThan(Date.parse(from ?? ''));
        expect(Date.parse(to ?? '')).toBeLessThanOrEqual(Date.parse(closure.plannedTo));
        const said = all(found, 'com:value').map(({ text }) => text);
        for (const { headline } of closure.texts) expect(said).toContain(words(headline));
        expect(Math.max(...said.map((text) => [...text].length))).toBeLessThanOrEqual(1024);
        const pairs = all(found, 'loc:posList').flatMap(({ text }) => text.split(' ').map(Number));
        expect(pairs.filter((_, index) => index % 2 === 0).every((lat) => lat > 47 && lat < 50)).toBe(true);
        const names = new Set(records(root).map(({ attributes }) => attributes.id));
        for (const { attributes } of all(root, 'sit:objectReference')) expect(names).toContain(attributes.id);
      }),
      budget(60),
    );
  });

  it('put the closures of one event into one situation, tied to it twice', () => {
    const [event] = fc.sample(anyEvent, { numRuns: 1, seed: 1 });
    const closures = [1, 2].map((number) =>
      closureWith({
        id: `019a0000-0000-7000-8000-00000000000${number}`,
        eventId: event!.id,
        mode: event!.mode,
        detour: { text: 'Par la D26', path: closureWith().path },
      }),
    );
    const root = read(closures, [event!]);
    expect(all(root, 'sit:situation').map(({ attributes }) => attributes.id)).toEqual([event!.id]);
    expect(records(root).map(({ attributes }) => attributes['xsi:type'])).toEqual([
      'sit:PublicEvent',
      ...closures.flatMap(() => ['sit:RoadOrCarriagewayOrLaneManagement', 'sit:ReroutingManagement']),
    ]);
    const [, record] = records(root);
    expect(textAt(record, 'sit:cause', 'sit:causeType')).toBe('publicEvent');
    expect(below(record, 'sit:cause', 'sit:managedCause', 'sit:objectReference')?.attributes.id).toBe(event!.id);
  });

  it('tell exercises as such, and what ends early as a version of its own', () => {
    const drill = read([closureWith({ mode: 'EXERCISE' })]);
    expect(all(drill, 'com:informationStatus').map(({ text }) => text)).toEqual(['securityExercise']);
    const opened = closureWith({ observed: { state: 'REOPENED', at: at(closureWith(), 30), note: null } });
    const [before, after] = [closureWith(), opened].map((closure) => records(read([closure]))[0]);
    expect(all(after!, 'com:overallEndTime')[0]?.text).toBe('2026-07-23T14:30:00+02:00');
    expect(after?.attributes.version).not.toBe(before?.attributes.version);
    expect(Number(after?.attributes.version)).toBeGreaterThan(Number(before?.attributes.version));
  });

  it('have a version of its own where the act behind an order was told', () => {
    const decision = {
      ...{ authority: 'MAYOR' as const, by: 'Le maire', form: 'ORAL_ORDER' as const, act: null, url: null, call: null },
      decidedAt: '2026-07-20T08:00:00+02:00',
    };
    const [confirmedAt, toldAt] = ['2026-07-21T09:00:00+02:00', '2026-07-21T10:00:00+02:00'];
    const ordered = closureWith({ decision });
    const confirmed = closureWith({ decision, confirmation: { act: '2026-42', url: null, confirmedAt, toldAt } });
    const [before, after] = [ordered, confirmed].map((closure) => records(read([closure]))[0]);
    expect(textAt(after, 'sit:situationRecordVersionTime')).toBe(toldAt);
    expect(Number(after?.attributes.version)).toBeGreaterThan(Number(before?.attributes.version));
    const said = all(after!, 'com:value').map(({ text }) => text);
    expect(said.some((words) => words?.includes('confirmé par arrêté n° 2026-42'))).toBe(true);
  });

  it('are valid without any', () => {
    expect(all(read([]), 'sit:situation')).toEqual([]);
  });
});

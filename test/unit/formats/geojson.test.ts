import { check } from '@placemarkio/check-geojson';
import { booleanPointInPolygon } from '@turf/boolean-point-in-polygon';
import fc from 'fast-check';
import type { Feature, FeatureCollection, Polygon, Position } from 'geojson';
import { describe, expect, it } from 'vitest';
import { geoJson } from '../../../src/formats/geojson.ts';
import { aidPointMap } from '../../../src/publications/aid-point/aid-point.map.ts';
import { alertMap } from '../../../src/publications/alert/alert.map.ts';
import { closureMap } from '../../../src/publications/closure/closure.map.ts';
import { frenchText } from '../../../src/publications/content/content.ts';
import { signedArea } from '../../../src/territory/rings.rules.ts';
import { createTerritory } from '../../../src/territory/territory.ts';
import { budget } from '../../support/budget.ts';
import { anyAlert } from '../../support/generated/generated-alerts.ts';
import { anyAidPoint, anyClosure } from '../../support/generated/generated-documents.ts';
import { polygonFaults } from '../../support/generated/polygon-faults.ts';
import { anyPolygon } from '../../support/generated/shapes.ts';
import { territory } from '../../support/hub/hub.ts';

const options = { publicUrl: 'https://tocsin.example', territory, language: 'fr-FR' };

/** Throws where the text is no GeoJSON by RFC 7946: open rings, wrong types, more than three numbers. */
const read = (text: string) => check(text) as FeatureCollection;

const polygonsOf = ({ geometry }: Feature): Position[][][] =>
  geometry.type === 'Polygon'
    ? [geometry.coordinates]
    : geometry.type === 'MultiPolygon'
      ? geometry.coordinates
      : geometry.type === 'GeometryCollection'
        ? geometry.geometries.flatMap((part) => polygonsOf({ type: 'Feature', properties: null, geometry: part }))
        : [];
const numbersIn = (coordinates: unknown): number[] =>
  Array.isArray(coordinates) ? coordinates.flatMap(numbersIn) : [Number(coordinates)];

describe('maps', () => {
  it('show every alert as RFC 7946 wants it: closed, right-handed, boxed, of few points', () => {
    fc.assert(
      fc.property(anyAlert, (alert) => {
        const collection = read(geoJson(alertMap, [alert], options));
        const [feature] = collection.features;
        expect(feature?.id).toBe(alert.id);
        expect(feature?.properties).toMatchObject({
          headline: frenchText(alert).headline,
          severity: alert.severity,
          endsAt: alert.endsAt,
        });
        for (const [outer = [], ...holes] of polygonsOf(feature!)) {
          expect(signedArea(outer)).toBeGreaterThan(0);
          for (const hole of holes) expect(signedArea(hole)).toBeLessThan(0);
          for (const ring of [outer, ...holes]) expect(ring.length).toBeLessThanOrEqual(100);
        }
        const [west = 0, south = 0, east = 0, north = 0] = collection.bbox ?? [];
        // A box check finds every swap of longitude and latitude.
        expect([west > 1, east < 4, south > 47, north < 50]).toEqual([true, true, true, true]);
      }),
      budget(40),
    );
  });

  const [sample] = fc.sample(anyAlert, { numRuns: 1, seed: 3 });
  const alertFor = (codes: readonly string[], geometry: Polygon | null = null) => ({
    ...sample!,
    areas: [{ description: 'Ici', communes: [...codes], geometry }],
  });

  it('show communes side by side as one ground that GEOS calls valid, and a drawn shape beside them', () => {
    const codes = fc.subarray(
      territory.communes.map(({ code }) => code),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(codes, fc.option(anyPolygon()), (codes, drawn) => {
        const alert = alertFor(codes);
        const areas = drawn ? [...alert.areas, ...alertFor([], drawn).areas] : alert.areas;
        const [feature] = read(geoJson(alertMap, [{ ...alert, areas }], options)).features;
        expect(['Polygon', 'MultiPolygon']).toContain(feature?.geometry.type);
        expect(polygonFaults(feature?.geometry as Polygon)).toEqual([]);
      }),
      budget(40),
    );
  });

  it('show an alert for the whole Département in few bytes, and dissolve it once', () => {
    const alert = alertFor(territory.communes.map(({ code }) => code));
    const [feature] = read(geoJson(alertMap, [alert], options)).features;
    expect(feature?.geometry.type).toBe('Polygon');
    // The outlines of 194 communes were 25 kB of cells, 170 kB of official ones.
    expect(JSON.stringify(feature?.geometry).length).toBeLessThan(4_000);
    expect(alertMap.geometry(alert, territory)).toBe(alertMap.geometry(alert, territory));
    expect(alertMap.geometry({ ...alert }, territory)).not.toBe(alertMap.geometry(alert, territory));
    const other = createTerritory(territory.communes.slice(0, 3));
    expect(alertMap.geometry(alert, other)).not.toEqual(alertMap.geometry(alert, territory));
  });

  it('name each feature in its properties too, for map libraries that drop an id of letters', () => {
    const [alert] = fc.sample(anyAlert, { numRuns: 1 });
    const [closure] = fc.sample(anyClosure, { numRuns: 1 });
    const [point] = fc.sample(anyAidPoint, { numRuns: 1 });
    const maps = [
      geoJson(alertMap, [alert!], options),
      geoJson(closureMap, [closure!], options),
      geoJson(aidPointMap, [point!], options),
    ];
    expect(maps.flatMap((map) => read(map).features.map(({ id, properties }) => [id, properties?.id]))).toEqual(
      [alert, closure, point].map((document) => [document?.id, document?.id]),
    );
  });

  it('show a commune where it is: its middle lies in what is drawn for it', () => {
    const [alert] = fc.sample(anyAlert, { numRuns: 1, seed: 3 });
    for (const commune of territory.communes.filter((_, index) => index % 20 === 0)) {
      const area = { description: commune.name, communes: [commune.code], geometry: null };
      const [feature] = read(geoJson(alertMap, [{ ...alert!, areas: [area] }], options)).features;
      const inside = polygonsOf(feature!).some((coordinates) =>
        booleanPointInPolygon(commune.centre, { type: 'Polygon', coordinates }),
      );
      expect(inside, commune.name).toBe(true);
    }
  });

  it('show every closed road along its path, with six decimals at most', () => {
    fc.assert(
      fc.property(anyClosure, (closure) => {
        const [feature] = read(geoJson(closureMap, [closure], options)).features;
        expect(feature?.geometry).toEqual(closure.path);
        const { state, at: observedAt, note } = closure.observed;
        const observed = state === 'UNKNOWN' ? null : { state, observedAt, note };
        expect(feature?.properties).toMatchObject({ restriction: closure.restriction, observed });
        for (const number of numbersIn(closure.path.coordinates)) expect(Number(number.toFixed(6))).toBe(number);
      }),
      budget(40),
    );
  });

  it('show every aid point at its entrance, and no free place without the time at which it was counted', () => {
    fc.assert(
      fc.property(anyAidPoint, (point) => {
        const [feature] = read(geoJson(aidPointMap, [point], options)).features;
        const { status: seen, freePlaces, at: observedAt } = point.observed;
        const status = seen === 'UNKNOWN' ? null : seen;
        expect(feature).toMatchObject({ id: point.id, geometry: point.point });
        expect(feature?.properties).toMatchObject({ purposes: point.purposes, status, freePlaces, observedAt });
        if (freePlaces !== null) expect(observedAt).toMatch(/^\d{4}-\d\d-\d\dT/);
      }),
      budget(40),
    );
  });

  it('are valid without anything to show, and have no box then', () => {
    expect(read(geoJson(alertMap, [], options))).toEqual({ type: 'FeatureCollection', features: [] });
    expect(read(geoJson(closureMap, [], options)).features).toEqual([]);
  });
});

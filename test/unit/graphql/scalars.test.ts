import { parseValue } from 'graphql';
import { describe, expect, it } from 'vitest';
import { CursorScalar, DateTimeScalar, GeoJSONScalar } from '../../../src/graphql/scalars.ts';

describe('DateTime', () => {
  it('hands on what is public to the letter', () => {
    for (const text of ['2016-06-02T14:00:00+02:00', '2016-06-02T12:00:00Z'])
      expect(DateTimeScalar.serialize(text)).toBe(text);
    expect(DateTimeScalar.serialize(new Date(Date.UTC(2016, 5, 2, 12)))).toBe('2016-06-02T12:00:00Z');
  });

  it.each(['2016-06-02T14:00:00+02:00', '2016-06-02T12:00:00Z', '2024-02-29T00:00:00.250-03:30'])(
    'takes %s',
    (text) => {
      expect(DateTimeScalar.parseValue(text)).toBe(text);
      expect(DateTimeScalar.parseLiteral(parseValue(`"${text}"`), {})).toBe(text);
    },
  );

  it.each([
    '2016-06-02',
    '2016-06-02T14:00+02:00',
    '2016-06-02T14:00:00',
    '2016-06-02 14:00:00Z',
    '2016-02-30T14:00:00Z',
    '2023-02-29T14:00:00Z',
    '2016-13-01T14:00:00Z',
    '2016-06-02T25:00:00Z',
    '2016-06-02T14:61:00Z',
    '2016-06-02T14:00:00+99:99',
    'tomorrow',
    '',
  ])('refuses %j and says what it wants', (text) => {
    const wanted = 'must be a date and time as 2016-06-02T14:00:00+02:00, with seconds and an offset';
    expect(() => DateTimeScalar.parseValue(text)).toThrow(wanted);
    expect(() => DateTimeScalar.parseLiteral(parseValue(`"${text}"`), {})).toThrow(wanted);
  });

  it('refuses what is no text', () => {
    for (const value of [0, null, true, {}, new Date()])
      expect(() => DateTimeScalar.parseValue(value)).toThrow('must be');
    expect(() => DateTimeScalar.parseLiteral(parseValue('1464868800'), {})).toThrow('must be');
  });
});

describe('GeoJSON', () => {
  const point = { type: 'Point', coordinates: [2.3, -48.5] };

  it('takes a geometry as a variable, as a literal, and as a literal with variables inside', () => {
    expect(GeoJSONScalar.parseValue(point)).toEqual(point);
    expect(GeoJSONScalar.parseLiteral(parseValue('{type: "Point", coordinates: [2.3, -48.5]}'), {})).toEqual(point);
    const open = parseValue('{type: "Point", coordinates: [$lon, -48.5]}');
    expect(GeoJSONScalar.parseLiteral(open, { lon: 2.3 })).toEqual(point);
  });

  it.each([null, 'Point', 3, [], {}, { type: 'Circle' }, { type: 3 }, { type: 'Feature', geometry: point }])(
    'refuses %j and names the types that it knows',
    (value) => {
      expect(() => GeoJSONScalar.parseValue(value)).toThrow(
        'must be a GeoJSON geometry of type Point, LineString, MultiLineString, Polygon, MultiPolygon',
      );
    },
  );

  it('does not let a literal reach the prototype of objects', () => {
    const literal = parseValue('{type: "Point", coordinates: [2, 48], __proto__: {polluted: true}}');
    GeoJSONScalar.parseLiteral(literal, {});
    expect('polluted' in {}).toBe(false);
  });
});

describe('Cursor', () => {
  it('goes in and comes out as it is', () => {
    expect(CursorScalar.serialize('abc.12')).toBe('abc.12');
    expect(CursorScalar.parseValue('abc.12')).toBe('abc.12');
    expect(CursorScalar.parseLiteral(parseValue('"abc.12"'), {})).toBe('abc.12');
  });
});

it('every scalar says what it is', () => {
  for (const scalar of [DateTimeScalar, GeoJSONScalar, CursorScalar])
    expect(scalar.description?.length).toBeGreaterThan(20);
});

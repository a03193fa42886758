import type { Position } from 'geojson';
import type { GeoJsonGeometry } from '../../territory/geometry.rules.ts';
import { withoutRepeats } from '../../territory/rings.rules.ts';
import { samePoint } from '../../territory/segments.rules.ts';
import { childrenOf, type XmlElement } from '../../xml/tree.ts';
import { type NoteFault, quoted } from './feed-fault.ts';
import { positionsOf } from './positions.rules.ts';

export interface WatchedArea {
  description: string;
  geometries: GeoJsonGeometry[];
  /** Radius in metres. */
  circles: { lon: number; lat: number; radius: number }[];
  geocodes: { name: string; value: string }[];
}

/** An area of CAP: the children of an element in some namespaces. A shape that cannot be read is noted. */
export const readCapArea = (area: XmlElement, note: NoteFault, ...uris: string[]): WatchedArea => ({
  description: childrenOf(area, 'areaDesc', ...uris)
    .map(({ text }) => text.trim())
    .join(', '),
  geometries: childrenOf(area, 'polygon', ...uris).flatMap((polygon) => shapeIn(polygon, polygonIn, note)),
  circles: childrenOf(area, 'circle', ...uris).flatMap((circle) => shapeIn(circle, circleIn(1000), note)),
  geocodes: childrenOf(area, 'geocode', ...uris).flatMap(geocodesOf),
});

/** The shape in the text of an element; none where it cannot be read, which is noted. */
export function shapeIn<T>(element: XmlElement, read: (text: string) => T | null, note: NoteFault): T[] {
  const text = leavesOf(element);
  const shape = read(text);
  if (shape === null) note(`forme illisible : <${element.name}> ${quoted(text)}`);
  return shape === null ? [] : [shape];
}

/** The texts of the innermost elements, so that numbers of neighbours do not run into one another. */
const leavesOf = ({ children, text }: XmlElement): string =>
  children.length === 0 ? text : children.map(leavesOf).join(' ');

export function pointIn(text: string): GeoJsonGeometry | null {
  const [coordinates, ...more] = positionsOf(text) ?? [];
  return coordinates && more.length === 0 ? { type: 'Point', coordinates } : null;
}

export function lineIn(text: string): GeoJsonGeometry | null {
  const coordinates = withoutRepeats(positionsOf(text) ?? []);
  return coordinates.length < 2 ? null : { type: 'LineString', coordinates };
}

/** A polygon with its ring closed. */
export function polygonIn(text: string): GeoJsonGeometry | null {
  const points = withoutRepeats(positionsOf(text) ?? []);
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return null;
  const closed: Position[] = samePoint(first, last) ? points : [...points, first];
  return closed.length < 4 ? null : { type: 'Polygon', coordinates: [closed] };
}

/** A box of its lower and its upper corner. */
export function boxIn(text: string): GeoJsonGeometry | null {
  const [one, other, ...more] = positionsOf(text) ?? [];
  if (!one || !other || more.length > 0) return null;
  const [[west = 0, south = 0], [east = 0, north = 0]] = [one, other];
  const corners = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ];
  return west === east || south === north ? null : { type: 'Polygon', coordinates: [corners] };
}

const UNIT = '(?<unit>k(?:ilo)?m(?:[eè]tres?|eters?)?|m(?:[eè]tres?|eters?)?|mi(?:les?)?)?';
const LONGEST_CIRCLE = 200;
const AFTER_CENTRE = String.raw`^(?<centre>.*?[\s,;)\]|/:])\s*(?:r(?:adius|ayon)?\s*[=:]\s*)?\+?`;
/** A radius behind a centre; the second has a comma of decimals. */
const CIRCLES = [String.raw`(?<radius>(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)`, String.raw`(?<=\s)(?<radius>\d+,\d+)`].map(
  (radius) => new RegExp(`${AFTER_CENTRE}${radius}\\s*${UNIT}\\W*$`, 'iu'),
);
const METRES: readonly (readonly [RegExp, number])[] = [
  [/^k/i, 1000],
  [/^mi/i, 1609.344],
  [/^m/i, 1],
];

/** A circle: its centre, then its radius in a unit of so many metres, unless it names its own. */
export const circleIn =
  (metres: number) =>
  (text: string): WatchedArea['circles'][number] | null => {
    for (const pattern of text.length > LONGEST_CIRCLE ? [] : CIRCLES) {
      const { centre: before = '', radius = '', unit = '' } = pattern.exec(text.trim())?.groups ?? {};
      const [centre, ...more] = positionsOf(before) ?? [];
      const [, inMetres = metres] = METRES.find(([name]) => name.test(unit)) ?? [];
      if (!centre || more.length > 0) continue;
      const [lon = 0, lat = 0] = centre;
      return { lon, lat, radius: Number(radius.replace(',', '.')) * inMetres };
    }
    return null;
  };

/** CAP 1.0 writes `name=value`, later ones two elements; feeds put several pairs into one. */
function geocodesOf(geocode: XmlElement): WatchedArea['geocodes'] {
  const values = childrenOf(geocode, 'value').map(({ text }) => text.trim());
  const named = childrenOf(geocode, 'valueName').map(({ text }, index) => ({
    name: text.trim(),
    value: values[index] ?? '',
  }));
  if (named.length > 0) return named;
  const [before = '', ...after] = geocode.text.trim().split('=');
  return [{ name: before, value: after.join('=') }];
}

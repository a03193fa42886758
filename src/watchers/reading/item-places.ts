import type { GeoJsonGeometry } from '../../territory/geometry.rules.ts';
import { childrenOf, type XmlElement } from '../../xml/tree.ts';
import { CAP_VERSIONS } from './cap-message.ts';
import { type NoteFault, quoted } from './feed-fault.ts';
import { boxIn, circleIn, lineIn, pointIn, polygonIn, readCapArea, shapeIn, type WatchedArea } from './watched-area.ts';

type ReadShape = (text: string) => GeoJsonGeometry | null;

const GEORSS_SHAPES = new Map<string, ReadShape>([
  ['point', pointIn],
  ['line', lineIn],
  ['polygon', polygonIn],
  ['box', boxIn],
]);
const GML_SHAPES = new Map<string, ReadShape>([
  ['Point', pointIn],
  ['LineString', lineIn],
  ['LinearRing', polygonIn],
  ['Envelope', boxIn],
  ['Box', boxIn],
]);
/** Where a polygon of GML has its holes: a hole is warned as well, as in CAP. */
const GML_HOLES = new Set(['interior', 'innerBoundaryIs']);

const isGeoRss = ({ uri }: XmlElement): boolean => /georss/i.test(uri);
const isGml = ({ uri }: XmlElement): boolean => uri.startsWith('http://www.opengis.net/gml');
const CAP = Object.keys(CAP_VERSIONS);
/** W3C's geo has `lat` and `long`, and others have the like. */
const LATITUDE = new Set(['lat', 'latitude']);
const LONGITUDE = new Set(['long', 'lon', 'lng', 'longitude']);

/** The places that an item of RSS or Atom names: GeoRSS in all its forms, GML, W3C's geo, and the areas of CAP beside its words. */
export function placesIn(item: XmlElement, note: NoteFault): WatchedArea[] {
  const own = readCapArea(item, note, ...CAP);
  const within = elementsIn(item);
  const shapes = within.flatMap((element) => shapesOf(element, note));
  const points = [item, ...within].flatMap((element) => latitudeAndLongitude(element, note));
  const circles = within
    .filter((element) => isGeoRss(element) && element.name === 'circle')
    .flatMap((element) => shapeIn(element, circleIn(1), note));
  const areas = childrenOf(item, 'area', ...CAP).map((area) => readCapArea(area, note));
  const here = { ...own, geometries: [...own.geometries, ...shapes, ...points], circles: [...own.circles, ...circles] };
  return [here, ...areas].filter(isPlace);
}

/** The first point among some places, for a report to show. */
export function firstPoint(places: readonly WatchedArea[]): { lon: number; lat: number } | null {
  const point = places.flatMap(({ geometries }) => geometries).find(({ type }) => type === 'Point');
  if (point?.type !== 'Point') return null;
  const [lon = 0, lat = 0] = point.coordinates;
  return { lon, lat };
}

const elementsIn = ({ children }: XmlElement): XmlElement[] =>
  children
    .filter((child) => !(isGml(child) && GML_HOLES.has(child.name)))
    .flatMap((child) => [child, ...elementsIn(child)]);

function shapesOf(element: XmlElement, note: NoteFault): GeoJsonGeometry[] {
  const read =
    (isGeoRss(element) && GEORSS_SHAPES.get(element.name)) || (isGml(element) && GML_SHAPES.get(element.name));
  if (read) return shapeIn(element, read, note);
  const promises = isGeoRss(element) && element.name === 'where';
  if (promises && !elementsIn(element).some((inside) => isGml(inside) && GML_SHAPES.has(inside.name)))
    note(`forme illisible : <where> ${quoted(element.text)}`);
  return [];
}

function latitudeAndLongitude({ children }: XmlElement, note: NoteFault): GeoJsonGeometry[] {
  const [lat, lon] = [LATITUDE, LONGITUDE].map((names) => children.find(({ name }) => names.has(name))?.text.trim());
  if (!lat && !lon) return [];
  // A comma in one number is that of its decimals.
  const point = pointIn(`${lat} ${lon}`.replaceAll(',', '.'));
  if (!point) note(`forme illisible : <lat>, <long> ${quoted(`${lat ?? ''} ${lon ?? ''}`)}`);
  return point ? [point] : [];
}

const isPlace = ({ description, geometries, circles, geocodes }: WatchedArea): boolean =>
  description !== '' || geometries.length + circles.length + geocodes.length > 0;

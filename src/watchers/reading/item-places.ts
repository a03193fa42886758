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
  ['LineStringSegment', lineIn],
  ['LinearRing', polygonIn],
  ['Envelope', boxIn],
  ['Box', boxIn],
]);
const GML_CIRCLES = new Set(['CircleByCenterPoint', 'ArcByCenterPoint']);
/** Elements of GeoRSS that hold no shape. */
const NO_SHAPES = new Set([
  'where',
  'circle',
  'elev',
  'floor',
  'radius',
  'featurename',
  'featuretypetag',
  'relationshiptag',
]);
/** Where a polygon of GML has its holes: a hole is warned as well, as in CAP. */
const GML_HOLES = new Set(['interior', 'innerBoundaryIs']);

const isGeoRss = ({ uri }: XmlElement): boolean => /georss/i.test(uri);
/** GML, and KML, which has the same names. */
const isGml = ({ uri }: XmlElement): boolean =>
  /^https?:\/\/(?:www\.opengis\.net\/(?:gml|kml)|earth\.google\.com\/kml)/.test(uri);
const isGmlShape = (element: XmlElement): boolean =>
  isGml(element) && (GML_SHAPES.has(element.name) || GML_CIRCLES.has(element.name));
const CAP = Object.keys(CAP_VERSIONS);
/** W3C's geo has `lat` and `long`, and others have the like. */
const LATITUDE = new Set(['lat', 'latitude']);
const PAIR = new Set(['lat_long', 'latlong', 'lat_lon', 'latlon', 'lat_lng', 'latlng']);
const LONGITUDE = new Set(['long', 'lon', 'lng', 'longitude']);

/** The places that an item of RSS or Atom names: GeoRSS in all its forms, GML, W3C's geo, and the areas of CAP beside its words. */
export function placesIn(item: XmlElement, note: NoteFault): WatchedArea[] {
  const own = readCapArea(item, note, ...CAP);
  const within = elementsIn(item);
  const shapes = within.flatMap((element) => shapesOf(element, note));
  const points = [item, ...within].flatMap((element) => latitudeAndLongitude(element, note));
  const circles = within.filter(isCircle).flatMap((element) => shapeIn(element, circleOf(element), note));
  const areas = [item, ...childrenOf(item, 'info', ...CAP)]
    .flatMap((element) => childrenOf(element, 'area', ...CAP))
    .map((area) => readCapArea(area, note));
  const names = within.filter((element) => isGeoRss(element) && element.name.toLowerCase() === 'featurename');
  const here = {
    description: [own.description, ...names.map(({ text }) => text.trim())].filter((name) => name !== '').join(', '),
    geometries: [...own.geometries, ...shapes, ...points],
    circles: [...own.circles, ...circles],
    geocodes: own.geocodes,
  };
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

const isCircle = (element: XmlElement): boolean =>
  isGeoRss(element) ? element.name.toLowerCase() === 'circle' : isGml(element) && GML_CIRCLES.has(element.name);

/** GeoRSS has its radius in metres; GML names the unit beside it. */
function circleOf(element: XmlElement): ReturnType<typeof circleIn> {
  const unit = childrenOf(element, 'radius')[0]?.attributes.uom ?? '';
  return circleIn(/^k/i.test(unit) ? 1000 : 1);
}

/** A shape of GeoRSS that is no other's: one place, or several in a row. */
const anyShapeIn: ReadShape = (text) => pointIn(text) ?? lineIn(text);

function shapesOf(element: XmlElement, note: NoteFault): GeoJsonGeometry[] {
  if (isGml(element)) {
    const read = GML_SHAPES.get(element.name);
    return read ? shapeIn(element, read, note) : [];
  }
  if (PAIR.has(element.name)) return shapeIn(element, pointIn, note);
  // Without a namespace the names are those of anything: what holds no places says nothing wrong.
  if (element.uri === '') return shapeIn(element, GEORSS_SHAPES.get(element.name) ?? (() => null), () => {});
  if (!isGeoRss(element)) return [];
  const name = element.name.toLowerCase();
  if (!NO_SHAPES.has(name) && element.children.length === 0)
    return shapeIn(element, GEORSS_SHAPES.get(name) ?? anyShapeIn, note);
  if (name === 'where' && !elementsIn(element).some(isGmlShape))
    note(`forme illisible : <where> ${quoted(element.text)}`);
  return [];
}

function latitudeAndLongitude({ children, attributes }: XmlElement, note: NoteFault): GeoJsonGeometry[] {
  const [lat, lon] = [LATITUDE, LONGITUDE].map(
    (names) =>
      children.find(({ name }) => names.has(name))?.text.trim() ??
      Object.entries(attributes).find(([name]) => names.has(name))?.[1],
  );
  if (!lat && !lon) return [];
  // A comma in one number is that of its decimals.
  const point = pointIn(`${lat} ${lon}`.replaceAll(',', '.'));
  if (!point) note(`forme illisible : <lat>, <long> ${quoted(`${lat ?? ''} ${lon ?? ''}`)}`);
  return point ? [point] : [];
}

const isPlace = ({ description, geometries, circles, geocodes }: WatchedArea): boolean =>
  description !== '' || geometries.length + circles.length + geocodes.length > 0;

import type { Position } from 'geojson';
import type { GeoJsonGeometry, Outline } from '../../territory/geometry.rules.ts';

export interface Frame {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface CommuneShape {
  code: string;
  outline: Outline;
}

/** Paths of SVG: the communes that are meant, the others, and a road. */
export interface MapPaths {
  touched: string;
  others: string;
  road: string;
  /** A circle around the coloured communes, where they are too small to be seen on a telephone. */
  circle: { x: number; y: number; radius: number } | null;
}

type Project = (position: Position) => [number, number];

const linearRings = (outline: Outline): Position[][] =>
  outline.type === 'Polygon' ? outline.coordinates : outline.coordinates.flat();

const linesOf = (geometry: GeoJsonGeometry | null): Position[][] => {
  if (geometry?.type === 'LineString') return [geometry.coordinates];
  return geometry?.type === 'MultiLineString' ? geometry.coordinates : [];
};

/** Draws the territory into a frame, north up, lengths true at its middle latitude. */
export function mapPaths(
  places: readonly CommuneShape[],
  touched: ReadonlySet<string>,
  road: GeoJsonGeometry | null,
  frame: Frame,
): MapPaths {
  const project = projection(places, frame);
  const draw = (chosen: readonly CommuneShape[]) =>
    chosen.flatMap(({ outline }) => linearRings(outline).map((points) => `${line(points, project)}Z`)).join('');
  const meant = places.filter(({ code }) => touched.has(code));
  return {
    circle: circleAround(meant, project, frame),
    touched: draw(meant),
    others: draw(places.filter(({ code }) => !touched.has(code))),
    road: linesOf(road)
      .map((points) => line(points, project))
      .join(''),
  };
}

/** Communes that span less than this part of the frame are too small. */
const SMALL = 0.14;

function circleAround(meant: readonly CommuneShape[], project: Project, frame: Frame): MapPaths['circle'] {
  const points = meant.flatMap(({ outline }) => linearRings(outline).flat().map(project));
  if (points.length === 0) return null;
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const span = Math.max(right - left, bottom - top);
  if (span > frame.width * SMALL) return null;
  return { x: (left + right) / 2, y: (top + bottom) / 2, radius: Math.max(span * 0.75, frame.width * 0.09) };
}

function projection(places: readonly CommuneShape[], { x, y, width, height }: Frame): Project {
  let [west, south, east, north] = [180, 90, -180, -90];
  for (const { outline } of places)
    for (const linearRing of linearRings(outline))
      for (const [lon = 0, lat = 0] of linearRing) {
        west = Math.min(west, lon);
        east = Math.max(east, lon);
        south = Math.min(south, lat);
        north = Math.max(north, lat);
      }
  const shrink = Math.cos(((south + north) / 2) * (Math.PI / 180));
  const scale = Math.min(width / ((east - west) * shrink), height / (north - south));
  const left = x + (width - (east - west) * shrink * scale) / 2;
  const top = y + (height - (north - south) * scale) / 2;
  return ([lon = 0, lat = 0]) => [left + (lon - west) * shrink * scale, top + (north - lat) * scale];
}

/** Points that fall on one tenth of a pixel are one. */
function line(points: readonly Position[], project: Project): string {
  let last = '';
  return points
    .flatMap((point, index) => {
      const at = project(point)
        .map((value) => value.toFixed(1))
        .join(' ');
      if (at === last) return [];
      last = at;
      return `${index === 0 ? 'M' : 'L'}${at}`;
    })
    .join('');
}

import type { Position } from 'geojson';
import type { LintFinding } from '../../../publications/content/lint.rules.ts';
import { ringFault } from '../../../territory/rings.rules.ts';
import type { XmlElement } from '../../../xml/tree.ts';
import { MOST_POINTS } from '../area.rules.ts';
import { capChildren } from '../tree.ts';
import { finding } from './finding.ts';

/** C10, C11: shapes that a reader can draw, where they are meant to be. */
export const lintAreas = (alert: XmlElement): LintFinding[] =>
  capChildren(alert, 'info').flatMap((info, infoIndex) =>
    capChildren(info, 'area').flatMap((area, areaIndex) => {
      const at = `info.${infoIndex}.area.${areaIndex}`;
      return [
        ...faultsOf(area, 'polygon', polygonFault).map((fault) => finding('C10', `${at}.polygon`, fault)),
        ...faultsOf(area, 'circle', circleFault).map((fault) => finding('C11', `${at}.circle`, fault)),
      ];
    }),
  );

function faultsOf(area: XmlElement, name: string, faultOf: (text: string) => string | undefined): string[] {
  return capChildren(area, name).flatMap(({ text }) => faultOf(text) ?? []);
}

/** Metropolitan France and its neighbours: a point with latitude and longitude swapped lies outside. */
const [SOUTH, NORTH, WEST, EAST] = [41, 52, -6, 11];
const DEGREES = /^-?\d{1,3}(\.\d{1,6})?$/;

function positionOf(pair: string): Position | undefined {
  const [lat = '', lon = '', ...more] = pair.split(',');
  if (more.length > 0 || !DEGREES.test(lat) || !DEGREES.test(lon)) return undefined;
  const [y, x] = [Number(lat), Number(lon)];
  return y > SOUTH && y < NORTH && x > WEST && x < EAST ? [x, y] : undefined;
}

function polygonFault(text: string): string | undefined {
  const points = text.split(' ').map(positionOf);
  const known = points.filter((point) => point !== undefined);
  if (known.length < points.length)
    return 'Un point n’est pas latitude,longitude à six décimales au plus, en France ou à côté.';
  if (points.length > MOST_POINTS)
    return `Un polygone a au plus ${MOST_POINTS} points, celui-ci en a ${points.length}.`;
  return ringFault(known) && 'Un polygone est fermé, a au moins 4 points et ne se recoupe pas.';
}

function circleFault(text: string): string | undefined {
  const [centre = '', radius = '', ...more] = text.split(' ');
  const kilometres = /^\d+(\.\d+)?$/.test(radius) ? Number(radius) : 0;
  return more.length === 0 && positionOf(centre) && kilometres > 0
    ? undefined
    : 'Un cercle est latitude,longitude et un rayon en kilomètres, supérieur à 0.';
}

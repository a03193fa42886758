import type { Geometry } from 'geojson';
import { type GeoJsonGeometry, isOutline } from '../../territory/geometry.rules.ts';
import { dissolve } from '../../territory/ground/dissolve.rules.ts';
import { simplify } from '../../territory/simplify.rules.ts';
import type { Territory } from '../../territory/territory.ts';
import { hazardLabel } from '../content/hazards.ts';
import { decisionOf } from '../decision/decision.content.ts';
import type { MapFace } from '../kind/map.ts';
import { VIGILANCE } from '../vocabulary.ts';
import { type AlertDocument, API_RESPONSES } from './alert.content.ts';

/** No ring or line has more points than that, and none more than six decimals (I-17). */
const MOST_POINTS = 100;

interface Drawn {
  readonly territory: Territory;
  readonly geometry: Geometry;
}

/** A map is made anew whenever anything public changes; the ground of an alert changes with its revision alone. */
const drawn = new WeakMap<AlertDocument, Drawn>();

function geometry(alert: AlertDocument, territory: Territory): Geometry {
  const known = drawn.get(alert);
  if (known?.territory === territory) return known.geometry;
  const made = groundOf(alert, territory);
  drawn.set(alert, { territory, geometry: made });
  return made;
}

/** The shapes that were drawn, or else the outlines of the communes: as one piece of ground, beside which points and lines stand. */
function groundOf({ areas }: AlertDocument, territory: Territory): Geometry {
  const shapes = areas.flatMap(({ geometry, communes }): GeoJsonGeometry[] =>
    geometry ? [geometry] : territory.communesOf(communes).map(({ outline }) => outline),
  );
  const ground = dissolve(shapes.filter(isOutline), MOST_POINTS);
  const others = ground ? shapes.filter((shape) => !isOutline(shape)) : shapes;
  const geometries = [...(ground ? [ground] : []), ...others.map((shape) => simplify(shape, MOST_POINTS))];
  const [only] = geometries;
  return only && geometries.length === 1 ? only : { type: 'GeometryCollection', geometries };
}

export const alertMap: MapFace<AlertDocument> = {
  path: '/geo/alerts.geojson',
  title: 'Alertes (carte)',
  bySeverity: true,
  geometry,
  properties: (alert, language) => ({
    severity: alert.severity,
    vigilance: VIGILANCE[alert.severity],
    urgency: alert.urgency,
    certainty: alert.certainty,
    hazard: alert.hazard,
    hazardLabel: hazardLabel(alert.hazard, language),
    categories: alert.categories,
    responseTypes: alert.responseTypes.map(API_RESPONSES.wordOf),
    infoUrl: alert.web,
    decision: decisionOf(alert),
  }),
};

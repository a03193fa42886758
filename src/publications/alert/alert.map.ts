import type { Geometry, Polygon } from 'geojson';
import type { GeoJsonGeometry } from '../../territory/geometry.rules.ts';
import { simplify } from '../../territory/simplify.rules.ts';
import type { Territory } from '../../territory/territory.ts';
import { hazardLabel } from '../content/hazards.ts';
import type { MapFace } from '../kind/map.ts';
import { VIGILANCE } from '../vocabulary.ts';
import { type AlertDocument, API_RESPONSES } from './alert.content.ts';

/** No ring or line has more points than that, and none more than six decimals (I-17). */
const MOST_POINTS = 100;

/** The shapes that were drawn, or else the outlines of the communes. */
function geometry(alert: AlertDocument, territory: Territory): Geometry {
  const shapes = alert.areas.flatMap(({ geometry, communes }): GeoJsonGeometry[] =>
    geometry ? [geometry] : territory.communesOf(communes).map(({ outline }) => outline),
  );
  const thin = shapes.map((shape) => simplify(shape, MOST_POINTS));
  const [only] = thin;
  if (only && thin.length === 1) return only;
  const polygons = thin.flatMap((shape): Polygon['coordinates'][] =>
    shape.type === 'Polygon' ? [shape.coordinates] : shape.type === 'MultiPolygon' ? shape.coordinates : [],
  );
  const isFlat = thin.every(({ type }) => type === 'Polygon' || type === 'MultiPolygon');
  return isFlat ? { type: 'MultiPolygon', coordinates: polygons } : { type: 'GeometryCollection', geometries: thin };
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
  }),
};

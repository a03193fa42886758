import { bbox } from '@turf/bbox';
import type { Feature, FeatureCollection, Geometry, Polygon } from 'geojson';
import type { AlertDocument } from '../publications/alert/alert.content.ts';
import type { ClosureDocument } from '../publications/closure/closure.content.ts';
import { reopenedAt } from '../publications/closure/closure.rules.ts';
import { hazardLabel } from '../publications/content/hazards.ts';
import { currentText } from '../publications/content/translations.rules.ts';
import type { PublicDocument } from '../publications/document.ts';
import { VIGILANCE } from '../publications/vocabulary.ts';
import type { GeoJsonGeometry } from '../territory/geometry.rules.ts';
import { simplify } from '../territory/simplify.rules.ts';
import type { Territory } from '../territory/territory.ts';
import type { FormatSetting } from './setting.ts';

/** No ring or line has more points than that, and none more than six decimals (I-17). */
const MOST_POINTS = 100;

/** Alerts as a feature each, by its id, in RFC 7946: the shapes that were drawn, or else the outlines of the communes. */
export const alertMap = (alerts: readonly AlertDocument[], options: FormatSetting): string =>
  collection(
    alerts.map((alert) =>
      feature(alert, alertGeometry(alert, options.territory), {
        ...facts(alert, options),
        severity: alert.severity,
        vigilance: VIGILANCE[alert.severity],
        urgency: alert.urgency,
        certainty: alert.certainty,
        hazard: alert.hazard,
        hazardLabel: hazardLabel(alert.hazard, options.language),
        categories: alert.categories,
        responseTypes: alert.responseTypes,
        web: alert.web,
      }),
    ),
  );

/** Closed and restricted roads as a feature each, by its id: the path, in the direction of traffic where it is one. */
export const closureMap = (closures: readonly ClosureDocument[], options: FormatSetting): string =>
  collection(
    closures.map((closure) =>
      feature(closure, closure.path, {
        ...facts(closure, options),
        restriction: closure.restriction,
        direction: closure.direction,
        roads: closure.roads,
        cause: closure.cause,
        detour: closure.detour,
        crossingPoints: closure.crossingPoints,
        event: closure.eventId,
        // An observation on the ground goes before the plan.
        observed: closure.observed,
        reopenedAt: reopenedAt(closure),
      }),
    ),
  );

function collection(features: Feature[]): string {
  const whole: FeatureCollection = { type: 'FeatureCollection', features };
  // A box around nothing does not exist.
  return JSON.stringify(features.length === 0 ? whole : { ...whole, bbox: bbox(whole) });
}

const feature = ({ id }: PublicDocument, geometry: Geometry, properties: object): Feature => ({
  type: 'Feature',
  id,
  bbox: bbox(geometry),
  geometry,
  properties: { ...properties },
});

function facts(document: PublicDocument, { publicUrl, territory, language }: FormatSetting): object {
  const text = currentText(document.texts, language);
  return {
    kind: document.kind,
    mode: document.mode,
    revision: document.revision,
    url: `${publicUrl}/publications/${document.id}`,
    language: text.language,
    headline: text.headline,
    description: text.description,
    instruction: text.instruction,
    startsAt: document.startsAt,
    endsAt: document.endsAt,
    publishedAt: document.publishedAt,
    revisedAt: document.revisedAt,
    verifiedAt: document.verifiedAt,
    communes: territory.communesOf(document.communes).map(({ code, name }) => ({ code, name })),
    source: document.source.name,
  };
}

function alertGeometry(alert: AlertDocument, territory: Territory): Geometry {
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

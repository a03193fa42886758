import { bbox } from '@turf/bbox';
import type { Feature, FeatureCollection, Geometry } from 'geojson';
import { currentText } from '../publications/content/translations.rules.ts';
import type { PublicDocument } from '../publications/document.ts';
import type { MapFace } from '../publications/kind/map.ts';
import type { FormatSetting } from './setting.ts';

/** Documents of one kind as a feature each, by its id, in RFC 7946. */
export const geoJson = <D extends PublicDocument>(
  map: MapFace<D>,
  documents: readonly D[],
  setting: FormatSetting,
): string =>
  collection(
    documents.map((document) =>
      feature(document, map.geometry(document, setting.territory), {
        ...facts(document, setting),
        ...map.properties(document, setting.language),
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
  // MapLibre and Leaflet's plugins drop a feature's id that is text: they find it here (`promoteId`).
  properties: { id, ...properties },
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

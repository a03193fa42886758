import type { Geometry } from 'geojson';
import type { Territory } from '../../territory/territory.ts';

/** The GeoJSON feed of a kind: what is live of it, a feature for each document. */
export interface MapFace<D> {
  path: string;
  /** Its name in lists of feeds, in French. */
  title: string;
  /** Whether the query may ask for a least severity. */
  bySeverity: boolean;
  geometry(document: D, territory: Territory): Geometry;
  /** The properties of a feature beside those that every kind has. */
  properties(document: D, language: string): object;
}

import { readDate } from '../../dates/read-date.ts';
import type { GeoJsonGeometry } from '../../territory/geometry.rules.ts';
import { childrenOf, rawText, trimmedText, type XmlElement } from '../../xml/tree.ts';
import { FeedFault, type NoteFault, quoted } from './feed-fault.ts';

/** The namespaces of CAP 1.0, 1.1 and 1.2. */
export const CAP_VERSIONS: Readonly<Record<string, string>> = {
  'http://www.incident.com/cap/1.0': '1.0',
  'urn:oasis:names:tc:emergency:cap:1.1': '1.1',
  'urn:oasis:names:tc:emergency:cap:1.2': '1.2',
};

export interface CapArea {
  description: string;
  geometries: GeoJsonGeometry[];
  /** Radius in metres. */
  circles: { lon: number; lat: number; radius: number }[];
  geocodes: { name: string; value: string }[];
}

/** A message in one language. `headline`, `description`, `instruction` are as they were written, byte by byte. */
export interface CapInfo {
  language: string;
  event: string;
  categories: string[];
  responseTypes: string[];
  urgency: string | null;
  severity: string | null;
  certainty: string | null;
  /** Both as they were written, and null where they cannot be read. */
  onset: string | null;
  expires: string | null;
  senderName: string | null;
  headline: string | null;
  description: string | null;
  instruction: string | null;
  web: string | null;
  areas: CapArea[];
}

export interface WatchedCap {
  version: string;
  identifier: string;
  sender: string;
  /** As it was written: references must repeat it. */
  sent: string;
  status: string;
  msgType: string;
  references: string | null;
  infos: CapInfo[];
}

/** The triplet by which other messages name this one. */
export const referenceOf = ({ sender, identifier, sent }: WatchedCap): string => `${sender},${identifier},${sent}`;

export const isCap = (element: XmlElement): boolean => element.name === 'alert' && element.uri in CAP_VERSIONS;

/**
 * Reads a CAP message leniently: an end or a beginning that cannot be read is noted and counts as none. Throws FeedFault
 * where identifier, sender, date or status is missing, and where the date cannot be read: others refer to it.
 */
export function readCap(alert: XmlElement, note: NoteFault): WatchedCap {
  const version = CAP_VERSIONS[alert.uri];
  if (!version) throw new FeedFault(`espace de noms CAP inconnu : ${alert.uri}`);
  const required = (name: string): string => {
    const text = trimmedText(alert, name);
    if (text === null) throw new FeedFault(`message CAP sans ${name}`);
    return text;
  };
  const sent = required('sent');
  if (!readDate(sent)) throw new FeedFault(`date d’envoi illisible : ${quoted(sent)}`);
  return {
    version,
    identifier: required('identifier'),
    sender: required('sender'),
    sent,
    status: required('status'),
    msgType: trimmedText(alert, 'msgType') ?? 'Alert',
    references: trimmedText(alert, 'references'),
    infos: childrenOf(alert, 'info').map((info) => readInfo(info, note)),
  };
}

const readInfo = (info: XmlElement, note: NoteFault): CapInfo => ({
  // CAP's default for a message that names no language.
  language: trimmedText(info, 'language') ?? 'en-US',
  event: trimmedText(info, 'event') ?? '',
  categories: childrenOf(info, 'category').map(({ text }) => text.trim()),
  responseTypes: childrenOf(info, 'responseType').map(({ text }) => text.trim()),
  urgency: trimmedText(info, 'urgency'),
  severity: trimmedText(info, 'severity'),
  certainty: trimmedText(info, 'certainty'),
  onset: readableDate(info, 'onset', note),
  expires: readableDate(info, 'expires', note),
  senderName: trimmedText(info, 'senderName'),
  headline: rawText(info, 'headline'),
  description: rawText(info, 'description'),
  instruction: rawText(info, 'instruction'),
  web: trimmedText(info, 'web'),
  areas: childrenOf(info, 'area').map(readArea),
});

/** A date as it was written; null where it cannot be read, which is noted. */
function readableDate(info: XmlElement, name: 'onset' | 'expires', note: NoteFault): string | null {
  const text = trimmedText(info, name);
  if (text === null || readDate(text)) return text;
  note(`${name} illisible : ${quoted(text)}`);
  return null;
}

const readArea = (area: XmlElement): CapArea => ({
  description: trimmedText(area, 'areaDesc') ?? '',
  geometries: childrenOf(area, 'polygon').flatMap(({ text }) => polygonOf(text) ?? []),
  circles: childrenOf(area, 'circle').flatMap(({ text }) => circleOf(text) ?? []),
  geocodes: childrenOf(area, 'geocode').map(geocodeOf),
});

/** A position from `lat,lon`, or null for anything else. */
export function positionOf(pair: string): [number, number] | null {
  const [lat, lon, ...more] = pair.split(',').map((number) => (number.trim() === '' ? Number.NaN : Number(number)));
  const there = lat !== undefined && lon !== undefined && Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
  return there && more.length === 0 ? [lon, lat] : null;
}

/** A polygon of CAP with its ring closed, or null where it has a point that is none. */
function polygonOf(text: string): GeoJsonGeometry | null {
  const ring = text.trim().split(/\s+/).map(positionOf);
  const points = ring.filter((point) => point !== null);
  const [first, last] = [points[0], points.at(-1)];
  if (points.length < ring.length || !first || !last) return null;
  const closed = first[0] === last[0] && first[1] === last[1] ? points : [...points, first];
  return closed.length < 4 ? null : { type: 'Polygon', coordinates: [closed] };
}

function circleOf(text: string): CapArea['circles'][number] | null {
  const [pair = '', kilometres = ''] = text.trim().split(/\s+/);
  const centre = positionOf(pair);
  const radius = Number(kilometres) * 1000;
  return centre && radius >= 0 ? { lon: centre[0], lat: centre[1], radius } : null;
}

/** CAP 1.0 writes `name=value`, later ones two elements. */
function geocodeOf(geocode: XmlElement): CapArea['geocodes'][number] {
  const name = trimmedText(geocode, 'valueName');
  if (name !== null) return { name, value: trimmedText(geocode, 'value') ?? '' };
  const [before = '', ...after] = geocode.text.trim().split('=');
  return { name: before, value: after.join('=') };
}

import type { Position } from 'geojson';
import { instant } from '../../clock.ts';
import type { ClosureDocument } from '../../publications/closure/closure.content.ts';
import { linesOf } from '../../publications/closure/road-lines.rules.ts';
import { isOutdated } from '../../publications/content/translations.rules.ts';
import { decisionLineOf } from '../../publications/decision/decision-line.ts';
import type { PublicDocument } from '../../publications/document.ts';
import type { EventDocument } from '../../publications/event/event.content.ts';
import { element, type XmlNode } from '../../xml/write.ts';
import { shortened } from './cifs.ts';

/** The facts that a record needs beside the closure. */
export interface RecordFacts {
  event: EventDocument | undefined;
  endsAt: string;
  changedAt: string;
  publicUrl: string;
}

const MANAGEMENT: Record<ClosureDocument['restriction'], string> = {
  CLOSED: 'roadClosed',
  LANES_CLOSED: 'laneClosures',
  ALTERNATING: 'singleAlternateLineTraffic',
  // Closed to through traffic.
  LOCAL_ACCESS_ONLY: 'roadClosed',
  PARKING_BAN: 'other',
};

const MOST_CHARACTERS = 1024;

/** The event as the cause that closures are tied to. It has the places of its closures. */
export const eventRecord = (event: EventDocument, closures: readonly ClosureDocument[], publicUrl: string): XmlNode =>
  element(
    'sit:situationRecord',
    { 'xsi:type': 'sit:PublicEvent', id: event.id, version: String(event.revision) },
    ...opening(event, event.revisedAt),
    validity(event.startsAt, event.endsAt),
    ...comments(event),
    link(event, publicUrl),
    location(closures.flatMap(linesOf), null),
    element('sit:publicEventType', null, 'other'),
  );

export const closureRecord = (closure: ClosureDocument, facts: RecordFacts): XmlNode =>
  element(
    'sit:situationRecord',
    { 'xsi:type': 'sit:RoadOrCarriagewayOrLaneManagement', id: closure.id, version: versionOf(closure, facts) },
    ...opening(closure, facts.changedAt),
    validity(closure.plannedFrom, facts.endsAt),
    cause(closure, facts.event),
    ...comments(closure),
    link(closure, facts.publicUrl),
    location(linesOf(closure), closure),
    element('sit:complianceOption', null, 'mandatory'),
    direction(closure),
    closure.restriction === 'LOCAL_ACCESS_ONLY'
      ? element('sit:applicableForTrafficType', null, 'throughTraffic')
      : undefined,
    element('sit:roadOrCarriagewayOrLaneManagementType', null, MANAGEMENT[closure.restriction]),
  );

/** The way round a closure, drawn where it is known. */
export const detourRecord = (
  closure: ClosureDocument,
  detour: NonNullable<ClosureDocument['detour']>,
  facts: RecordFacts,
): XmlNode =>
  element(
    'sit:situationRecord',
    { 'xsi:type': 'sit:ReroutingManagement', id: `${closure.id}-detour`, version: versionOf(closure, facts) },
    ...opening(closure, facts.changedAt),
    validity(closure.plannedFrom, facts.endsAt),
    cause(closure, facts.event),
    location(linesOf(closure), closure),
    element('sit:complianceOption', null, 'advisory'),
    element('sit:reroutingManagementType', null, 'followLocalDiversion'),
    element('sit:reroutingItineraryDescription', null, values([['fr-FR', detour.text]])),
    detour.path
      ? element(
          'sit:alternativeRoute',
          { 'xsi:type': 'loc:ItineraryByIndexedLocations' },
          ...linesOf({ path: detour.path }).map((line, index) =>
            element(
              'loc:locationContainedInItinerary',
              { index: String(index) },
              element('loc:location', { 'xsi:type': 'loc:LinearLocation' }, lineString(line)),
            ),
          ),
        )
      : undefined,
  );

/** A revision's number; an early end, or a decision that was confirmed, makes a version of its own before the next revision. */
const versionOf = ({ revision, revisedAt }: ClosureDocument, { changedAt }: RecordFacts): string =>
  changedAt === revisedAt ? String(revision) : `${revision}.${instant(changedAt) / 1000}`;

const opening = (document: PublicDocument, changedAt: string): XmlNode[] => [
  element('sit:situationRecordCreationTime', null, document.publishedAt),
  element('sit:situationRecordVersionTime', null, changedAt),
  element('sit:probabilityOfOccurrence', null, 'certain'),
  element(
    'sit:source',
    null,
    element('com:sourceCountry', null, 'fr'),
    element('com:sourceName', null, values([['fr-FR', document.source.name]])),
  ),
];

const validity = (from: string, to: string): XmlNode =>
  element(
    'sit:validity',
    null,
    element('com:validityStatus', null, 'definedByValidityTimeSpec'),
    element(
      'com:validityTimeSpecification',
      null,
      element('com:overallStartTime', null, from),
      element('com:overallEndTime', null, to),
    ),
  );

/** The event twice, as readers want it: as a cause of its kind, and by its record, which must exist. */
function cause(closure: ClosureDocument, event: EventDocument | undefined): XmlNode | undefined {
  if (!closure.cause && !event && !closure.eventId) return undefined;
  return element(
    'sit:cause',
    null,
    closure.cause ? element('sit:causeDescription', null, values([['fr-FR', closure.cause]])) : undefined,
    closure.eventId ? element('sit:causeType', null, 'publicEvent') : undefined,
    closure.eventId ? element('sit:detailedCauseType', null, element('sit:publicEventType', null, 'other')) : undefined,
    event
      ? element(
          'sit:managedCause',
          null,
          element('sit:objectReference', {
            id: event.id,
            version: String(event.revision),
            targetClass: 'sit:SituationRecord',
          }),
        )
      : undefined,
  );
}

const comments = (document: PublicDocument): XmlNode[] => {
  const texts = document.texts.filter((text) => !isOutdated(text, document.texts));
  const all = (field: 'headline' | 'description' | 'instruction') =>
    texts.flatMap((text): [string, string][] => (text[field] ? [[text.language, text[field]]] : []));
  const decision = decisionLineOf(document, 'fr');
  const decided: [string, string][] = decision ? [['fr-FR', decision]] : [];
  return [all('headline'), all('description'), all('instruction'), decided]
    .filter((said) => said.length > 0)
    .map((said) => element('sit:generalPublicComment', null, element('sit:comment', null, values(said))));
};

const link = ({ id }: PublicDocument, publicUrl: string): XmlNode =>
  element('sit:urlLink', null, element('com:urlLinkAddress', null, `${publicUrl}/publications/${id}`));

const direction = ({ direction: one }: ClosureDocument): XmlNode =>
  element('sit:applicableForTrafficDirection', null, one === 'BOTH_DIRECTIONS' ? 'bothWays' : 'aligned');

/** Where it is: one line, or a group of several. */
function location(lines: readonly Position[][], closure: ClosureDocument | null): XmlNode {
  const [only = []] = lines;
  const inside = (line: readonly Position[]) => [roads(closure), lineString(line)];
  return lines.length < 2
    ? element('sit:locationReference', { 'xsi:type': 'loc:LinearLocation' }, ...inside(only))
    : element(
        'sit:locationReference',
        { 'xsi:type': 'loc:LocationGroupByList' },
        ...lines.map((line) =>
          element('loc:locationContainedInGroup', { 'xsi:type': 'loc:LinearLocation' }, ...inside(line)),
        ),
      );
}

const roads = (closure: ClosureDocument | null): XmlNode | undefined =>
  closure
    ? element(
        'loc:supplementaryPositionalDescription',
        null,
        ...closure.roads.map(({ name, number }) =>
          element(
            'loc:roadInformation',
            null,
            element('loc:roadName', null, name),
            number ? element('loc:roadNumber', null, number) : undefined,
          ),
        ),
      )
    : undefined;

/** Latitude before longitude, as the system of reference has it. */
const lineString = (line: readonly Position[]): XmlNode =>
  element(
    'loc:gmlLineString',
    { srsDimension: '2', srsName: 'urn:ogc:def:crs:EPSG::4326' },
    element('loc:posList', null, line.map(([lon = 0, lat = 0]) => `${lat.toFixed(6)} ${lon.toFixed(6)}`).join(' ')),
  );

const values = (texts: readonly [language: string, text: string][]): XmlNode =>
  element(
    'com:values',
    null,
    ...texts.map(([lang, text]) => element('com:value', { lang }, shortened(text, MOST_CHARACTERS))),
  );

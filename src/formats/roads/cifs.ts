import { createHash } from 'node:crypto';
import type { Position } from 'geojson';
import { instant, parisTime } from '../../clock.ts';
import type { ClosureDocument } from '../../publications/closure/closure.content.ts';
import { endedEarlyAt } from '../../publications/closure/closure.rules.ts';
import { type RoadLine, roadLines } from '../../publications/closure/road-lines.rules.ts';
import { frenchText } from '../../publications/content/content.ts';
import { element, serialize, type XmlNode } from '../../xml/write.ts';

const MINUTE = 60_000;
/** A new end is listed before it comes, and stays listed after it: Waze asks every few minutes. */
const NOTICE_MS = 5 * MINUTE;
const LISTED_AFTER_MS = 60 * MINUTE;
const LONGEST_DESCRIPTION = 40;

/** Full closures to all vehicles alone are ROAD_CLOSED: Waze then leads nobody through. Parking bans are no traffic. */
const KINDS: Record<ClosureDocument['restriction'], readonly [type: string, subtype: string] | null> = {
  CLOSED: ['ROAD_CLOSED', 'ROAD_CLOSED_HAZARD'],
  LANES_CLOSED: ['HAZARD', 'HAZARD_ON_ROAD_LANE_CLOSED'],
  ALTERNATING: ['HAZARD', 'HAZARD_ON_ROAD'],
  LOCAL_ACCESS_ONLY: ['HAZARD', 'HAZARD_ON_ROAD'],
  PARKING_BAN: null,
};

/**
 * Closed and restricted roads as Waze's CIFS 2, an incident for each road and line, at a moment (milliseconds since 1970).
 * A closure that ends early gets its new end, and leaves the list an hour after it; one withdrawn before it began leaves at once.
 */
export const cifs = (closures: readonly ClosureDocument[], publicUrl: string, now: number): string =>
  serialize(
    element(
      'incidents',
      {
        'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
        'xsi:noNamespaceSchemaLocation': 'https://www.gstatic.com/road-incidents/cifsv2.xsd',
      },
      ...closures.flatMap((closure) => incidents(closure, publicUrl, now)),
    ),
  );

function incidents(closure: ClosureDocument, publicUrl: string, now: number): XmlNode[] {
  const kind = KINDS[closure.restriction];
  const end = endOf(closure);
  if (!kind || end <= instant(closure.plannedFrom) || now >= end + LISTED_AFTER_MS) return [];
  return streets(closure).map((street) => incident(closure, kind, end, street, publicUrl));
}

interface Street {
  /** The incident's: as lasting as what it names. */
  readonly id: string;
  readonly name: string;
  readonly line: readonly Position[];
}

/**
 * The lines of a closure, each under the name of its road. The one of a closure that has no more is named after the closure; of several
 * each is named after its road as well, and after its line where a road has more than one. So an incident that is
 * taken away, added or moved among the others changes the id of none.
 */
function streets(closure: ClosureDocument): Street[] {
  const all = roadLines(closure).map(({ road, line }) => ({ name: streetOf(road), line }));
  const different = [...new Map(all.map((street) => [JSON.stringify(street), street])).values()];
  return different.map(({ name, line }) => {
    const isAlone = different.filter((other) => other.name === name).length === 1;
    const key = digest(isAlone ? name : JSON.stringify([name, line]));
    return { id: different.length === 1 ? closure.id : `${closure.id}-${key}`, name, line };
  });
}

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

/** When Waze shall let traffic through again, in milliseconds since 1970. */
function endOf(closure: ClosureDocument): number {
  const early = endedEarlyAt(closure);
  const planned = instant(closure.plannedTo);
  if (early === null) return planned;
  // A closure that kept nobody out yet needs no new end.
  return instant(early) <= instant(closure.plannedFrom) ? 0 : Math.min(planned, instant(early) + NOTICE_MS);
}

function incident(
  closure: ClosureDocument,
  [type, subtype]: readonly [string, string],
  end: number,
  { id, name, line }: Street,
  publicUrl: string,
): XmlNode {
  return element(
    'incident',
    { id },
    closure.eventId ? element('parent_event', { id: closure.eventId }) : undefined,
    element('creationtime', null, closure.publishedAt),
    element('updatetime', null, updatedAt(closure)),
    element(
      'source',
      null,
      element('reference', null, closure.id),
      element('name', null, closure.source.name),
      element('url', null, `${publicUrl}/publications/${closure.id}`),
    ),
    element('type', null, type),
    element('subtype', null, type === 'ROAD_CLOSED' && closure.eventId ? 'ROAD_CLOSED_EVENT' : subtype),
    element('description', null, shortened(closure.cause ?? frenchText(closure).headline)),
    element('street', null, name),
    element('polyline', null, line.map(([lon, lat]) => `${degrees(lat)} ${degrees(lon)}`).join(' ')),
    element('direction', null, closure.direction),
    element('starttime', null, closure.plannedFrom),
    element('endtime', null, parisTime(new Date(end))),
  );
}

const updatedAt = (closure: ClosureDocument): string => {
  const early = endedEarlyAt(closure);
  return early && instant(early) > instant(closure.revisedAt) ? early : closure.revisedAt;
};

/** The number stands before a name that does not contain it. A street's name has two characters at least. */
const streetOf = (road: RoadLine['road']): string => {
  const { number, name: said = '' } = road ?? {};
  const name = number && !said.includes(number) ? `${number} ${said}` : said;
  return name.length < 2 ? `Route ${name}` : name;
};

const degrees = (value = 0): string => value.toFixed(6);

/** A text for drivers: 40 characters at most, ended at a word. */
export function shortened(text: string, most = LONGEST_DESCRIPTION): string {
  const line = [...text.replace(/\s+/g, ' ')];
  if (line.length <= most) return line.join('');
  const kept = line.slice(0, most - 1).join('');
  const space = kept.lastIndexOf(' ');
  return `${(space > most / 2 ? kept.slice(0, space) : kept).trimEnd()}…`;
}

import { instant, parisTime } from '../../clock.ts';
import type { ClosureDocument } from '../../publications/closure/closure.content.ts';
import { endedEarlyAt } from '../../publications/closure/closure.rules.ts';
import { PUBLISHER } from '../../publications/content/content.ts';
import { confirmationOf } from '../../publications/decision/confirmation.ts';
import type { PublicDocument } from '../../publications/document.ts';
import type { EventDocument } from '../../publications/event/event.content.ts';
import { element, serialize, type XmlNode } from '../../xml/write.ts';
import { closureRecord, detourRecord, eventRecord } from './datex-records.ts';

const NAMESPACES = {
  'xmlns:d2': 'http://datex2.eu/schema/3/d2Payload',
  'xmlns:com': 'http://datex2.eu/schema/3/common',
  'xmlns:sit': 'http://datex2.eu/schema/3/situation',
  // Declared here although it stands in xsi:type alone: readers look it up.
  'xmlns:loc': 'http://datex2.eu/schema/3/locationReferencing',
  'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
};
const STATUS = { ACTUAL: 'real', EXERCISE: 'securityExercise', TEST: 'test' } as const;
const DAY = 24 * 3600_000;

export interface RoadOptions {
  publicUrl: string;
  /** The event that closures were made for, where it is public. */
  eventOf(id: string): EventDocument | undefined;
  /** Milliseconds since 1970. */
  now: number;
}

/**
 * Closed and restricted roads as a DATEX II 3 SituationPublication: the closures of one event are one situation, with the event as
 * their cause; every other closure is a situation of its own. Parking bans are no traffic, and are left out. Valid without any.
 */
export function datex(closures: readonly ClosureDocument[], options: RoadOptions): string {
  const shown = closures.filter((closure) => closure.restriction !== 'PARKING_BAN' && endOf(closure) !== null);
  const groups = Map.groupBy(shown, (closure) => eventFor(closure, options)?.id ?? closure.id);
  return serialize(
    element(
      'd2:payload',
      { ...NAMESPACES, 'xsi:type': 'sit:SituationPublication', lang: 'fr', modelBaseVersion: '3' },
      element('com:publicationTime', null, publicationTime(shown, options.now)),
      element(
        'com:publicationCreator',
        null,
        element('com:country', null, 'fr'),
        element('com:nationalIdentifier', null, PUBLISHER),
      ),
      ...[...groups].map(([id, group]) => situation(id, group, options)),
    ),
  );
}

/** The event of a closure, where the public may read of it in the same breath. */
function eventFor({ eventId, mode }: ClosureDocument, { eventOf }: RoadOptions): EventDocument | undefined {
  const event = eventId === null ? undefined : eventOf(eventId);
  return event?.mode === mode ? event : undefined;
}

function situation(id: string, closures: readonly ClosureDocument[], options: RoadOptions): XmlNode {
  const [first] = closures;
  const event = first && eventFor(first, options);
  return element(
    'sit:situation',
    { id },
    element('sit:situationVersionTime', null, newest(closures.map(changedAt))),
    element('sit:headerInformation', null, element('com:informationStatus', null, STATUS[first?.mode ?? 'ACTUAL'])),
    event ? eventRecord(event, closures, options.publicUrl) : undefined,
    ...closures.flatMap((closure) => {
      const facts = { event, endsAt: endOf(closure) ?? closure.plannedTo, changedAt: changedAt(closure), ...options };
      return [closureRecord(closure, facts), ...(closure.detour ? [detourRecord(closure, closure.detour, facts)] : [])];
    }),
  );
}

/** When traffic is let through again; null for a closure that was withdrawn before it began. */
function endOf(closure: ClosureDocument): string | null {
  const early = endedEarlyAt(closure);
  return early && instant(early) <= instant(closure.plannedFrom) ? null : (early ?? closure.plannedTo);
}

const changedAt = (closure: ClosureDocument): string =>
  newest(
    [closure.revisedAt, endedEarlyAt(closure), confirmationOf(closure)?.toldAt ?? null].filter((at) => at !== null),
  );

const newest = (moments: readonly string[]): string =>
  moments.reduce((a, b) => (instant(a) >= instant(b) ? a : b), parisTime(new Date(0)));

/** The last change of the closures shown, so that equal content has equal bytes; the day's beginning without any. */
const publicationTime = (shown: readonly (ClosureDocument & PublicDocument)[], now: number): string =>
  shown.length > 0 ? newest(shown.map(changedAt)) : parisTime(new Date(now - (now % DAY)));

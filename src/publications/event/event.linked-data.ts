import { instant } from '../../clock.ts';
import { type LinkedDataSetting, placeIn, SCHEMA_ORG, type Thing } from '../kind/linked-data.ts';
import type { EventDocument } from './event.content.ts';

const STATUS: Record<EventDocument['eventStatus'], string> = {
  SCHEDULED: 'EventScheduled',
  POSTPONED: 'EventPostponed',
  RESCHEDULED: 'EventRescheduled',
  CANCELLED: 'EventCancelled',
};

/** Withdrawn, or over before it began. */
const isOff = ({ cancelled, allClear, startsAt }: EventDocument): boolean =>
  cancelled !== null || (allClear !== null && instant(allClear.at) <= instant(startsAt));

export function eventLinkedData(document: EventDocument, { text, territory }: LinkedDataSetting): Thing {
  const status = { eventStatus: `${SCHEMA_ORG}/${STATUS[isOff(document) ? 'CANCELLED' : document.eventStatus]}` };
  const location = document.areas.map((area) => placeIn(area.description, area.communes, territory));
  return {
    // An event that is cancelled keeps its name: schema.org has a status for it.
    name: text.headline,
    inLanguage: text.language,
    '@type': 'Event',
    description: text.description,
    startDate: document.startsAt,
    endDate: document.endsAt,
    eventAttendanceMode: `${SCHEMA_ORG}/OfflineEventAttendanceMode`,
    ...status,
    location,
    ...(document.organiser ? { organizer: { '@type': 'Organization', name: document.organiser } } : {}),
    subEvent: document.passages.map(({ label, commune, expectedFrom, expectedTo }) => ({
      '@type': 'Event',
      name: label,
      startDate: expectedFrom,
      ...(expectedTo ? { endDate: expectedTo } : {}),
      ...status,
      location: commune ? placeIn(label, [commune], territory) : location,
    })),
  };
}

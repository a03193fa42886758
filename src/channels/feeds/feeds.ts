import { type CalendarOptions, calendar } from '../../formats/calendar/icalendar.ts';
import { jsonFeed } from '../../formats/feeds/json-feed.ts';
import { rss } from '../../formats/feeds/rss.ts';
import { geoJson } from '../../formats/geojson.ts';
import { linkedData, linkedDataText } from '../../formats/json-ld.ts';
import { cifs } from '../../formats/roads/cifs.ts';
import { datex } from '../../formats/roads/datex.ts';
import { currentText } from '../../publications/content/translations.rules.ts';
import type { EventDocument } from '../../publications/event/event.content.ts';
import { kindOf, kindsInOrder } from '../../publications/kinds.ts';
import { alertsFeed } from './alerts-feed.ts';
import type { DocumentFormat, Feed } from './feed.ts';
import { documentsOf, eventLookup, type News, newsOfKind, soonestFirst } from './feed-documents.ts';
import { FEED_PARAMETERS } from './feed-filter.ts';
import { postFeeds } from './post-feeds.ts';
import { publicationsFeed } from './publications-feed.ts';

const [RSS, JSON_FEED] = ['application/rss+xml; charset=utf-8', 'application/feed+json; charset=utf-8'];
const [GEOJSON, XML] = ['application/geo+json', 'application/xml; charset=utf-8'];
const CALENDAR = 'text/calendar; charset=utf-8';

/** The map of each kind that has one. */
const MAPS = kindsInOrder.flatMap(({ name, map }): Feed[] =>
  map
    ? [
        {
          path: map.path,
          mediaType: GEOJSON,
          parameters: ['commune', ...(map.bySeverity ? (['severity'] as const) : []), 'language', 'mode'],
          write: ({ reads, filter, setting }) => geoJson(map, documentsOf(reads, filter, name, 'live'), setting),
        },
      ]
    : [],
);

/** Events in the order in which they start, with what has left the calendar's place. */
function calendarOf(news: readonly News<EventDocument>[], options: CalendarOptions): string {
  const departed = new Map(news.flatMap(({ document, departed }) => (departed ? [[document.id, departed]] : [])));
  return calendar(soonestFirst(news.map(({ document }) => document)), { ...options, departed });
}

/** Every feed over the documents of the board. A new format is a file in `formats/` and a row here. */
export const FEEDS: readonly Feed[] = [
  { path: '/feeds/publications.rss', mediaType: RSS, parameters: FEED_PARAMETERS, write: publicationsFeed(rss) },
  {
    path: '/feeds/publications.json',
    mediaType: JSON_FEED,
    parameters: FEED_PARAMETERS,
    write: publicationsFeed(jsonFeed),
  },
  {
    path: '/feeds/alerts.atom',
    mediaType: 'application/atom+xml; charset=utf-8',
    parameters: ['commune', 'severity', 'language', 'mode'],
    write: alertsFeed,
  },
  {
    path: '/feeds/events.ics',
    mediaType: CALENDAR,
    parameters: ['commune', 'language', 'mode'],
    write: ({ reads, filter, setting }) =>
      calendarOf(newsOfKind(reads, filter, 'EVENT', 'live or news'), {
        ...setting,
        now: reads.board.now,
        name: 'Événements en Essonne',
      }),
  },
  ...MAPS,
  {
    path: '/closures/cifs.xml',
    mediaType: XML,
    parameters: ['commune', 'mode'],
    write: ({ reads, filter }) =>
      cifs(documentsOf(reads, filter, 'CLOSURE', 'live or news'), reads.publicUrl, reads.board.now),
  },
  {
    path: '/closures/datex2.xml',
    mediaType: XML,
    parameters: ['commune', 'mode'],
    write: ({ reads, filter }) =>
      datex(documentsOf(reads, filter, 'CLOSURE', 'live or news'), {
        publicUrl: reads.publicUrl,
        eventOf: eventLookup(reads),
        now: reads.board.now,
      }),
  },
  ...postFeeds,
];

/** Every format of a single publication. */
export const DOCUMENT_FORMATS: readonly DocumentFormat[] = [
  {
    path: '/events/:file',
    ending: 'ics',
    mediaType: CALENDAR,
    write: (document, setting, now) => {
      const event = kindOf(document.kind).calendarEvent?.(document);
      return event && calendar([event], { ...setting, now, name: currentText(event.texts, setting.language).headline });
    },
    missing: (file) => `there is no event ${file}`,
  },
  {
    path: '/publications/:file(^[0-9a-f-]{36}\\.jsonld$)',
    ending: 'jsonld',
    mediaType: 'application/ld+json',
    write: (document, setting) => linkedDataText(linkedData(document, setting)),
    missing: (file) => `there is no publication ${file.slice(0, 36)}`,
  },
];

import { instant } from '../clock.ts';
import { endedEarlyAt } from '../publications/closure/closure.rules.ts';
import { CLOSURE_WORDS } from '../publications/closure/closure.words.ts';
import { PUBLISHER } from '../publications/content/content.ts';
import { hazardLabel } from '../publications/content/hazards.ts';
import { currentText } from '../publications/content/translations.rules.ts';
import type { CorrectionDocument } from '../publications/correction/correction.content.ts';
import { ratingOf } from '../publications/correction/correction.rules.ts';
import { CORRECTION_WORDS } from '../publications/correction/correction.words.ts';
import type { PublicDocument } from '../publications/document.ts';
import type { EventDocument } from '../publications/event/event.content.ts';
import type { Territory } from '../territory/territory.ts';
import type { FormatSetting } from './setting.ts';
import { textOf } from './text/blocks.ts';
import { endingOf } from './text/ending.ts';
import { wordingFor } from './text/wording.ts';

const CONTEXT = 'https://schema.org';
const publisher = { '@type': 'GovernmentOrganization', name: PUBLISHER };

/**
 * A publication as search engines and assistants read it, in schema.org's words: a SpecialAnnouncement, an Event or a
 * ClaimReview. A correction that was withdrawn reviews nothing any more, and is a CreativeWork.
 */
export function linkedData(document: PublicDocument, options: FormatSetting): object {
  if (document.kind === 'EVENT') return event(document, options);
  if (document.kind !== 'CORRECTION') return announcement(document, options);
  return document.cancelled
    ? {
        ...common(document, options),
        '@type': 'CreativeWork',
        creativeWorkStatus: 'Withdrawn',
        expires: document.cancelled.at,
      }
    : claimReview(document, options);
}

/** Linked data as text that may stand in an HTML script element: nothing in it can end the element. */
export const linkedDataText = (data: object): string => JSON.stringify(data).replaceAll('<', '\\u003c');

function common(document: PublicDocument, { publicUrl, language }: FormatSetting) {
  const text = currentText(document.texts, language);
  // An event that is cancelled keeps its name: schema.org has a status for it.
  const ending = document.kind === 'EVENT' ? undefined : endingOf(document, text, wordingFor(text.language));
  const url = `${publicUrl}/publications/${document.id}`;
  return {
    '@context': CONTEXT,
    '@id': url,
    url,
    name: ending?.title ?? text.headline,
    inLanguage: ending?.language ?? text.language,
    datePublished: document.publishedAt,
    dateModified: document.cancelled?.at ?? document.allClear?.at ?? document.revisedAt,
    publisher,
    version: document.revision,
  };
}

function announcement(
  document: Exclude<PublicDocument, EventDocument | CorrectionDocument>,
  options: FormatSetting,
): object {
  const text = currentText(document.texts, options.language);
  const ended =
    document.kind === 'CLOSURE' ? endedEarlyAt(document) : (document.cancelled?.at ?? document.allClear?.at);
  const expires = ended ?? document.endsAt;
  const ending = endingOf(document, text, wordingFor(text.language));
  return {
    ...common(document, options),
    '@type': 'SpecialAnnouncement',
    category:
      'hazard' in document
        ? hazardLabel(document.hazard, text.language)
        : CLOSURE_WORDS[wordingFor(text.language).tongue].restrictions[document.restriction],
    // What no longer holds must not be found as if it did.
    text: ending ? textOf(ending.blocks) : [text.description, text.instruction].filter(Boolean).join('\n\n'),
    datePosted: document.revisedAt,
    ...(expires ? { expires } : {}),
    ...placesOf(document, options),
    webFeed: `${options.publicUrl}/feeds/publications.rss`,
  };
}

const STATUS = {
  SCHEDULED: 'EventScheduled',
  POSTPONED: 'EventPostponed',
  RESCHEDULED: 'EventRescheduled',
  CANCELLED: 'EventCancelled',
} as const;

function event(document: EventDocument, options: FormatSetting): object {
  const { description } = currentText(document.texts, options.language);
  const isOff =
    document.cancelled || (document.allClear && instant(document.allClear.at) <= instant(document.startsAt));
  const status = { eventStatus: `${CONTEXT}/${STATUS[isOff ? 'CANCELLED' : document.eventStatus]}` };
  const location = document.areas.map((area) => place(area.description, area.communes, options.territory));
  return {
    ...common(document, options),
    '@type': 'Event',
    description,
    startDate: document.startsAt,
    endDate: document.endsAt,
    eventAttendanceMode: `${CONTEXT}/OfflineEventAttendanceMode`,
    ...status,
    location,
    ...(document.organiser ? { organizer: { '@type': 'Organization', name: document.organiser } } : {}),
    subEvent: document.passages.map(({ label, commune, expectedFrom, expectedTo }) => ({
      '@type': 'Event',
      name: label,
      startDate: expectedFrom,
      ...(expectedTo ? { endDate: expectedTo } : {}),
      ...status,
      location: commune ? place(label, [commune], options.territory) : location,
    })),
  };
}

function claimReview(document: CorrectionDocument, options: FormatSetting): object {
  const rating = ratingOf(document.verdict);
  return {
    ...common(document, options),
    '@type': 'ClaimReview',
    claimReviewed: document.claim,
    reviewBody: document.explanation,
    author: publisher,
    itemReviewed: { '@type': 'Claim', name: document.claim },
    reviewRating: {
      '@type': 'Rating',
      alternateName: CORRECTION_WORDS[wordingFor(options.language).tongue].verdicts[document.verdict],
      // Verdicts outside the scale have words alone.
      ...(rating === null ? {} : { ratingValue: rating, bestRating: 5, worstRating: 1 }),
    },
    citation: document.evidence.map(({ label, url }) => ({ '@type': 'CreativeWork', name: label, url })),
  };
}

const placesOf = ({ communes }: PublicDocument, { territory }: FormatSetting): object =>
  communes.length === 0
    ? {}
    : {
        spatialCoverage: territory
          .communesOf(communes)
          .map(({ name, code }) => ({ '@type': 'AdministrativeArea', name, identifier: code })),
      };

function place(name: string, codes: readonly string[], territory: Territory): object {
  const [first] = territory.communesOf(codes);
  const address = { '@type': 'PostalAddress', addressRegion: 'Essonne', addressCountry: 'FR' };
  const [postalCode] = first?.postalCodes ?? [];
  return {
    '@type': 'Place',
    name,
    address: first ? { ...address, addressLocality: first.name, ...(postalCode ? { postalCode } : {}) } : address,
  };
}

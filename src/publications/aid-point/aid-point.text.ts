import { type Block, paragraph, titledList } from '../content/block.ts';
import { formatDateTime } from '../content/date-time.ts';
import type { Tongue } from '../content/tongue.ts';
import { readableText } from '../content/translations.rules.ts';
import type { TextFace } from '../kind/text.ts';
import type { AidPointDocument } from './aid-point.content.ts';
import { AID_POINT_WORDS } from './aid-point.words.ts';

/** The last observation in words, without its time; null where nobody has looked yet: "Ouvert, 12 places libres sur 100". */
export function statusOf({ observed, capacity }: AidPointDocument, tongue: Tongue): string | null {
  const { statuses, free } = AID_POINT_WORDS[tongue];
  const { status, freePlaces } = observed;
  if (status === 'UNKNOWN') return null;
  return status !== 'OPEN' || freePlaces === null
    ? statuses[status]
    : `${statuses.OPEN}, ${free(freePlaces, capacity)}`;
}

/** The same with the time at which it was seen. */
function seenOf(document: AidPointDocument, tongue: Tongue): string | null {
  const status = statusOf(document, tongue);
  const { at } = document.observed;
  return status && at && AID_POINT_WORDS[tongue].seen(status, formatDateTime('full', tongue, at));
}

/** A line such as "Horaires : jour et nuit"; none where there is no text. */
const line = (title: string, text: string | null | undefined, tongue: Tongue): string[] =>
  text ? [`${title}${AID_POINT_WORDS[tongue].colon}${text}`] : [];

export const hoursOf = (document: AidPointDocument, language: string, tongue: Tongue): string[] =>
  line(AID_POINT_WORDS[tongue].openingHours, readableText(document.details, language)?.openingHours, tongue);

/** The help there is, and for whom. */
export function offerOf(document: AidPointDocument, language: string, tongue: Tongue): Block[] {
  const words = AID_POINT_WORDS[tongue];
  const { purposes, capacity, wheelchair } = document;
  const { audience, accessibility } = readableText(document.details, language) ?? {};
  return [
    ...titledList(words.purpose, [
      ...purposes.map((purpose) => words.purposes[purpose]),
      ...(capacity === null ? [] : [words.capacity(capacity)]),
    ]),
    ...titledList(words.practical, [
      ...line(words.audience, audience, tongue),
      ...line(words.accessibility, accessibility, tongue),
      ...(wheelchair ? [words.wheelchair[wheelchair]] : []),
    ]),
  ];
}

/** The donations, each list in a sentence: first those that nobody needs any more. */
export function donationsOf(document: AidPointDocument, language: string, tongue: Tongue): string[] {
  const { wanted = [], unwanted = [] } = readableText(document.details, language) ?? {};
  const words = AID_POINT_WORDS[tongue];
  return [...line(words.unwanted, unwanted.join(', '), tongue), ...line(words.wanted, wanted.join(', '), tongue)];
}

export const whereIs = ({ place, address }: Pick<AidPointDocument, 'place' | 'address'>): string =>
  `${place}, ${address}`;

export const aidPointText: TextFace<AidPointDocument> = {
  lead: (document, { language }, tongue) =>
    [
      seenOf(document, tongue),
      whereIs(document),
      ...hoursOf(document, language, tongue),
      ...donationsOf(document, language, tongue),
    ].flatMap(paragraph),
  details: (document, { language }, tongue) => offerOf(document, language, tongue),
  tags: ({ purposes }, tongue) => {
    const { kind, purposes: names } = AID_POINT_WORDS[tongue];
    return [kind, ...purposes.map((purpose) => names[purpose])];
  },
};

/** The words of a place that takes nobody any more. */
export function shutText(document: AidPointDocument, tongue: Tongue): { title: string; blocks: Block[] } {
  const { colon, elsewhere } = AID_POINT_WORDS[tongue];
  return {
    title: `${statusOf(document, tongue)}${colon}${document.place}`,
    blocks: [seenOf(document, tongue), document.observed.note, whereIs(document), elsewhere].flatMap(paragraph),
  };
}

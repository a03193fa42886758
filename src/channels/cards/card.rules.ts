import type { PublicDocument } from '../../publications/document.ts';
import { VIGILANCE } from '../../publications/vocabulary.ts';
import type { GeoJsonGeometry } from '../../territory/geometry.rules.ts';
import type { Territory } from '../../territory/territory.ts';
import { type PostFacts, postFacts } from '../social/facts.rules.ts';
import { oneLine, shorten } from '../social/fit.rules.ts';
import { placeForms } from '../social/place.rules.ts';
import type { PostWords } from '../social/words.ts';

/** The pictures that go with posts: their names in addresses, and their pixels. */
export const CARD_SIZES = { wide: { width: 1200, height: 630 }, square: { width: 1080, height: 1080 } } as const;
export type CardSize = keyof typeof CARD_SIZES;

export const CARD_COLOURS = ['GREEN', 'YELLOW', 'ORANGE', 'RED', 'BLUE', 'GREY'] as const;
export type CardColour = (typeof CARD_COLOURS)[number];

/** What a card shows: plain values alone, so that a worker can be handed it. */
export interface CardContent {
  size: CardSize;
  language: string;
  colour: CardColour;
  /** EXERCICE or TEST; null in earnest. */
  mark: string | null;
  title: string;
  headline: string;
  /** Fullest form first; the last names one commune at least. */
  places: string[];
  window: string | null;
  /** Who says so, and when. */
  foot: string;
  /** INSEE codes of the communes to be coloured. */
  communes: string[];
  /** The road that is closed; null for all else. */
  path: GeoJsonGeometry | null;
  /** Said under the map where outlines are cells around centres; null where they are official. */
  note: string | null;
}

const MOST_PLACES = 12;
const LONGEST_HEADLINE = 220;

/**
 * What a card of a document shows, in one of its languages. It holds for as long as the revision does: nothing in it depends
 * on the clock, or on what is seen on the ground meanwhile.
 */
export function cardContent(
  document: PublicDocument,
  territory: Territory,
  language: string,
  size: CardSize,
): CardContent {
  const facts = postFacts(document, language, 'UPCOMING');
  const { words } = facts;
  return {
    size,
    language: facts.language,
    colour: colourOf(document, facts),
    mark: facts.mark,
    title: facts.title[0] ?? '',
    headline: shorten(headlineOf(facts), LONGEST_HEADLINE),
    places: placeForms(document, territory, words, MOST_PLACES),
    window: facts.window[0] ?? null,
    foot: footOf(document, words),
    communes: document.communes,
    path: document.kind === 'CLOSURE' ? document.path : null,
    note: territory.approximate ? words.approximate : null,
  };
}

/** Whether the letters of a text are ones that the cards' fonts have: Latin, Greek, Cyrillic. */
export const hasLetters = (text: string): boolean =>
  !/[^\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\P{L}]/v.test(text);

/** A correction's headline may be left out, since it is the rumour: what it says of it stands in its place. */
const headlineOf = ({ headline, body }: PostFacts): string =>
  headline || oneLine(body.find(({ cut }) => cut !== null)?.text ?? '');

function colourOf(document: PublicDocument, { phase }: PostFacts): CardColour {
  if (phase === 'CANCELLED') return 'GREY';
  if (phase === 'ALL_CLEAR' || phase === 'REOPENED') return 'GREEN';
  return document.kind === 'ALERT' ? VIGILANCE[document.severity] : 'BLUE';
}

function footOf(document: PublicDocument, words: PostWords): string {
  const at = document.cancelled?.at ?? document.allClear?.at ?? document.revisedAt;
  const said = new Intl.DateTimeFormat(words.locale, {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'Europe/Paris',
  }).format(new Date(at));
  return `${shorten(oneLine(document.source.name), 60)} · ${said}`;
}

/** What a card shows, for those who do not see it. At most 1,000 characters, as the networks want it. */
export function cardAlt(content: CardContent, words: PostWords): string {
  const { mark, title, headline, places, window, foot } = content;
  const lead = mark ? `${mark} – ${title}` : title;
  const sentences = [lead, headline, words.mapOf(places.at(0) ?? ''), window, foot];
  return shorten(
    sentences
      .filter((sentence) => sentence)
      .map((sentence) => `${sentence}`.replace(/[.\s]*$/, '.'))
      .join(' '),
    1_000,
  );
}

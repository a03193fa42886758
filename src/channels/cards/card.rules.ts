import { formatDateTime } from '../../publications/content/date-time.ts';
import type { PublicDocument } from '../../publications/document.ts';
import { kindOf } from '../../publications/kinds.ts';
import { groundNewsOf, newsAt } from '../../publications/news.rules.ts';
import { VIGILANCE } from '../../publications/vocabulary.ts';
import type { GeoJsonGeometry } from '../../territory/geometry.rules.ts';
import type { Territory } from '../../territory/territory.ts';
import { oneLine, shorten } from '../social/fitting/fit.rules.ts';
import { type PostFacts, postFacts } from '../social/posts/facts.rules.ts';
import { placeForms } from '../social/posts/place.rules.ts';
import type { PostWords } from '../social/posts/words.ts';

/** The pictures that go with posts: their names in addresses, and their pixels. */
export const CARD_SIZES = { wide: { width: 1200, height: 630 }, square: { width: 1080, height: 1080 } } as const;
export type CardSize = keyof typeof CARD_SIZES;

export const CARD_COLOURS = ['GREEN', 'YELLOW', 'ORANGE', 'RED', 'BLUE', 'GREY'] as const;
export type CardColour = (typeof CARD_COLOURS)[number];

/** The content of a card: plain values alone, so that it can be sent to a worker. */
export interface CardContent {
  size: CardSize;
  language: string;
  colour: CardColour;
  /** EXERCICE or TEST; null in earnest. */
  mark: string | null;
  /** The kind and the gravity. Of each list the fullest form comes first. */
  titles: string[];
  headline: string;
  /** The last names one commune at least. */
  places: string[];
  /** When it holds; empty where that is open. */
  windows: string[];
  /** The source, and when it said so. */
  feet: string[];
  /** INSEE codes of the communes to be coloured. */
  communes: string[];
  /** A line to be drawn, such as the road that is closed. */
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
    titles: facts.title.map((title) => (facts.mark ? `${facts.mark} – ${title}` : title)),
    headline: shorten(headlineOf(facts), LONGEST_HEADLINE),
    places: placeForms(document, territory, words, MOST_PLACES),
    windows: facts.window,
    feet: feetOf(document, words),
    communes: isEverywhere(document) ? territory.communes.map(({ code }) => code) : document.communes,
    path: kindOf(document.kind).cardLine?.(document) ?? null,
    note: territory.approximate ? words.approximate : null,
  };
}

/** Whether the letters of a text are ones that the cards' fonts have: Latin, Greek, Cyrillic. */
export const hasLetters = (text: string): boolean =>
  !/[^\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\P{L}]/v.test(text);

/** A correction's headline may be left out, since it is the rumour: its first explanation stands in its place. */
const headlineOf = ({ headline, body }: PostFacts): string =>
  headline || oneLine(body.find(({ cut }) => cut !== null)?.text ?? '');

function colourOf(document: PublicDocument, { phase }: PostFacts): CardColour {
  if (phase === 'CANCELLED') return 'GREY';
  if (phase === 'ALL_CLEAR') return 'GREEN';
  const seen = groundNewsOf(document);
  if (seen) return seen.good ? 'GREEN' : 'GREY';
  const danger = kindOf(document.kind).danger(document);
  return danger ? VIGILANCE[danger.severity] : 'BLUE';
}

/** A publication that names no place holds everywhere. */
const isEverywhere = ({ communes, areas }: PublicDocument): boolean => communes.length === 0 && areas.length === 0;

function feetOf(document: PublicDocument, words: PostWords): string[] {
  const said = formatDateTime('dated', words.tongue, newsAt(document));
  return [60, 40, 24].map((most) => `${shorten(oneLine(document.source.name), most)} · ${said}`);
}

/** A card's alternative text. At most 1,000 characters, as the networks want it. */
export function cardAlt(content: CardContent, words: PostWords): string {
  const { titles, headline, places, windows, feet } = content;
  const sentences = [titles[0], headline, words.mapOf(places[0] ?? ''), windows[0], feet[0]];
  return shorten(
    sentences
      .filter((sentence) => sentence)
      .map((sentence) => `${sentence}`.replace(/[.\s]*$/, '.'))
      .join(' '),
    1_000,
  );
}

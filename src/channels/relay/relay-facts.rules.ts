import { decisionLineOf } from '../../publications/decision/decision-line.ts';
import { signedLineOf } from '../../publications/decision/signed.rules.ts';
import type { PublicDocument } from '../../publications/document.ts';
import { kindOf } from '../../publications/kinds.ts';
import type { PublicState } from '../../publications/vocabulary.ts';
import type { Territory } from '../../territory/territory.ts';
import { oneLine, sentencesOf } from '../social/fitting/fit.rules.ts';
import { type PostFacts, postFacts } from '../social/posts/facts.rules.ts';
import { placeForms } from '../social/posts/place.rules.ts';

/** The facts that a town hall passes on of a document, before any form of it is cut. Every list of forms: fullest first. */
export interface RelayFacts {
  post: PostFacts;
  /** Its headline; empty where that must not stand, or says in the present what the clock has ended. */
  headline: string;
  /** Whether it holds no longer. */
  over: boolean;
  /** It, by what happened to it, what it is, and of what. */
  subjects: string[];
  /** The subject without the names of what it is about: no form loses it. */
  barest: string;
  /** The part that the subject leaves open: which event it is, how a rumour stands. Null where the subject says it all. */
  detail: string | null;
  /** The authority that decided it; null where nobody is named, and once it holds no longer. */
  decision: string | null;
  /** The organisations that published and approved it; null where they were not kept. */
  signed: string | null;
  /** Names of communes, so many at most. */
  places(most: number): string[];
  /** The orders, in the order in which it was written. None is ever cut; a part without sentences stands whole. */
  orders: string[];
  /** Whether there are more orders than any form has room for. */
  moreOrders: boolean;
}

/** The most orders, and the most signs of them, that any form has room for: what comes after them is not even looked at. */
const [MOST_ORDERS, MOST_SIGNS] = [24, 2_000];

/** The facts of a document as it stands now, in the language asked for, or the nearest to it. */
export function relayFacts(
  document: PublicDocument,
  state: PublicState,
  language: string,
  territory: Territory,
): RelayFacts {
  const post = postFacts(document, language, state);
  const { words, phase, title, headline, body } = post;
  const { what, about } = kindOf(document.kind).post.subject(document, { phase, tongue: words.tongue });
  const first = title[0] ?? what;
  const explained = body.find(({ cut }) => cut === 'word')?.text ?? '';
  const isStale = state === 'ENDED' && phase === 'REVISION' && about.length > 0;
  const barest = first.slice(0, first.indexOf(what) + what.length);
  const over = state === 'ENDED' || state === 'CANCELLED' || phase !== 'REVISION';
  return {
    post,
    over,
    decision: over ? null : decisionLineOf(document, words.tongue),
    signed: signedLineOf(document, words.tongue),
    subjects: [...new Set(title)],
    barest,
    headline: isStale ? '' : headline,
    detail: about.length === 0 ? headline || oneLine(explained) : null,
    places: (most) => placeForms(document, territory, words, most),
    ...ordersOf(post),
  };
}

function ordersOf({ body }: PostFacts): Pick<RelayFacts, 'orders' | 'moreOrders'> {
  const orders: string[] = [];
  let room = MOST_SIGNS;
  for (const { text, cut, repeatsRumour } of body) {
    if (cut === 'word' || repeatsRumour) continue;
    const looked = text.slice(0, room);
    const found = (cut === null ? [looked] : sentencesOf(looked)).map(oneLine);
    // Where the text goes on behind what is looked at, its last sentence there may go on, too.
    if (looked.length < text.length)
      return { orders: [...orders, ...found.slice(0, -1)].slice(0, MOST_ORDERS), moreOrders: true };
    orders.push(...found);
    room -= looked.length;
  }
  return { orders: orders.slice(0, MOST_ORDERS), moreOrders: orders.length > MOST_ORDERS };
}

/** The orders that a form may begin with: all of them, then ever fewer; each says whether it is all. */
export const ordersToTry = <T>(orders: readonly T[], { moreOrders }: RelayFacts): { orders: T[]; whole: boolean }[] =>
  orders.map((_, index) => ({ orders: orders.slice(0, orders.length - index), whole: index === 0 && !moreOrders }));

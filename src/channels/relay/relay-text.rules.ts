import { fitLines, type Line, oneLine, shorten } from '../social/fitting/fit.rules.ts';
import type { RelayFacts } from './relay-facts.rules.ts';

/** The title that apps of towns show in a list. */
export const LONGEST_TITLE = 50;
/** The beginning that a phone shows of a notice without opening it. */
export const BEGINNING = 120;
export const LONGEST_BODY = 1_000;

/** The least that a headline must keep to be worth reading. */
const LEAST_DETAIL = 12;
/** The most that a place takes of the beginning. */
const LONGEST_PLACE = 50;

const before = ({ post: { mark } }: RelayFacts): string => (mark ? `${mark} – ` : '');

/** The subject and the place, the mark of an exercise and what happened to it first; cut at a word where even that is too long. */
export function relayTitle(facts: RelayFacts): string {
  const { post, subjects, barest, detail } = facts;
  const fits = (title: string) => title.length <= LONGEST_TITLE;
  const marked = (title: string) => `${before(facts)}${title}`;
  const withPlace = detail === null ? subjects.flatMap((s) => facts.places(2).map((place) => `${s} – ${place}`)) : [];
  const found = [...withPlace, ...subjects].map(marked).find(fits) ?? shorten(marked(barest), LONGEST_TITLE);
  const start = `${found} – `;
  if (detail === null || !post.headline || start.length + LEAST_DETAIL > LONGEST_TITLE) return found;
  return `${start}${shorten(post.headline, LONGEST_TITLE - start.length)}`;
}

/** A sentence ends with its own sign, or with a full stop. */
const stopped = (text: string): string => (/[.!?…]$/u.test(text) ? text : `${text}.`);

/** The first sentences, which stand alone: what, where, what to do, until when; the last two where there is room. */
function beginning(facts: RelayFacts): string {
  const { post, subjects, barest, detail, orders } = facts;
  const places = facts.places(2);
  const place = shorten(places.at(-1) ?? '', LONGEST_PLACE);
  const room = BEGINNING - stopped(place).length - 1;
  const shortest = [subjects.at(-1) ?? barest, barest].map((subject) => stopped(`${before(facts)}${subject}`));
  const what = shortest.find(({ length }) => length <= room) ?? shorten(shortest.at(-1) ?? '', room);
  let said = `${what} ${stopped(place)}`;
  const add = (text: string): boolean => {
    const longer = `${said} ${stopped(text)}`;
    if (longer.length > BEGINNING) return false;
    said = longer;
    return true;
  };
  if (detail) add(detail);
  for (const order of orders) if (!add(order)) break;
  const until = post.window.at(-1);
  if (until) add(until);
  return said;
}

/** The text that goes with the title: its first line stands alone, the rest says everything as far as there is room. */
export function relayBody(facts: RelayFacts, url: string): string {
  const { post, places } = facts;
  const { words, source } = post;
  const first = beginning(facts);
  const unlessSaid = (forms: readonly string[]) => (first.includes(oneLine(forms[0] ?? '')) ? [''] : [...forms, '']);
  const lines: Line[] = [
    { forms: [first], rank: 0 },
    { forms: unlessSaid([facts.headline]), rank: 1, cut: 'word' },
    { forms: unlessSaid(places(12)), rank: 3 },
    { forms: unlessSaid(post.window), rank: 2 },
    ...post.body.map(
      ({ text, cut }, index): Line => ({
        forms: unlessSaid([text]),
        rank: 7 + index,
        least: 30,
        ...(cut ? { cut } : {}),
      }),
    ),
    { forms: [facts.decision ?? '', ''], rank: 4 },
    { forms: post.outdated ? words.outdated : [''], rank: 5 },
    { forms: source ? [`${words.source}${words.colon} ${shorten(source, 60)}`, ''] : [''], rank: 4 },
    { forms: [facts.signed ?? '', ''], rank: 7 + post.body.length },
    { forms: [url, ''], rank: 6 },
  ];
  // Without its link it fits in any case.
  return fitLines(lines, ({ length }) => length <= LONGEST_BODY) ?? first;
}

import type { TextContent } from '../../../publications/content/content.ts';
import { type DateForm, formatDateTime, formatEnd } from '../../../publications/content/date-time.ts';
import { bestText, isOutdated } from '../../../publications/content/translations.rules.ts';
import type { PublicDocument } from '../../../publications/document.ts';
import type { Departed } from '../../../publications/ending/departed.rules.ts';
import type { PostNews, PostPart, PostText } from '../../../publications/kind/post.ts';
import { kindOf } from '../../../publications/kinds.ts';
import { newsRevisionOf, phaseOf } from '../../../publications/news.rules.ts';
import type { NewsPhase, PublicState } from '../../../publications/vocabulary.ts';
import type { Territory } from '../../../territory/territory.ts';
import { oneLine, shorten, steady } from '../fitting/fit.rules.ts';
import { placeInShort } from './place.rules.ts';
import { type PostWords, postWords } from './words.ts';

/** What a post or a card says of a document in one language, before anything is cut. Every list: fullest first. */
export interface PostFacts {
  /** The language of the words, which may be another than was asked for. */
  language: string;
  words: PostWords;
  phase: NewsPhase;
  outdated: boolean;
  /** EXERCICE or TEST; null in earnest. */
  mark: string | null;
  /** What it is and how grave: what no post may lose. */
  title: string[];
  headline: string;
  body: PostPart[];
  window: string[];
  tags: string[];
  /** Who is relayed; null for our own words. */
  source: string | null;
}

const TERRITORY_TAG = 'Essonne';

/** The readers of a post that the publication has left. */
export interface PostDeparture {
  departed: Departed;
  territory: Territory;
}

/** The facts of a document in the language asked for, or the nearest to it; for readers that it has left, that it did. */
export function postFacts(
  document: PublicDocument,
  wished: string,
  state: PublicState,
  departure?: PostDeparture,
): PostFacts {
  const texts = (departure ? undefined : document.allClear?.texts) ?? document.texts;
  const text = bestText(texts, wished);
  if (!text) throw new Error('a published document without French text');
  const words = postWords(text.language);
  const news: PostNews = { phase: departure ? 'LEFT' : phaseOf(document), tongue: words.tongue };
  const mark = document.mode === 'ACTUAL' ? null : words.mark[document.mode];
  const { headline, body } = textOf(document, text, news, state);
  const lead = departure ? departureLead(departure, words) : leadOf(document, words, news, state);
  return {
    language: text.language,
    words,
    phase: news.phase,
    outdated: isOutdated(text, texts),
    mark,
    title: titleOf(document, words, news, lead),
    headline: withoutMark(headline),
    body: body.map((part) => ({ ...part, text: steady(part.text) })).filter(({ text }) => text !== ''),
    window: windowOf(document, words, news.phase, state),
    tags: mark ? [] : [...kindOf(document.kind).post.tags(document), TERRITORY_TAG],
    source: document.source.relayed ? oneLine(document.source.name) : null,
  };
}

const withoutMark = (headline: string): string =>
  oneLine(headline.replace(/^(?:EXERCICE|EXERCISE|TEST)\b[\s:–—-]*/, ''));

function textOf(document: PublicDocument, text: TextContent, news: PostNews, state: PublicState): PostText {
  const words = kindOf(document.kind).post.words;
  // Instructions are not for readers whom it no longer concerns.
  if (news.phase === 'LEFT') return { headline: words(document, text, news).headline, body: [] };
  if (document.cancelled) return { headline: document.cancelled.reason, body: [] };
  const said = words(document, text, news);
  // The clock ends orders, too; people who end a publication say what holds from now on.
  return state === 'ENDED' && news.phase === 'REVISION' ? { ...said, body: [] } : said;
}

/** How many characters of the fullest name of a subject a title takes, and of its shorter ones. */
const [LONGEST_NAME, LONGEST_SHORT_NAME] = [120, 40];

function titleOf(document: PublicDocument, words: PostWords, news: PostNews, lead: string | null): string[] {
  const { what, about } = kindOf(document.kind).post.subject(document, news);
  const names = about.map((name, index) => shorten(oneLine(name), index === 0 ? LONGEST_NAME : LONGEST_SHORT_NAME));
  const forms = names.length > 0 ? names.map((name) => `${what}${words.colon} ${name}`) : [what];
  return lead ? forms.map((form) => `${lead} · ${form}`) : forms;
}

const departureLead = ({ departed: { communes }, territory }: PostDeparture, words: PostWords): string =>
  communes.length > 0 ? words.left(placeInShort(communes, territory, words)) : words.lowered;

/** What happened to it: said first. */
function leadOf(document: PublicDocument, words: PostWords, news: PostNews, state: PublicState): string | null {
  const { withdrawn, subjectSaysItIsOver } = kindOf(document.kind).post;
  if (news.phase === 'CANCELLED') return withdrawn?.(news.tongue) ?? words.withdrawn;
  if (news.phase === 'ALL_CLEAR') return subjectSaysItIsOver ? null : words.over;
  if (state === 'ENDED') return words.over;
  return news.phase === 'REVISION' && newsRevisionOf(document) > 1 ? words.update : null;
}

/** When it holds, in words; nothing where it no longer does, or will not on the days that it names. */
function windowOf(document: PublicDocument, words: PostWords, phase: NewsPhase, state: PublicState): string[] {
  const { endsAt } = document;
  const startsAt = state === 'UPCOMING' ? document.startsAt : null;
  if (phase !== 'REVISION' || state === 'ENDED' || !(startsAt || endsAt)) return [];
  if (kindOf(document.kind).post.isOff?.(document)) return [];
  const from = (form: DateForm) => startsAt && formatDateTime(form, words.tongue, startsAt);
  if (!endsAt) return [`${words.onwards} ${from('long')}`];
  return (['long', 'short'] as const).map((form) => {
    const [start, end] = [from(form), formatEnd(form, words.tongue, endsAt)];
    return start ? words.fromTo(start, end) : `${words.until} ${end}`;
  });
}

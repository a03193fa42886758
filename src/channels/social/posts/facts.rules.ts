import type { ClosureDocument } from '../../../publications/closure/closure.content.ts';
import { hazardLabel } from '../../../publications/content/hazards.ts';
import { bestText, isStale } from '../../../publications/content/translations.rules.ts';
import type { CorrectionDocument } from '../../../publications/correction/correction.content.ts';
import type { PublicDocument } from '../../../publications/document.ts';
import { phaseOf } from '../../../publications/news.rules.ts';
import type { NewsPhase, PublicState } from '../../../publications/vocabulary.ts';
import { oneLine, shorten, steady } from '../fitting/fit.rules.ts';
import { HAZARD_TAGS, type PostWords, postWords } from './words.ts';

/** What a post or a card says of a document in one language, before anything is cut. Every list: fullest first. */
export interface PostFacts {
  /** The language of the words, which may be another than was asked for. */
  language: string;
  words: PostWords;
  phase: NewsPhase;
  stale: boolean;
  /** EXERCICE or TEST; null in earnest. */
  mark: string | null;
  /** What it is and how grave: what no post may lose. */
  title: string[];
  headline: string;
  body: BodyPart[];
  window: string[];
  tags: string[];
  /** Who is relayed; null for our own words. */
  source: string | null;
}

/** What to do is cut between sentences alone; what repeats a rumour before it answers it, not at all. */
export interface BodyPart {
  text: string;
  cut: 'sentence' | 'word' | null;
}

interface Words {
  headline: string;
  description: string;
  instruction: string | null;
}

/** What a document says in the language asked for, or the nearest to it. */
export function postFacts(document: PublicDocument, wished: string, state: PublicState): PostFacts {
  const phase = phaseOf(document);
  const texts = document.allClear?.texts ?? document.texts;
  const text = bestText(texts, wished);
  if (!text) throw new Error('a published document without French text');
  const words = postWords(text.language);
  const mark = document.mode === 'ACTUAL' ? null : words.mark[document.mode];
  const told = wordsTold(document, text, words, phase);
  return {
    language: text.language,
    words,
    phase,
    stale: isStale(text, texts),
    mark,
    title: titleOf(document, words, { phase, ended: state === 'ENDED', language: text.language }),
    headline: withoutMark(told.headline),
    body: told.body.map(({ text, cut }) => ({ text: steady(text), cut })).filter(({ text }) => text !== ''),
    window: windowOf(document, words, phase, state),
    tags: mark ? [] : tagsOf(document),
    source: document.source.relayed ? oneLine(document.source.name) : null,
  };
}

const withoutMark = (headline: string): string =>
  oneLine(headline.replace(/^(?:EXERCICE|EXERCISE|TEST)\b[\s:–—-]*/, ''));

interface Told {
  headline: string;
  body: BodyPart[];
}

const part = (text: string | null, cut: BodyPart['cut']): BodyPart => ({ text: text ?? '', cut });

function wordsTold(
  document: PublicDocument,
  text: Words & { language: string },
  words: PostWords,
  phase: NewsPhase,
): Told {
  if (phase === 'CANCELLED') return { headline: document.cancelled?.reason ?? '', body: [] };
  if (document.kind === 'CORRECTION') return correctionTold(document, text, phase);
  if (document.kind === 'CLOSURE' && phase === 'REOPENED')
    return { headline: seen(document, words), body: [part(document.observed.note, 'word')] };
  const notStarted =
    document.kind === 'CLOSURE' && document.observed.state === 'NOT_STARTED' ? `${words.notStarted}.` : '';
  const dos = document.kind === 'ADVICE' ? (bestText(document.items, text.language)?.dos ?? []) : [];
  return {
    headline: text.headline,
    body: [
      part(notStarted, null),
      part(text.instruction, 'sentence'),
      part(dos.join(' '), 'sentence'),
      part(text.description, 'word'),
    ],
  };
}

/** The rumour is never told as if it were so: the verdict leads, and what repeats the claim is told whole or not at all. */
function correctionTold(document: CorrectionDocument, text: Words & { language: string }, phase: NewsPhase): Told {
  const claim = letters(document.claim);
  const repeats = (told: string) => letters(told).includes(claim) || claim.includes(letters(told));
  const explanation = text.language.startsWith('fr') && phase === 'REVISION' ? document.explanation : '';
  const body = [...new Set([explanation, text.description])];
  return {
    headline: repeats(text.headline) ? '' : text.headline,
    body: body.map((told) => part(told, repeats(told) ? null : 'word')),
  };
}

const letters = (text: string): string =>
  text
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');

const seen = ({ observed }: ClosureDocument, words: PostWords): string =>
  observed.at ? `${words.seen} ${moment(words, observed.at, LONG)}` : '';

interface Saying {
  phase: NewsPhase;
  ended: boolean;
  language: string;
}

function titleOf(document: PublicDocument, words: PostWords, { phase, ended, language }: Saying): string[] {
  const [what, ...subjects] = subjectOf(document, words, phase, language);
  const before = leadOf(document, words, phase, ended);
  const forms = subjects.length > 0 ? subjects.map((subject) => `${what}${words.colon} ${subject}`) : [what];
  return forms.map((form) => (before ? `${before} · ${form}` : (form ?? '')));
}

/** What happened to it: said first. */
function leadOf(document: PublicDocument, words: PostWords, phase: NewsPhase, ended: boolean): string | null {
  if (phase === 'CANCELLED') return document.kind === 'ALERT' ? words.alertCancelled : words.withdrawn;
  if (phase === 'ALL_CLEAR') return document.kind === 'ALERT' ? null : words.over;
  if (ended) return words.over;
  if (phase === 'REOPENED') return null;
  return document.revision > 1 ? words.update : null;
}

/** What it is, then of what: the longer name, then the shorter. */
function subjectOf(document: PublicDocument, words: PostWords, phase: NewsPhase, language: string): string[] {
  switch (document.kind) {
    case 'ALERT': {
      const gravity = phase === 'ALL_CLEAR' ? words.gravityOver : words.gravity;
      return [gravity[document.severity], hazardLabel(document.hazard, language).toLocaleLowerCase(words.locale)];
    }
    case 'ADVICE':
      return [words.advice, hazardLabel(document.hazard, language).toLocaleLowerCase(words.locale)];
    case 'CLOSURE':
      return [phase === 'REOPENED' ? words.reopened : words.restriction[document.restriction], ...roadsOf(document)];
    case 'EVENT':
      return [words.eventStatus[document.eventStatus]];
    case 'CORRECTION':
      return [words.verdict[document.verdict]];
  }
}

function roadsOf({ roads }: ClosureDocument): string[] {
  const full = roads.map(({ name, number }) => (number ? `${number} (${name})` : name)).join(', ');
  const short = [...new Set(roads.map(({ name, number }) => number ?? name))].join(', ');
  return [shorten(oneLine(full), 120), shorten(oneLine(short), 40)];
}

interface Format {
  weekday?: 'long' | 'short';
  day: 'numeric';
  month: 'long' | 'short';
  hour: '2-digit';
  minute: '2-digit';
}
const LONG: Format = { weekday: 'long', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' };
const SHORT: Format = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' };
const formats = new Map<string, Intl.DateTimeFormat>();

function moment({ locale }: PostWords, at: string, format: Format): string {
  const key = `${locale} ${format.month}`;
  const known = formats.get(key) ?? new Intl.DateTimeFormat(locale, { ...format, timeZone: 'Europe/Paris' });
  formats.set(key, known);
  return known.format(new Date(at)).replace(', ', locale === 'fr-FR' ? ' à ' : ', ');
}

/** When it holds, in words; nothing where it no longer does, or never will on the day that was told. */
function windowOf(document: PublicDocument, words: PostWords, phase: NewsPhase, state: PublicState): string[] {
  const { startsAt, endsAt } = document;
  if (phase !== 'REVISION' || state === 'ENDED' || !endsAt) return [];
  if (document.kind === 'EVENT' && (document.eventStatus === 'CANCELLED' || document.eventStatus === 'POSTPONED'))
    return [];
  return [LONG, SHORT].map((format) =>
    state === 'UPCOMING' && startsAt
      ? words.fromTo(moment(words, startsAt, format), moment(words, endsAt, format))
      : `${words.until} ${moment(words, endsAt, format)}`,
  );
}

function tagsOf(document: PublicDocument): string[] {
  switch (document.kind) {
    case 'ALERT':
    case 'ADVICE':
      return [HAZARD_TAGS[document.hazard] ?? '', 'Essonne'].filter((tag) => tag !== '');
    case 'CLOSURE':
      return ['InfoRoute', 'Essonne'];
    case 'CORRECTION':
      return ['StopRumeur', 'Essonne'];
    case 'EVENT':
      return ['Essonne'];
  }
}

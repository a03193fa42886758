import { formatDateTime, formatEnd } from '../../../publications/content/date-time.ts';
import type { PublicDocument } from '../../../publications/document.ts';
import { kindOf } from '../../../publications/kinds.ts';
import type { PublicState } from '../../../publications/vocabulary.ts';
import { oneLine } from '../../social/fitting/fit.rules.ts';
import type { RelayFacts } from '../relay-facts.rules.ts';
import { panelText } from './panel-letters.rules.ts';

/** Drivers read three pieces of information and seven words (IISR, article 147). */
const MOST_WORDS = 7;

/** A line's forms, fullest first; '' where it may be left out. */
type Forms = readonly string[];

/**
 * The lines of a panel on the road: what is so of it, when, and where. Null where it is no matter of traffic.
 * Letters are those of panels without accents.
 */
export function roadPanel(document: PublicDocument, state: PublicState, { post, places }: RelayFacts): string[] | null {
  const news = kindOf(document.kind).post.road?.(document, state);
  if (!news) return null;
  const mark = post.mark ? `${post.mark} ` : '';
  const names = [oneLine(news.roads.join(' '))];
  const what = [...names, ''].flatMap((name) => panelText(`${mark}${news.what} ${name}`, false) ?? []);
  const when = news.holds ? whenForms(document, state) : [''];
  const where = news.holds ? [panelText(places(1)[0] ?? '', false) ?? '', ''] : [''];
  return wordsToFit([what, when, where]);
}

/** When it begins, for what is to come; else when it ends. Of short dates the hour may go, never the day. */
function whenForms(document: PublicDocument, state: PublicState): string[] {
  const isToCome = state === 'UPCOMING' && document.startsAt !== null;
  if (!isToCome && !document.endsAt) return [''];
  const at = isToCome
    ? `le ${formatDateTime('short', 'fr', document.startsAt ?? '')}`
    : `jusqu’au ${formatEnd('short', 'fr', document.endsAt ?? '')}`;
  const [day = '', hour = ''] = (panelText(at.replace(/[\u00a0\u202f]/gu, ''), false) ?? '').split(' A ');
  // A road that is still open may never be called closed.
  return isToCome ? [`${day} ${hour}`, day] : [`${day} ${hour}`, day, ''];
}

const wordsIn = (lines: readonly string[]): number =>
  lines
    .join(' ')
    .split(/[ \u00a0]+/)
    .filter(Boolean).length;

/** By rank each line takes the fullest form that the lines after it leave room for. */
function wordsToFit(lines: readonly Forms[]): string[] {
  const chosen = lines.map((forms) => forms.at(-1) ?? '');
  lines.forEach((forms, index) => {
    chosen[index] = forms.find((form) => wordsIn(chosen.with(index, form)) <= MOST_WORDS) ?? chosen[index] ?? '';
  });
  return chosen.filter((line) => line !== '').map((line) => line.replaceAll('\u00a0', ' '));
}

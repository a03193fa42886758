import { instant } from '../clock.ts';
import { confirmationOf } from './decision/confirmation.ts';
import type { PublicDocument } from './document.ts';
import { type Departed, isDepartedWord } from './ending/departed.rules.ts';
import type { GroundNews } from './kind/kind.ts';
import { kindOf } from './kinds.ts';
import { GROUND_PHASES, type GroundPhase, type NewsPhase } from './vocabulary.ts';

/** A phase of the ground in addresses: `reopened`. Those of cards allow for letters alone. */
export const groundWord = (phase: GroundPhase): string => phase.toLowerCase();

/** What was seen on the ground and overtakes the words of the revision; null while those hold, as far as anybody saw. */
export const groundNewsOf = (document: PublicDocument): GroundNews | null =>
  kindOf(document.kind).observation?.news(document) ?? null;

/** The newest revision that was news: minor ones after it mended its words in place. */
export const newsRevisionOf = ({ history, revision }: Pick<PublicDocument, 'history' | 'revision'>): number =>
  history.findLast(({ minor }) => !minor)?.number ?? revision;

/** The revision under which the words of an earlier one stand now: minor ones after it mended them in place. */
export function mendedRevision({ history }: Pick<PublicDocument, 'history'>, revision: number): number {
  const next = history.find(({ number, minor }) => number > revision && !minor);
  return history.findLast(({ number }) => number < (next?.number ?? Infinity))?.number ?? revision;
}

/** Whether a change of a public thread mended words alone. */
export const isMinor = (type: string, { history }: Pick<PublicDocument, 'history'>): boolean =>
  type === 'UPDATED' && history.at(-1)?.minor === true;

export function phaseOf(document: PublicDocument): Exclude<NewsPhase, 'LEFT'> {
  if (document.cancelled) return 'CANCELLED';
  if (document.allClear) return 'ALL_CLEAR';
  return groundNewsOf(document)?.phase ?? 'REVISION';
}

/** The time of the event that followed a revision, RFC 3339; undefined where the revision is the newest news. */
const happenedAt = (document: PublicDocument): string | undefined =>
  document.cancelled?.at ?? document.allClear?.at ?? groundNewsOf(document)?.at;

const newsRevisionAt = ({ history, revisedAt }: PublicDocument): string =>
  history.findLast(({ minor }) => !minor)?.publishedAt ?? revisedAt;

/** The time of the newest news, RFC 3339: of the revision, or of the event that followed it; of the departure where it left. */
export const newsAt = (document: PublicDocument, departed?: Departed): string =>
  departed?.at ?? happenedAt(document) ?? newsRevisionAt(document);

/** The time since which a document reads as it does: later than its news where a minor revision mended its words. */
export const changedAt = (document: PublicDocument, departed?: Departed): string =>
  departed?.at ?? happenedAt(document) ?? document.revisedAt;

/** The same where its decision is shown besides: later where the act behind an order was told. Posts and cards show none. */
export function changedWithDecisionAt(document: PublicDocument, departed?: Departed): string {
  const at = changedAt(document, departed);
  const told = departed ? undefined : confirmationOf(document)?.toldAt;
  return told && instant(told) > instant(at) ? told : at;
}

/** The event that followed a revision, as one word of an address; '' where the revision is the newest news. */
export function happenedTo(document: PublicDocument): string {
  const phase = phaseOf(document);
  switch (phase) {
    case 'CANCELLED':
      return 'cancelled';
    case 'ALL_CLEAR':
      return 'all-clear';
    case 'REVISION':
      return '';
    // A road may be closed, opened, closed and opened again under one revision.
    default:
      return `${groundWord(phase)}-${instant(newsAt(document)) / 1000}`;
  }
}

/** The phase that a word of `happenedTo` stands for. */
export function phaseNamed(happened: string): NewsPhase {
  if (happened === 'cancelled') return 'CANCELLED';
  if (happened === 'all-clear') return 'ALL_CLEAR';
  if (isDepartedWord(happened)) return 'LEFT';
  return GROUND_PHASES.find((phase) => happened.startsWith(`${groundWord(phase)}-`)) ?? 'REVISION';
}

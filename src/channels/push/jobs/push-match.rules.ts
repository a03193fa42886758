import {
  type ChangeMatch,
  type MatchedEntry,
  matchedChange,
  matchesChange,
} from '../../../board/filter/change-filter.rules.ts';
import { instant } from '../../../clock.ts';
import type { Entry } from '../../../journal/entry.ts';
import { type Brief, type PublicDocument, publicStateAt } from '../../../publications/document.ts';
import { kindOf } from '../../../publications/kinds.ts';
import { isMinor } from '../../../publications/news.rules.ts';
import { gravity, KINDS, type Mode, type PublicationKind } from '../../../publications/vocabulary.ts';
import { arrayOf } from '../sql-array.rules.ts';

type PublicEntry = Entry<PublicDocument>;

const HOUR_MS = 3600_000;
/** The longest that a push service keeps a push, and that one is news. */
const MOST_MS = 24 * HOUR_MS;

/** The gravity of what a document warns of; undefined where it warns of nothing. */
export function gravityOf(document: PublicDocument): number | undefined {
  const danger = kindOf(document.kind).danger(document as Brief);
  return danger ? gravity(danger.severity) : undefined;
}

/** When an entry has nothing to tell any more, in milliseconds since 1970; null where that has come already. */
export function pushExpiry({ type, document, atMs }: PublicEntry, now: number): number | null {
  if (isMinor(type, document)) return null;
  const expiry = expiryOf(document, atMs);
  return expiry > now && !isOverByClock(document, now) ? expiry : null;
}

/** An end by hand is told for a day; everything else until it ends, and for a day at most. */
function expiryOf({ cancelled, allClear, endsAt }: PublicDocument, atMs: number): number {
  const latest = atMs + MOST_MS;
  return cancelled || allClear || !endsAt ? latest : Math.min(latest, instant(endsAt));
}

/** Whether it ran out without a word: nobody needs to be woken for that. */
export const isOverByClock = (document: PublicDocument, now: number): boolean =>
  !document.cancelled && !document.allClear && publicStateAt(document, now) === 'ENDED';

/** Whether an entry rings for anybody at all: by itself, or because it reaches readers that it did not reach before. */
export const mayRing = ({ ring, ...entry }: Pick<PublicEntry, 'ring' | 'document' | 'before'>): boolean =>
  ring || reachesOthers(entry);

function reachesOthers({ document, before }: MatchedEntry): boolean {
  if (before === null || before.mode !== document.mode) return true;
  const known = new Set(before.communes);
  if (document.communes.some((code) => !known.has(code))) return true;
  return (gravityOf({ ...document, ...before } as PublicDocument) ?? 0) < (gravityOf(document) ?? 0);
}

/** A subscription as it is matched. */
export interface PushFilter {
  kinds: PublicationKind[] | null;
  communes: string[] | null;
  least: number;
  modes: Mode[];
}

const matchOf = ({ kinds, communes, least, modes }: PushFilter): ChangeMatch => ({
  modes: new Set(modes),
  kinds: new Set(kinds ?? KINDS),
  least,
  ...(communes ? { communes: new Set(communes) } : {}),
});

/** The subject of a job: its entry, those behind it that have jobs of their own, and the document as it stands now. */
export interface RingingEntry {
  entry: PublicEntry;
  later: readonly PublicEntry[];
  document: PublicDocument;
}

/**
 * Whether a reader is pushed this entry: it rings for them, the document of now still concerns them, and no later entry rings
 * for them, which would tell them the same document once more.
 */
export function isPushedTo(filter: PushFilter, { entry, later, document }: RingingEntry): boolean {
  const match = matchOf(filter);
  const rings = (one: PublicEntry) => matchedChange(match, one)?.ring ?? false;
  return rings(entry) && matchesChange(match, document) && !later.some(rings);
}

/**
 * The condition, in SQL, on a subscription `s` that may be pushed a document of an entry; with its parameters. `isPushedTo`
 * then says of each whether it is.
 */
export function mayBePushed(document: PublicDocument, position: number): { sql: string; values: unknown[] } {
  return {
    sql: `s.confirmed_at is not null and s.since < ? and s.least <= ? and ? = any(s.modes)
      and (s.kinds is null or ? = any(s.kinds)) and (s.communes is null or s.communes && ?::text[])`,
    values: [position, gravityOf(document) ?? MOST_GRAVITY, document.mode, document.kind, arrayOf(document.communes)],
  };
}

/** A document that warns of nothing passes, whatever severity was asked for. */
const MOST_GRAVITY = 9;

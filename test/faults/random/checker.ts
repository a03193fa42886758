/**
 * Judges a run from outside: what writers were told, what followers heard, and what stands in the journal. It imports nothing,
 * least of all the hub's own code, so that it cannot share a fault with it.
 */

/** A row of the journal, as PostgreSQL shows it. */
export interface Entry {
  position: number;
  type: string;
  /** The id of the publication. */
  subject: string;
  /** Milliseconds since 1970, by PostgreSQL. */
  at: number;
  /** All of it that followers are told, as one text. */
  told: string;
  /** The words by which its writer knows it again. */
  mark: string;
}

/** One change as a follower heard it. */
export interface Heard {
  position: number;
  told: string;
  /** Milliseconds since 1970, by the clock of the follower's machine. */
  at: number;
}

/** A follower was told to start over behind a position, after it had heard so many changes. */
export interface StartedOver {
  after: number;
  to: number;
}

export interface FollowerLog {
  name: string;
  /** It follows from behind this position. */
  from: number;
  heard: readonly Heard[];
  startedOver: readonly StartedOver[];
}

/** A mutation that was answered as done. `begun` and `ended`, in milliseconds, are those of its first and its last attempt. */
export interface Acknowledged {
  mark: string;
  begun: number;
  ended: number;
}

/** When something is to begin, to end or to be published, in milliseconds since 1970. */
export interface Appointment {
  subject: string;
  publishesAt?: number;
  startsAt?: number;
  endsAt?: number;
}

export interface History {
  /** By position. */
  journal: readonly Entry[];
  followers: readonly FollowerLog[];
  acknowledged: readonly Acknowledged[];
  /** Marks of mutations that were refused for good. */
  refused: readonly string[];
  appointments: readonly Appointment[];
  /** The position at which each restore was declared. */
  restores: readonly number[];
  /** Everybody must have heard up to here. */
  head: number;
  /** Whether everything that is due has been given its time. */
  isOver: boolean;
}

export const FAULTS = [
  'lost',
  'doubled',
  'reordered',
  'never committed',
  'told otherwise',
  'acknowledged and gone',
  'done twice',
  'refused and done',
  'before one that was done',
  'by a wrong clock',
  'never due',
  'started over for nothing',
  'gap in the journal',
] as const;
export type FaultFound = (typeof FAULTS)[number];

export interface Verdict {
  deliveries: number;
  found: Record<FaultFound, number>;
  /** The first of them, in words. */
  words: string[];
}

/** More than these are counted, and not told. */
const MOST_IN_WORDS = 20;

export function judge(history: History): Verdict {
  const verdict = new Findings();
  judgeJournal(history, verdict);
  const committed = new Map(history.journal.map((entry) => [entry.position, entry.told]));
  for (const follower of history.followers) judgeFollower(follower, history, committed, verdict);
  judgeAcknowledged(history, verdict);
  judgeAppointments(history, verdict);
  return verdict;
}

export const isSound = ({ found }: Verdict): boolean => Object.values(found).every((count) => count === 0);

class Findings implements Verdict {
  deliveries = 0;
  readonly found = Object.fromEntries(FAULTS.map((name) => [name, 0])) as Record<FaultFound, number>;
  readonly words: string[] = [];

  add(fault: FaultFound, words: string): void {
    this.found[fault] += 1;
    if (this.words.length < MOST_IN_WORDS) this.words.push(`${fault}: ${words}`);
  }
}

/** Positions are dense. */
function judgeJournal({ journal }: History, verdict: Findings): void {
  const first = journal[0]?.position ?? 1;
  for (const [index, { position }] of journal.entries())
    if (position !== first + index) verdict.add('gap in the journal', `${position} stands at place ${first + index}`);
}

/** A follower hears each entry once, in the journal's order, and nothing else. */
function judgeFollower(
  { name, from, heard, startedOver }: FollowerLog,
  { head, restores }: History,
  committed: ReadonlyMap<number, string>,
  verdict: Findings,
): void {
  verdict.deliveries += heard.length;
  const missing = new Set<number>();
  let last = from;
  let over = 0;
  for (let index = 0; index <= heard.length; index++) {
    for (; startedOver[over]?.after === index; over++) last = Math.max(last, startedOver[over]?.to ?? 0);
    const one = heard[index];
    if (!one) break;
    const { position, told } = one;
    const truth = committed.get(position);
    if (truth === undefined) verdict.add('never committed', `${name} heard ${position}, ${told}`);
    else if (truth !== told) verdict.add('told otherwise', `${name} heard ${position} as ${told}, which is ${truth}`);
    if (position > last) {
      for (let skipped = last + 1; skipped < position; skipped++) missing.add(skipped);
      last = position;
    } else if (missing.delete(position)) verdict.add('reordered', `${name} heard ${position} after ${last}`);
    else verdict.add('doubled', `${name} heard ${position} again, after ${last}`);
  }
  for (let behind = last + 1; behind <= head; behind++) missing.add(behind);
  for (const position of missing)
    verdict.add('lost', `${name} never heard ${position}, ${committed.get(position) ?? 'which nobody committed'}`);
  for (const [index, { to }] of startedOver.entries())
    if (index >= restores.length || to < (restores[index] ?? 0))
      verdict.add('started over for nothing', `${name}, behind ${to}; declared at ${restores.join(', ') || 'no time'}`);
}

/** A mutation that was answered is there once, and one that was refused is not; those that follow on each other stand in that order. */
function judgeAcknowledged({ journal, acknowledged, refused }: History, verdict: Findings): void {
  const positions = new Map<string, number[]>();
  for (const { mark, position } of journal) positions.set(mark, [...(positions.get(mark) ?? []), position]);
  const done: { position: number; mark: string; begun: number; ended: number }[] = [];
  for (const one of acknowledged) {
    const [position, ...more] = positions.get(one.mark) ?? [];
    if (position === undefined) verdict.add('acknowledged and gone', one.mark);
    else done.push({ position, ...one });
    if (more.length > 0) verdict.add('done twice', `${one.mark}, at ${position} and ${more.join(', ')}`);
  }
  for (const mark of refused) if (positions.has(mark)) verdict.add('refused and done', mark);
  done.sort((one, other) => other.position - one.position);
  let soonest = Number.POSITIVE_INFINITY;
  for (const { position, mark, begun, ended } of done) {
    if (soonest < begun)
      verdict.add(
        'before one that was done',
        `${mark} stands at ${position}, and began when a later one had its answer`,
      );
    soonest = Math.min(soonest, ended);
  }
}

/** Nothing starts, ends or is published by the clock before its time, nor twice; in the end all of it has happened. */
function judgeAppointments({ journal, followers, appointments, isOver }: History, verdict: Findings): void {
  const bySubject = new Map<string, Entry[]>(appointments.map(({ subject }) => [subject, []]));
  for (const entry of journal) bySubject.get(entry.subject)?.push(entry);
  const heardAt = firstHeard(followers, new Set([...bySubject.values()].flat().map(({ position }) => position)));
  for (const { subject, publishesAt, startsAt, endsAt } of appointments) {
    const entries = bySubject.get(subject) ?? [];
    const published = entries.find(({ type }) => type === 'PUBLISHED');
    const expectAt = (type: string, due: number | undefined, isExpected: boolean) => {
      if (due === undefined) return;
      const found = entries.filter((entry) => entry.type === type);
      for (const { position, at } of found)
        if (Math.min(at, heardAt.get(position) ?? at) < due)
          verdict.add('by a wrong clock', `${type} of ${subject} at ${position}, ${due - at} ms before its time`);
      if (found.length > 1) verdict.add('done twice', `${type} of ${subject}`);
      if (isOver && isExpected && found.length === 0) verdict.add('never due', `${type} of ${subject}`);
    };
    expectAt('PUBLISHED', publishesAt, true);
    // Where nobody kept time from its beginning to its end, its end alone is told.
    const hasEnded = entries.some(({ type }) => type === 'ENDED');
    expectAt('STARTED', startsAt, !hasEnded && published !== undefined && published.at < (startsAt ?? 0));
    expectAt('ENDED', endsAt, published !== undefined);
  }
}

/** When each of these positions was heard by its first follower. */
function firstHeard(followers: readonly FollowerLog[], positions: ReadonlySet<number>): ReadonlyMap<number, number> {
  const first = new Map<number, number>();
  for (const { heard } of followers)
    for (const { position, at } of heard)
      if (positions.has(position)) first.set(position, Math.min(at, first.get(position) ?? at));
  return first;
}

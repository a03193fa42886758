import { LRUCache } from 'lru-cache';
import { type Clock, instant } from '../clock.ts';
import type { Entry, Latest, Reading } from '../journal/entry.ts';
import { type Brief, type PublicDocument, type PublicView, publicStateAt } from '../publications/document.ts';
import { endsAtOf } from '../publications/ending/ending.rules.ts';
import { kindOf } from '../publications/kinds.ts';
import { viewOfNow, viewOfThen } from '../publications/view.ts';
import { gravity, type PublicState } from '../publications/vocabulary.ts';
import { type Departure, departureOf, stillNews } from './departure.ts';

/**
 * What is public now, in memory: one frozen document per thread, applied from the journal in order. Every process
 * builds the same board from the same entries. Threads that ended or were cancelled stay for a day, then live in the
 * archive alone, so the board's size follows what is live and not what ever was.
 */
const KEEP_CLOSED_MS = 24 * 3600_000;

/** What was worked out of the board and is kept until it changes: lists for as many questions. */
const MOST_DERIVED = 200;

/**
 * What the board keeps of a journal entry. Where the document is not parsed yet, `brief` and `json` are at hand: reading
 * `document` parses it.
 */
export interface BoardEntry extends Latest<PublicDocument> {
  readonly brief?: Brief;
  /** The document as JSON. */
  json?(): string;
  /** How it left places and gravities within the last day, the newest last; none where it is left out. */
  readonly departures?: readonly Departure[];
}

/** All that stands on the board, and where the journal stood. */
export type BoardReading = Reading<BoardEntry>;

/** A publication with what is looked up on every read, computed once. Moments in milliseconds since 1970. */
export class Card {
  readonly entry: BoardEntry;
  readonly brief: Brief;
  readonly starts: number;
  readonly ends: number;
  /** The moments at which its state may change by time alone. */
  readonly turns: readonly number[];
  readonly revised: number;
  readonly gravity: number;
  readonly communes: ReadonlySet<string>;
  readonly departures: readonly Departure[];
  #view: PublicView | undefined;

  constructor(entry: BoardEntry, departures: readonly Departure[] = entry.departures ?? []) {
    const brief = entry.brief ?? entry.document;
    this.entry = entry;
    this.departures = departures;
    this.brief = brief;
    this.starts = instant(brief.startsAt ?? brief.publishedAt);
    this.ends = endOf(brief);
    this.turns = turnsOf(brief);
    this.revised = instant(brief.revisedAt);
    this.gravity = gravityOf(brief);
    this.communes = new Set(brief.communes);
  }

  get id(): string {
    return this.brief.id;
  }

  get position(): number {
    return this.entry.position;
  }

  /** The view of the present, always the same object. It may have to be parsed: the code that finds, counts or orders reads `brief`. */
  get document(): PublicView {
    this.#view ??= viewOfNow(this.entry.document, this.entry.position);
    return this.#view;
  }
}

/** From 0 for UNKNOWN to 4 for EXTREME; -1 for what warns of no danger. */
function gravityOf(brief: Brief): number {
  const danger = kindOf(brief.kind).danger(brief);
  return danger ? gravity(danger.severity) : -1;
}

/** The moments (milliseconds since 1970) at which the state of a publication may change by time alone. */
export const turnsOf = ({ startsAt, endsAt, allClear, cancelled }: Brief): number[] =>
  [startsAt, endsAt, allClear?.at, cancelled?.at].flatMap((at) => (at ? [instant(at)] : []));

/** When a publication stopped, or will stop, being in force: its end, its all clear or its withdrawal. */
function endOf(brief: Brief): number {
  const end = endsAtOf(brief);
  return end === null ? Number.POSITIVE_INFINITY : instant(end);
}

export class Board {
  readonly #cards = new Map<string, Card>();
  readonly #byCommune = new Map<string, Set<string>>();
  readonly #placeless = new Set<string>();
  readonly #byIncident = new Map<string, Set<string>>();
  readonly #byNamed = new Map<string, Set<string>>();
  /** Where the threads that were swept stood last, so that an older entry of theirs is not taken for the newest. */
  readonly #swept = new Map<string, number>();
  readonly #past = new WeakMap<Entry<PublicDocument>, PublicView>();
  readonly #clock: Clock;
  #version = 0;
  #horizon = { version: -1, from: 0, until: 0 };
  readonly #derived = new LRUCache<string, object>({ max: MOST_DERIVED });
  #derivedIn: object = this.#horizon;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Applies an entry; one that is older than what stands here is passed over, so that loading and tailing may overlap. */
  apply(entry: BoardEntry | Entry<PublicDocument>): void {
    const standing = this.#cards.get(entry.subject);
    if (standing && standing.position >= entry.position) return;
    if (standing) this.#unlink(standing);
    this.#version += 1;
    const card = new Card(entry, this.#departuresAfter(entry, standing));
    this.#cards.set(entry.subject, card);
    this.#link(card);
  }

  /** Takes these entries in place of all that stood here. */
  replace(entries: Iterable<BoardEntry>): void {
    for (const index of [this.#cards, this.#byCommune, this.#byIncident, this.#byNamed, this.#placeless, this.#swept])
      index.clear();
    this.#version += 1;
    for (const entry of entries) this.apply(entry);
    this.sweep();
  }

  /** All that stands here, as `replace` takes it. */
  entries(): BoardEntry[] {
    return [...this.#cards.values()].map(({ entry, departures }) => {
      const { subject, position, atMs } = entry;
      return departures.length === 0 ? entry : { subject, position, atMs, document: entry.document, departures };
    });
  }

  /** Drops what ended long enough ago. */
  sweep(): void {
    const limit = this.#clock.now().getTime() - KEEP_CLOSED_MS;
    for (const [id, card] of this.#cards) {
      if (card.ends > limit) continue;
      this.#version += 1;
      this.#unlink(card);
      this.#cards.delete(id);
      this.#swept.set(id, card.position);
    }
  }

  /** Rises whenever what stands here changes; the same version and no horizon passed: the same answers. */
  get version(): number {
    return this.#version;
  }

  /**
   * The next moment (milliseconds since 1970) at which time alone changes what is answered from here: something starts
   * or ends. Infinity where nothing will.
   */
  horizon(): number {
    const now = this.now;
    const known = this.#horizon;
    // A clock that was set back reads the same cards anew.
    if (known.version === this.#version && known.from <= now && now < known.until) return known.until;
    let until = Number.POSITIVE_INFINITY;
    for (const { turns } of this.#cards.values()) {
      for (const turn of turns) if (turn > now && turn < until) until = turn;
    }
    this.#horizon = { version: this.#version, from: now, until };
    return until;
  }

  /**
   * What `make` works out of all that stands here, kept until something of it changes, or time alone changes a state.
   * The key says what it is; nobody may change what it answers.
   */
  derive<T extends object>(key: string, make: () => T): T {
    this.horizon();
    if (this.#derivedIn !== this.#horizon) {
      this.#derived.clear();
      this.#derivedIn = this.#horizon;
    }
    const found = this.#derived.get(key);
    if (found) return found as T;
    const made = make();
    this.#derived.set(key, made);
    return made;
  }

  get size(): number {
    return this.#cards.size;
  }

  get(id: string): PublicView | undefined {
    return this.#cards.get(id)?.document;
  }

  /** Whether an entry is the newest of its thread, as far as the board has come. */
  isNewest({ subject, position, superseded }: Entry<PublicDocument>): boolean {
    const last = this.#cards.get(subject)?.position ?? this.#swept.get(subject);
    // A thread that this board never saw ended long ago: nothing followed since its entry was read.
    return last === undefined ? !superseded : last === position;
  }

  /** An entry as the API shows it now: the same object for as long as nothing else follows in its thread. */
  viewOf(entry: Entry<PublicDocument>): PublicView {
    if (this.isNewest(entry)) return this.get(entry.subject) ?? viewOfNow(entry.document, entry.position);
    const known = this.#past.get(entry);
    if (known) return known;
    const made = viewOfThen(entry.document, entry);
    this.#past.set(entry, made);
    return made;
  }

  /** A view under the id of its thread where it shows what is public now; else the view as it is. */
  current<V extends PublicView>(view: V): V {
    const now = this.get(view.id);
    // The same entry of the same thread: a document of the same kind.
    return now?.position === view.position ? (now as V) : view;
  }

  all(): Iterable<Card> {
    return this.#cards.values();
  }

  ofCommune(code: string): Card[] {
    return this.#pick(this.#byCommune.get(code));
  }

  ofIncident(id: string): Card[] {
    return this.#pick(this.#byIncident.get(id));
  }

  /** The threads that name no place, and so hold everywhere. */
  placeless(): Card[] {
    return this.#pick(this.#placeless);
  }

  /** The threads whose content names a publication: the closures made for an event. */
  naming(id: string): Card[] {
    return this.#pick(this.#byNamed.get(id));
  }

  /** The public state of a publication now, by the clock that was handed in. */
  state(brief: Brief): PublicState {
    return publicStateAt(brief, this.#clock.now().getTime());
  }

  get now(): number {
    return this.#clock.now().getTime();
  }

  #departuresAfter(entry: BoardEntry | Entry<PublicDocument>, standing: Card | undefined): Departure[] {
    if (!('before' in entry)) return stillNews(entry.departures ?? [], this.now);
    const known = stillNews(standing?.departures ?? [], this.now);
    const fresh = departureOf(entry);
    // The departures that were read together with the board may hold an entry that the tail brings only now.
    return fresh && !known.some(({ position }) => position === fresh.position) ? [...known, fresh] : known;
  }

  #pick(ids: ReadonlySet<string> | undefined): Card[] {
    const cards: Card[] = [];
    for (const id of ids ?? []) {
      const card = this.#cards.get(id);
      if (card) cards.push(card);
    }
    return cards;
  }

  #link(card: Card): void {
    if (card.communes.size === 0) this.#placeless.add(card.id);
    this.#each(card, (index, key) => {
      const ids = index.get(key);
      if (ids) ids.add(card.id);
      else index.set(key, new Set([card.id]));
    });
  }

  #unlink(card: Card): void {
    this.#placeless.delete(card.id);
    this.#each(card, (index, key) => {
      const ids = index.get(key);
      ids?.delete(card.id);
      if (ids?.size === 0) index.delete(key);
    });
  }

  #each({ brief }: Card, visit: (index: Map<string, Set<string>>, key: string) => void): void {
    for (const code of brief.communes) visit(this.#byCommune, code);
    if (brief.incident) visit(this.#byIncident, brief.incident.id);
    for (const { id, use } of kindOf(brief.kind).references(brief)) if (use === 'named') visit(this.#byNamed, id);
  }
}

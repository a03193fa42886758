import { type KnownSizes, type ListSize, PAST, type Things } from '../../graphql/cost/known-sizes.ts';
import type { Entry } from '../../journal/entry.ts';
import type { Journal } from '../../journal/journal.ts';
import type { PublicDocument } from '../../publications/document.ts';
import { kindOf } from '../../publications/kinds.ts';
import { KINDS, type PublicationKind } from '../../publications/vocabulary.ts';
import type { Card } from '../board.ts';
import { LIVE_STATES } from '../filter/filter.rules.ts';
import type { PublicReads } from '../public-reads.ts';
import { type DocumentSizes, knownSizesOf, SizeTable, sizesOf } from './document-sizes.rules.ts';

const COMMUNE = 'Commune';
const INCIDENT = 'Incident';
const PUBLICATION = 'Publication';
const KIND_OF_TYPE = new Map<string, PublicationKind>(KINDS.map((kind) => [kindOf(kind).typeName, kind]));
const KIND_OF_LIST = new Map<string, PublicationKind>(KINDS.map((kind) => [kindOf(kind).situation.field, kind]));
/** Where documents keep a list under another name than the API, or the lists of a part. */
const PATHS: Readonly<Record<string, string>> = {
  translations: 'texts',
  'PublicationArea.communes': 'areas.communes',
  'PublicRevision.changedFields': 'history.changedFields',
  'PublicRevision.signatories': 'history.signatories',
};
/** Lists whose items stand on the board, each once. */
const ON_BOARD =
  /^(Situation\.|AlertPublicationConnection\.|Query\.(alerts|publications|socialPosts)$|Incident\.publications$|EventPublication\.closures$)/;
const CHANGES = /^(Query\.changes$|PublicationChangeConnection\.)/;
/** Changes whose sizes are known: as many as a page of them may have. */
const MOST_CHANGES = 500;
/** A hub that has just started may have these alone. */
const FEWER_CHANGES = 50;
/** Publications that are measured before one request: some 10 ms where each has to be parsed. */
const MOST_AT_ONCE = 500;

interface Tables {
  /** Whether every publication was measured. */
  readonly isWhole: boolean;
  /** Communes of the Département. */
  readonly communes: number;
  readonly all: number;
  /** The number of publications by kind. */
  readonly standing: ReadonlyMap<PublicationKind, number>;
  readonly publications: Measured;
  /** Of the newest changes, those in memory. */
  readonly changes: Measured;
  /** How many publications of a kind touch a commune, for every commune. */
  readonly ofCommune: ReadonlyMap<PublicationKind, SizeTable>;
  readonly ofIncident: SizeTable;
  readonly closuresOfEvent: SizeTable;
}

/** The sizes of the lists of publications, by path, made as they are asked for. */
class Measured {
  readonly #sizes: readonly DocumentSizes[];
  readonly #all: number;
  readonly #tables = new Map<string, SizeTable>();

  constructor(sizes: readonly DocumentSizes[], all = sizes.length) {
    this.#sizes = sizes;
    this.#all = all;
  }

  /** Those that nobody measured yet are taken for as large as the others. */
  of(path: string): SizeTable {
    const known = this.#tables.get(path);
    if (known) return known;
    const table = new SizeTable(
      this.#sizes.map((sizes) => sizes.get(path) ?? 0),
      this.#all,
    );
    this.#tables.set(path, table);
    return table;
  }
}

/** Counts the lists of the board, for the cost of documents (docs/decisions/0085). They are counted anew when something changes. */
export class BoardSizes {
  readonly #reads: PublicReads;
  #round = 0;

  constructor(reads: PublicReads) {
    this.#reads = reads;
  }

  /** The sizes of this moment. A hub that has just started goes through what stands there in several rounds. */
  now(): KnownSizes {
    const sizes = this.#reads.board.derive(`sizes ${this.#round}`, () => new SizesOfNow(tablesOf(this.#reads)));
    if (!sizes.isWhole) this.#round += 1;
    return sizes;
  }
}

class SizesOfNow implements KnownSizes {
  readonly #tables: Tables;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  get isWhole(): boolean {
    return this.#tables.isWhole;
  }

  isThing(type: string): boolean {
    return type === COMMUNE || type === INCIDENT || isPublication(type);
  }

  page(coordinate: string, args: Readonly<Record<string, unknown>>, first: number): { items: number; from?: string } {
    if (coordinate === 'Query.communes') return { items: Math.min(first, this.#tables.communes) };
    if (!ON_BOARD.test(coordinate)) return { items: first };
    if (asksForThePast(args.where)) return { items: first, from: PAST };
    return { items: Math.min(first, this.#count(coordinate === 'Query.alerts' ? 'AlertPublication' : PUBLICATION)) };
  }

  list(type: string, field: string, things: Things): ListSize | undefined {
    const tables = this.#tables;
    if (type === 'Situation') return this.#ofSituation(field, things);
    if (type === INCIDENT) return repeated(tables.ofIncident, things);
    if (type === 'EventPublication' && field === 'closures') return repeated(tables.closuresOfEvent, things);
    if (things.type === undefined || !isPublication(things.type)) return undefined;
    const path = PATHS[`${type}.${field}`] ?? (isPublication(type) ? (PATHS[field] ?? field) : undefined);
    if (path === undefined || !COUNTED.has(path)) return undefined;
    const isChange = CHANGES.test(things.from ?? '');
    return ofDocuments((isChange ? tables.changes : tables.publications).of(path), things);
  }

  standing(type: string, { from = '' }: Things): number | undefined {
    return ON_BOARD.test(from) && isPublication(type) ? this.#count(type) : undefined;
  }

  #ofSituation(field: string, things: Things): ListSize | undefined {
    const kind = KIND_OF_LIST.get(field);
    const table = kind && this.#tables.ofCommune.get(kind);
    if (!table) return undefined;
    if (things.type !== COMMUNE) return repeated(table, things);
    const { largest } = table;
    return { total: Math.min(things.groups * table.most(things.most), things.count * largest), largest };
  }

  #count(type: string): number {
    const kind = KIND_OF_TYPE.get(type);
    return kind ? (this.#tables.standing.get(kind) ?? 0) : this.#tables.all;
  }
}

/** The lists that a document holds itself. */
const COUNTED = new Set([
  'areas',
  'areas.communes',
  'communes',
  'history',
  'history.changedFields',
  'texts',
  'categories',
  'responseTypes',
  'advice',
  'roads',
  'crossingPoints',
  'passages',
  'evidence',
  'purposes',
]);

const isPublication = (type: string): boolean => type === PUBLICATION || KIND_OF_TYPE.has(type);

/** Whether a filter may find what left the board. */
function asksForThePast(where: unknown): boolean {
  const { states, activeAt } = (where ?? {}) as { states?: readonly string[] | null; activeAt?: unknown };
  return (
    (activeAt ?? null) !== null || !(states ?? []).every((state) => (LIVE_STATES as ReadonlySet<string>).has(state))
  );
}

/** Where nothing says that no two of the parents are the same. */
const repeated = ({ largest }: SizeTable, { count }: Things): ListSize => ({ total: count * largest, largest });

function ofDocuments(table: SizeTable, { count, groups, most, from = '' }: Things): ListSize {
  const { largest } = table;
  if (ON_BOARD.test(from)) return { total: Math.min(groups * table.most(most), count * largest), largest };
  // Views of the past: as large as what stands now, and never taken for empty.
  const likely = Math.max(1, largest);
  return {
    total: Math.min(groups * (CHANGES.test(from) ? table.likely(most) : likely + table.likely(most)), count * likely),
    largest: likely,
  };
}

function tablesOf({ board, journal, territory }: PublicReads): Tables {
  const cards = [...board.all()];
  const standing = new Map<PublicationKind, number>();
  const placeless = new Map<PublicationKind, number>();
  const incidents = new Map<string, number>();
  const named = new Map<string, number>();
  for (const { brief, communes } of cards) {
    add(standing, brief.kind);
    if (communes.size === 0) add(placeless, brief.kind);
    if (brief.incident) add(incidents, brief.incident.id);
    for (const { id, use } of kindOf(brief.kind).references(brief)) if (use === 'named') add(named, id);
  }
  const communes = territory.search('', Number.POSITIVE_INFINITY).map(({ code }) => byKind(board.ofCommune(code)));
  const ofCommune = (kind: PublicationKind) =>
    new SizeTable(communes.map((counts) => (counts.get(kind) ?? 0) + (placeless.get(kind) ?? 0)));
  const measured = measuredOf(cards);
  return {
    isWhole: measured.length === cards.length,
    communes: communes.length,
    all: cards.length,
    standing,
    publications: new Measured(measured, cards.length),
    changes: new Measured(newest(journal).map(({ document }) => sizesOf(document))),
    ofCommune: new Map(KINDS.map((kind) => [kind, ofCommune(kind)])),
    ofIncident: new SizeTable([...incidents.values()]),
    closuresOfEvent: new SizeTable([...named.values()]),
  };
}

/** The sizes of publications; of those that were not measured before as many as a request may wait for. */
function measuredOf(cards: readonly Card[]): DocumentSizes[] {
  let left = MOST_AT_ONCE;
  return cards.flatMap(({ entry }) => {
    const known = knownSizesOf(entry);
    if (!known && left === 0) return [];
    if (!known) left -= 1;
    return [known ?? sizesOf(entry, () => (entry.json ? JSON.parse(entry.json()) : entry.document))];
  });
}

/** The newest changes in memory. */
function newest({ tail }: Journal<PublicDocument>): readonly Entry<PublicDocument>[] {
  const { position } = tail.head;
  for (const count of [MOST_CHANGES, FEWER_CHANGES]) {
    const found = tail.inMemory(Math.max(0, position - count), count);
    if (found) return found;
  }
  return [];
}

function byKind(cards: readonly Card[]): ReadonlyMap<PublicationKind, number> {
  const counts = new Map<PublicationKind, number>();
  for (const { brief } of cards) add(counts, brief.kind);
  return counts;
}

const add = <K>(counts: Map<K, number>, key: K): void => void counts.set(key, (counts.get(key) ?? 0) + 1);

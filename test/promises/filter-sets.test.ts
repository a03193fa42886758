import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { SetClock } from '../../src/clock.ts';
import { encodeCursor } from '../../src/journal/cursor.rules.ts';
import type { Entry } from '../../src/journal/entry.ts';
import { type PublicDocument, publicStateAt } from '../../src/publications/document.ts';
import {
  KINDS,
  MODES,
  type Mode,
  type PublicationKind,
  SEVERITIES,
  type Severity,
} from '../../src/publications/vocabulary.ts';
import { budget } from '../support/budget.ts';
import { withSession } from '../support/database/cluster.ts';
import { testDatabase } from '../support/database/database.ts';
import { anyDocument } from '../support/generated/generated-documents.ts';
import { type Hub, startHub } from '../support/hub/hub.ts';

/**
 * An app that shows a set of publications, and changes it by what `changes(where:)` tells, shows at every cursor what
 * `publications(where:)` would answer there (D-11). FUZZ_RUNS=100000 for a long journal.
 */
const { numRuns: ENTRIES, seed = 1 } = budget(6_000);
const NOW = Date.parse('2026-11-24T12:00:00Z');
const COMMUNES = ['91345', '91421', '91228', '91027', '91377'];
interface Filter {
  kinds?: PublicationKind[];
  modes?: Mode[];
  communes?: string[];
  severityAtLeast?: Severity;
  publications?: string[];
  incidents?: string[];
  hazards?: string[];
}
const THREADS = Array.from({ length: ENTRIES / 5 }, () => randomUUID());
const INCIDENTS = [randomUUID(), randomUUID(), randomUUID()];
const HAZARDS = ['OET-081', 'OET-097', 'OET-157'];
const FILTERS: Filter[] = [
  {},
  { communes: ['91345'] },
  { communes: ['91421', '91228'] },
  { severityAtLeast: 'SEVERE' },
  { kinds: ['ALERT'], severityAtLeast: 'MODERATE' },
  { communes: ['91345'], severityAtLeast: 'SEVERE' },
  { modes: ['EXERCISE', 'TEST'] },
  { modes: [...MODES], communes: ['91027'] },
  { kinds: ['CLOSURE', 'EVENT'], communes: ['91377', '91345'] },
  { kinds: [...KINDS], modes: ['TEST'], communes: ['91228'], severityAtLeast: 'EXTREME' },
  { publications: THREADS.slice(0, 100), communes: ['91345', '91377'] },
  { incidents: INCIDENTS.slice(0, 2) },
  { incidents: INCIDENTS.slice(1), communes: ['91345', '91421'], severityAtLeast: 'MODERATE' },
  { hazards: HAZARDS.slice(0, 1) },
  { hazards: HAZARDS.slice(1), incidents: INCIDENTS.slice(0, 1), modes: [...MODES] },
];

const { url } = await testDatabase();
let hub: Hub;
let entries: Entry<PublicDocument>[];
beforeAll(async () => {
  const clock = new SetClock(new Date(NOW));
  hub = await startHub({ url, clock, recent: { entries: 100, bytes: 2 ** 24 } });
  await writeJournal();
  await vi.waitUntil(() => hub.app.reads.journal.tail.head.position === ENTRIES, { timeout: 60_000 });
  entries = await readJournal();
}, 300_000);
afterAll(() => hub.close());

/** What a revision, or an end, makes of a thread; the id stays. */
const step = fc.record({
  communes: fc.subarray(COMMUNES),
  severity: fc.constantFrom(...SEVERITIES),
  hazard: fc.constantFrom(...HAZARDS),
  incident: fc.constantFrom(null, ...INCIDENTS),
  ring: fc.boolean(),
  onlyWider: fc.boolean(),
  mode: fc.oneof({ weight: 6, arbitrary: fc.constant('ACTUAL' as const) }, fc.constantFrom(...MODES)),
  end: fc.oneof(
    { weight: 12, arbitrary: fc.constant(null) },
    fc.constantFrom('cancelled' as const, 'allClear' as const),
  ),
});

/** Random threads, the entries of all of them shuffled. */
async function writeJournal(): Promise<void> {
  const at = new Date(NOW - 1_000).toISOString();
  const drawn = fc.sample(anyDocument, { seed, numRuns: 300 }).filter((one) => JSON.stringify(one).length < 6_000);
  const threads = THREADS.map((id, index) => ({
    ...(drawn[index % drawn.length] as PublicDocument),
    id,
    startsAt: at,
    endsAt: null,
    cancelled: null,
    allClear: null,
  })) as PublicDocument[];
  const steps = fc.sample(fc.tuple(fc.nat(threads.length - 1), step), { seed, numRuns: ENTRIES });
  const written = steps.map(([which, { communes, severity, hazard, incident, mode, end, ring, onlyWider }]) => {
    const thread = threads[which] as PublicDocument;
    Object.assign(thread, { communes, mode, incident: incident && { id: incident, slug: 'crue', title: 'Crue' } });
    if (thread.kind === 'ALERT') Object.assign(thread, { severity });
    if ('hazard' in thread) Object.assign(thread, { hazard });
    if (end === 'cancelled') Object.assign(thread, { cancelled: { at, reason: 'x' } });
    if (end === 'allClear') Object.assign(thread, { allClear: { at, texts: thread.texts } });
    return { document: { ...thread }, ring, onlyWider };
  });
  await withSession(url, async (session) => {
    for (let from = 0; from < written.length; from += 500)
      await session.query(
        `insert into journal_entry (id, position, subject, type, at, changed_fields, ring, only_wider, document)
         select gen_random_uuid(), null, (e->'document'->>'id')::uuid, 'UPDATED', now(), '{texts}', (e->>'ring')::boolean,
           (e->>'onlyWider')::boolean, e->'document'
         from jsonb_array_elements($1) with ordinality as all_of(e, number) order by number`,
        [JSON.stringify(written.slice(from, from + 500))],
      );
  });
}

const readJournal = () =>
  withSession(
    url,
    async (session) =>
      (
        await session.query<Entry<PublicDocument>>(
          'select position::int, subject, ring, only_wider as "onlyWider", document from journal_entry order by position',
        )
      ).rows,
  );

interface Told {
  cursor: string;
  match: string;
  ring: boolean;
  publication: { thread: string; state: string };
}

/** All that a follower with a filter is told from the beginning. */
async function changesFor(where: Filter): Promise<Told[]> {
  const query = `query ($where: ChangeFilter, $after: Cursor!) { changes(where: $where, after: $after, first: 500) {
    endCursor hasNextPage nodes { cursor match ring publication { thread state } } } }`;
  const { epoch } = hub.app.reads.journal.tail.head;
  const all: Told[] = [];
  let page = { endCursor: encodeCursor({ epoch, position: 0 }), hasNextPage: true, nodes: [] as Told[] };
  while (page.hasNextPage) {
    ({ changes: page } = await hub.as().request<{ changes: typeof page }>(query, { where, after: page.endCursor }));
    all.push(...page.nodes);
  }
  return all;
}

/** Whether `publications(where:)` with its default states shows a document, told without a line of the hub's filters. */
function isShown(where: Filter, document: PublicDocument): boolean {
  const { kinds, modes, communes, severityAtLeast, publications, incidents, hazards } = where;
  const least = SEVERITIES.indexOf(severityAtLeast ?? 'UNKNOWN');
  return (
    LIVE.has(publicStateAt(document, NOW)) &&
    (modes ?? ['ACTUAL']).includes(document.mode) &&
    (!kinds || kinds.includes(document.kind)) &&
    (!publications || publications.includes(document.id)) &&
    (!incidents || incidents.includes(document.incident?.id ?? 'none')) &&
    (!hazards || ('hazard' in document && hazards.includes(document.hazard))) &&
    (document.kind !== 'ALERT' || SEVERITIES.indexOf(document.severity) >= least) &&
    (!communes || document.communes.some((code) => communes.includes(code)))
  );
}

const LIVE = new Set(['UPCOMING', 'IN_FORCE']);

/** The app: what stays or enters is shown while it is live, what left is taken away. */
function apply(shown: Set<string>, { match, publication: { thread, state } }: Told): void {
  if (match === 'LEFT' || !LIVE.has(state)) shown.delete(thread);
  else shown.add(thread);
}

/** Whether an app with a filter sounds, said without a line of the hub's rules; `reached` is where the thread was before. */
function shouldRing({ communes }: Filter, match: string, entry: Entry<PublicDocument>, reached: string[]): boolean {
  if (match === 'LEFT') return false;
  if (match === 'ENTERED') return true;
  const here = entry.document.communes.filter((code) => !communes || communes.includes(code));
  const silenced = entry.onlyWider && communes && here.every((code) => reached.includes(code));
  counted.set('SILENCED', (counted.get('SILENCED') ?? 0) + (entry.ring && silenced ? 1 : 0));
  return entry.ring && !silenced;
}

const counted = new Map<string, number>();

it.each(FILTERS.map((where) => ({ name: JSON.stringify(where), where })))(
  'what an app with $name shows is what is public there, at every cursor',
  async ({ where }) => {
    const told = await changesFor(where);
    const byCursor = new Map(told.map((change) => [change.cursor, change]));
    expect(byCursor.size).toBe(told.length);
    const { epoch } = hub.app.reads.journal.tail.head;
    const shown = new Set<string>();
    const expected = new Set<string>();
    const reached = new Map<string, string[]>();
    for (const entry of entries) {
      if (isShown(where, entry.document)) expected.add(entry.subject);
      else expected.delete(entry.subject);
      const change = byCursor.get(encodeCursor({ epoch, position: entry.position }));
      if (change) {
        apply(shown, change);
        counted.set(change.match, (counted.get(change.match) ?? 0) + 1);
        expect(change.ring).toBe(shouldRing(where, change.match, entry, reached.get(entry.subject) ?? []));
      }
      reached.set(entry.subject, entry.document.communes);
      expect(shown.has(entry.subject)).toBe(expected.has(entry.subject));
      expect(shown.size).toBe(expected.size);
    }
    const { publications } = await hub
      .as()
      .request<{ publications: { totalCount: number } }>(
        'query ($where: PublicationFilter) { publications(where: $where, first: 1) { totalCount } }',
        { where },
      );
    expect(publications.totalCount).toBe(shown.size);
  },
  600_000,
);

it('has seen publications enter and leave often, and apps left in peace', () => {
  expect(counted.get('ENTERED')).toBeGreaterThan(1_000);
  expect(counted.get('LEFT')).toBeGreaterThan(1_000);
  expect(counted.get('STAYED')).toBeGreaterThan(1_000);
  expect(counted.get('SILENCED')).toBeGreaterThan(100);
});

import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { encodeCursor } from '../../src/journal/cursor.rules.ts';
import type { PublicDocument } from '../../src/publications/document.ts';
import { CHANGE_TYPES, SEVERITIES, type Severity } from '../../src/publications/vocabulary.ts';
import { budget } from '../support/budget.ts';
import { withSession } from '../support/database/cluster.ts';
import { testDatabase } from '../support/database/database.ts';
import { RawSocket } from '../support/following/raw-socket.ts';
import { anyDocument } from '../support/generated/generated-documents.ts';
import { type Hub, startHub } from '../support/hub/hub.ts';

/**
 * The query `changes` and the subscription `changes` tell the same, for every cursor of a generated journal and for several
 * filters, and both tell what the journal holds. FUZZ_RUNS=10000 for a long journal.
 */
const { numRuns: ENTRIES, seed = 1 } = budget(300);
/** How many changes behind each cursor are compared; all that follow, from the first cursor alone. */
const BEHIND = 3;
/** How many cursors are looked at at a time, each on a connection of its own. */
const LANES = 8;

const FIELDS = 'cursor type at match ring changedFields publication { id thread kind mode revision }';
const QUERY = `query ($after: Cursor, $where: ChangeFilter, $first: Int!) {
  changes(after: $after, where: $where, first: $first) { endCursor hasNextPage nodes { ${FIELDS} } } }`;
const SUBSCRIPTION = `subscription ($after: Cursor, $where: ChangeFilter) {
  changes(after: $after, where: $where) { ${FIELDS} } }`;
const EVERY_MODE = ['ACTUAL', 'EXERCISE', 'TEST'];
const FILTERS: { kinds?: string[]; communes?: string[]; severityAtLeast?: string; modes?: string[] }[] = [
  { modes: EVERY_MODE },
  {},
  { kinds: ['ALERT', 'CLOSURE'], severityAtLeast: 'SEVERE', modes: EVERY_MODE },
  { communes: ['91345', '91421', '91228', '91114'], modes: EVERY_MODE },
];

const { url } = await testDatabase();
let rows: Row[];
let epoch: string;
/** One hub read everything as it came, and has it in memory; the other keeps next to nothing there, and asks the table. */
const hubs: Hub[] = [];
beforeAll(async () => {
  hubs.push(await startHub({ url, recent: { entries: ENTRIES, bytes: 2 ** 30 } }));
  rows = await writeJournal();
  epoch = await epochOf();
  hubs.push(await startHub({ url, recent: { entries: 1, bytes: 16 * 2 ** 20 } }));
  const heads = () => hubs.map(({ app }) => app.reads.journal.tail.head.position);
  await vi.waitUntil(() => heads().every((head) => head === ENTRIES), { timeout: 60_000 });
}, 300_000);
afterAll(() => Promise.all(hubs.map((hub) => hub.close())));

type Filter = (typeof FILTERS)[number];
interface Change {
  cursor: string;
  type: string;
  publication: { thread: string } | null;
}
interface Row {
  position: number;
  type: string;
  document: Pick<PublicDocument, 'id' | 'kind' | 'mode' | 'communes'> & { severity: Severity };
}

const cursorAt = (position: number) => encodeCursor({ epoch, position });

/** Appends entries of any documents and types; answers them as the journal holds them. */
async function writeJournal(): Promise<Row[]> {
  const documents = fc.sample(anyDocument, { seed, numRuns: 200 }).filter((one) => JSON.stringify(one).length < 8_000);
  const threads = Array.from({ length: 40 }, () => randomUUID());
  const anyType = fc.constantFrom(...CHANGE_TYPES);
  const drawn = fc.sample(
    // A thread becomes another document with each entry, so that publications enter filters and leave them.
    fc
      .record({ document: fc.constantFrom(...documents), thread: fc.constantFrom(...threads), type: anyType })
      .map(({ document, thread, type }) => ({ document: { ...document, id: thread }, type })),
    {
      seed,
      numRuns: ENTRIES,
    },
  );
  return withSession(url, async (session) => {
    for (let from = 0; from < drawn.length; from += 500)
      await session.query(
        `insert into journal_entry (id, position, subject, type, at, changed_fields, ring, document)
         select gen_random_uuid(), null, (e->'document'->>'id')::uuid, e->>'type', now(), '{texts}', false, e->'document'
         from jsonb_array_elements($1) with ordinality as all_of(e, number) order by number`,
        [JSON.stringify(drawn.slice(from, from + 500))],
      );
    const { rows } = await session.query<Row>(
      'select position::int, type, document from journal_entry order by position',
    );
    return rows;
  });
}

const epochOf = () =>
  withSession(url, async (session) => String((await session.query('select epoch from journal_head')).rows[0]?.epoch));

/** What the journal holds for a filter, before a change or after it, told without a line of the hub's. */
function inJournal({ kinds, communes, severityAtLeast, modes = ['ACTUAL'] }: Filter): Row[] {
  const least = SEVERITIES.indexOf((severityAtLeast ?? 'UNKNOWN') as Severity);
  const passes = ({ document }: Row) =>
    modes.includes(document.mode) &&
    (!kinds || kinds.includes(document.kind)) &&
    (document.kind !== 'ALERT' || SEVERITIES.indexOf(document.severity) >= least) &&
    (!communes || document.communes.some((code) => communes.includes(code)));
  const passed = new Map<string, boolean>();
  return rows.filter((row) => {
    const before = passed.get(row.document.id) ?? false;
    const now = passes(row);
    passed.set(row.document.id, now);
    return before || now;
  });
}

interface Page {
  endCursor: string;
  hasNextPage: boolean;
  nodes: Change[];
}

const ask = async (hub: Hub, where: Filter, after: string, first: number): Promise<Page> =>
  (await hub.as().request<{ changes: Page }>(QUERY, { where, after, first })).changes;

/**
 * The first changes that a subscription tells behind a cursor; a checkpoint alone where it has none to tell. All that follows
 * comes too before it can be ended: what nobody asks for is passed over unread.
 */
function hear(socket: WebSocket, where: Filter, after: string, count: number): Promise<Change[]> {
  const id = randomUUID();
  const heard: Change[] = [];
  return new Promise((resolve) => {
    const take = (text: Buffer) => {
      if (!text.includes(id)) return;
      heard.push(JSON.parse(String(text)).payload.data.changes);
      if (heard.length < count) return;
      socket.off('message', take);
      socket.send(JSON.stringify({ id, type: 'complete' }));
      resolve(heard);
    };
    socket.on('message', take);
    socket.send(
      JSON.stringify({ id, type: 'subscribe', payload: { query: SUBSCRIPTION, variables: { where, after } } }),
    );
  });
}

const brief = (changes: Change[]) =>
  changes.map(({ cursor, type, publication }) => [cursor, type, publication?.thread]);

/** Both ways tell what the journal holds behind a position: these rows first, or a checkpoint at its end. */
async function agree(hub: Hub, socket: WebSocket, where: Filter, position: number, behind: Row[]): Promise<void> {
  const after = cursorAt(position);
  const [asked, heard] = await Promise.all([ask(hub, where, after, BEHIND), hear(socket, where, after, behind.length)]);
  if (behind.length === 0) expect(heard).toMatchObject([{ type: 'CHECKPOINT', cursor: cursorAt(ENTRIES) }]);
  else expect(heard).toEqual(asked.nodes);
  expect(brief(asked.nodes)).toEqual(behind.map((row) => [cursorAt(row.position), row.type, row.document.id]));
}

describe.each(FILTERS.map((where) => ({ name: JSON.stringify(where), where })))(
  'changes of $name (D-6)',
  ({ where }) => {
    it.each([
      ['memory', 0],
      ['the table', 1],
    ] as const)(
      'are the same asked for and followed, from %s, for every cursor',
      async (_from, which) => {
        const hub = hubs[which] as Hub;
        const expected = inJournal(where);
        expect(expected.length).toBeGreaterThan(0);
        let position = -1;
        let next = 0;
        let agreed = 0;
        const lane = async () => {
          // What comes after what was asked for is in nobody else's way.
          const raw = await new RawSocket(hub.url).init();
          const socket = raw.underlying.removeAllListeners('message');
          while (position < ENTRIES) {
            position += 1;
            while (next < expected.length && (expected[next] as Row).position <= position) next += 1;
            await agree(hub, socket, where, position, expected.slice(next, next + BEHIND));
            agreed += 1;
          }
          socket.terminate();
        };
        await Promise.all(Array.from({ length: LANES }, lane));
        expect(agreed).toBe(ENTRIES + 1);
      },
      3_600_000,
    );

    it.each([
      ['memory', 0],
      ['the table', 1],
    ] as const)(
      'are all of them from the beginning, page after page and in one stream, from %s',
      async (_from, which) => {
        const hub = hubs[which] as Hub;
        const expected = inJournal(where).map((row) => [cursorAt(row.position), row.type, row.document.id]);
        const all: Change[] = [];
        let page: Page = { endCursor: cursorAt(0), hasNextPage: true, nodes: [] };
        while (page.hasNextPage) {
          page = await ask(hub, where, page.endCursor, 37);
          all.push(...page.nodes);
        }
        expect(brief(all)).toEqual(expected);
        expect(page.endCursor).toBe(cursorAt(ENTRIES));
        const raw = await new RawSocket(hub.url).init();
        const socket = raw.underlying.removeAllListeners('message');
        expect(await hear(socket, where, cursorAt(0), expected.length)).toEqual(all);
        socket.terminate();
      },
    );
  },
);

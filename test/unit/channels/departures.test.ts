import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Board } from '../../../src/board/board.ts';
import { matchedChange, readChangeFilter } from '../../../src/board/filter/change-filter.rules.ts';
import { departedBy } from '../../../src/board/filter/departed.rules.ts';
import type { PublicReads } from '../../../src/board/public-reads.ts';
import { lastSnapshot, writeSnapshot } from '../../../src/board/snapshot/snapshot.ts';
import { FEED_PARAMETERS, readFeedFilter } from '../../../src/channels/feeds/feed-filter.ts';
import { FEEDS } from '../../../src/channels/feeds/feeds.ts';
import { NETWORKS } from '../../../src/channels/social/fitting/networks.ts';
import { changeBody } from '../../../src/channels/webhooks/delivery/payload.rules.ts';
import { parisTime, SetClock } from '../../../src/clock.ts';
import type { Entry } from '../../../src/journal/entry.ts';
import { Audience, Audiences } from '../../../src/live/following/audience.ts';
import type { Rendering } from '../../../src/live/following/rendering.ts';
import { type PublicDocument, publicStateAt } from '../../../src/publications/document.ts';
import { readPermalink } from '../../../src/publications/permalink.rules.ts';
import { SEVERITIES, type Severity } from '../../../src/publications/vocabulary.ts';
import { anyAlert } from '../../support/generated/generated-alerts.ts';
import { anyDocument } from '../../support/generated/generated-documents.ts';
import { territory } from '../../support/hub/hub.ts';

const HOUR = 3600_000;
const DAY = 24 * HOUR;
const START = Date.parse('2026-11-20T06:00:00Z');
const COMMUNES = ['91345', '91377', '91477', '91027'];
const publicUrl = 'https://tocsin.example';

interface Filter {
  commune?: string;
  severity?: Severity;
  kind?: string;
}
const FILTERS: Filter[] = [
  {},
  { commune: '91345' },
  { commune: '91377,91477' },
  { severity: 'SEVERE' },
  { commune: '91027', severity: 'MODERATE' },
  { commune: '91345,91377', kind: 'CLOSURE,EVENT' },
];

/** What a revision makes of a thread, some hours after the last one of any thread; `ends` hours after it. */
const step = fc.record({
  thread: fc.nat(29),
  hours: fc.integer({ min: 0, max: 3 }),
  communes: fc.subarray(COMMUNES),
  severity: fc.constantFrom(...SEVERITIES),
  ends: fc.option(fc.integer({ min: 1, max: 90 })),
  end: fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, fc.constantFrom('cancelled', 'allClear')),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const isShort = (document: object) => JSON.stringify(document).length < 5_000;
const sampled = [
  ...fc.sample(anyAlert.filter(isShort), { seed: 3, numRuns: 10 }),
  ...fc.sample(
    anyDocument.filter((document) => document.kind !== 'ALERT' && isShort(document)),
    { seed: 3, numRuns: 20 },
  ),
].map((document) => ({ ...document, mode: 'ACTUAL', cancelled: null, allClear: null, revision: 0, incident: null }));

/** The fields that PostgreSQL keeps of what was before an entry; null fields are left out there. */
const beforeOf = ({ kind, mode, communes, endsAt, ...more }: PublicDocument) => ({
  kind,
  mode,
  communes,
  ...(endsAt ? { endsAt } : {}),
  ...('severity' in more ? { severity: more.severity } : {}),
});

/** An event and a closure always have an end. */
function windowOf({ kind }: PublicDocument, end: number | null): object {
  const startsAt = parisTime(new Date(START));
  const endsAt = parisTime(new Date(end ?? START + 5 * DAY));
  if (kind === 'CLOSURE') return { startsAt, endsAt, plannedFrom: startsAt, plannedTo: endsAt };
  return { startsAt, endsAt: end === null && kind !== 'EVENT' ? null : endsAt };
}

/** The journal of random threads: revisions that move, lower and shorten them, and ends. */
function journalOf(steps: readonly Step[]): Entry<PublicDocument>[] {
  const threads = new Map<number, PublicDocument>();
  let now = START;
  return steps.flatMap(({ thread, hours, communes, severity, ends, end }, index) => {
    now += hours * HOUR;
    const at = parisTime(new Date(now));
    const before = threads.get(thread) ?? null;
    if (before && (before.cancelled || before.allClear || publicStateAt(before, now) === 'ENDED')) return [];
    const seed = { ...(before ?? (sampled[thread] as unknown as PublicDocument)) };
    const id = `00000000-0000-4000-8000-${String(thread).padStart(12, '0')}`;
    const ended = before && end;
    const revised = ended
      ? { [end]: end === 'cancelled' ? { at, reason: 'Erreur' } : { at, texts: seed.texts } }
      : {
          id,
          communes,
          revision: seed.revision + 1,
          revisedAt: at,
          publishedAt: before?.publishedAt ?? at,
          ...windowOf(seed, ends === null ? null : now + ends * HOUR),
          ...('severity' in seed ? { severity } : {}),
        };
    const document = { ...seed, ...revised } as PublicDocument;
    threads.set(thread, document);
    return [
      {
        id: `e${index}`,
        position: index + 1,
        subject: id,
        type: ended ? end.toUpperCase() : before ? 'UPDATED' : 'PUBLISHED',
        at,
        atMs: now,
        changedFields: [],
        ring: false,
        onlyWider: false,
        document,
        before: before && beforeOf(before),
        superseded: false,
      },
    ];
  });
}

/** Whether a filter is about a document, said without a line of the hub's filters. */
const isAbout = ({ commune, severity, kind }: Filter, document: PublicDocument): boolean =>
  (!commune || document.communes.some((code) => commune.includes(code))) &&
  (!kind || kind.includes(document.kind)) &&
  (document.kind !== 'ALERT' || SEVERITIES.indexOf(document.severity) >= SEVERITIES.indexOf(severity ?? 'UNKNOWN'));

interface Told {
  shown: Map<string, PublicDocument>;
  left: Map<string, { revision: number; document: PublicDocument }>;
}

/** What a feed with a filter has to say at a time: what is live or ended by people there, and what left within the day. */
function expected(filter: Filter, entries: readonly Entry<PublicDocument>[], now: number): Told {
  const told: Told = { shown: new Map(), left: new Map() };
  for (const thread of Map.groupBy(entries, ({ subject }) => subject).values()) {
    const last = thread.at(-1) as Entry<PublicDocument>;
    const { document } = last;
    const ends = [document.endsAt, document.cancelled?.at, document.allClear?.at].flatMap((at) => at ?? []);
    if (Math.min(...ends.map((at) => Date.parse(at))) <= now - DAY) continue;
    const shortened = thread.some(
      ({ at, before }) =>
        before &&
        Date.parse(at) > now - DAY &&
        document.endsAt &&
        Date.parse(before.endsAt ?? '9999-01-01') > Date.parse(document.endsAt),
    );
    const isOver = publicStateAt(document, now) === 'ENDED' && !document.allClear;
    if (isAbout(filter, document)) {
      if (!isOver || shortened) told.shown.set(last.subject, document);
      continue;
    }
    const leaving = thread.findLast(
      ({ document: after }, index) =>
        index > 0 && !isAbout(filter, after) && isAbout(filter, thread[index - 1]?.document as PublicDocument),
    );
    if (leaving && Date.parse(leaving.at) > now - DAY)
      told.left.set(last.subject, { revision: leaving.document.revision, document });
  }
  return told;
}

function write(board: Board, feedPath: string, filter: Filter): string {
  const reads = { board, territory, publicUrl } as unknown as PublicReads;
  const read = readFeedFilter(filter, territory, FEED_PARAMETERS);
  const feed = FEEDS.find(({ path: one }) => one === feedPath);
  if (!feed) throw new Error(`no feed ${feedPath}`);
  return feed.write({
    reads,
    filter: read,
    setting: { territory, publicUrl, language: read.language },
    selfUrl: `${publicUrl}${feedPath}${read.query}`,
  });
}

const idsIn = (text: string): string[] => [...new Set(text.match(/00000000-0000-4000-8000-\d{12}/g) ?? [])].sort();
const sorted = (map: ReadonlyMap<string, unknown>) => [...map.keys()].sort();
const ofKind = (told: Told, kind: string) =>
  [...told.shown, ...[...told.left].map(([id, { document }]) => [id, document] as const)]
    .filter(([, document]) => document.kind === kind)
    .map(([id]) => id)
    .sort();

interface Item {
  id: string;
  title: string;
  content_text: string;
  _tocsin: { thread: string; left?: boolean };
}
const counted = { left: 0, lowered: 0, shortened: 0 };

function checkItems(items: readonly Item[], { shown, left }: Told, filter: Filter): void {
  expect(
    items
      .filter(({ _tocsin }) => !_tocsin.left)
      .map(({ _tocsin }) => _tocsin.thread)
      .sort(),
  ).toEqual(sorted(shown));
  const gone = items.filter(({ _tocsin }) => _tocsin.left);
  expect(gone.map(({ _tocsin }) => _tocsin.thread).sort()).toEqual(sorted(left));
  for (const { id, _tocsin } of gone) {
    expect(readPermalink(id)).toMatchObject({
      publication: _tocsin.thread,
      revision: left.get(_tocsin.thread)?.revision,
      happened: expect.stringMatching(/^left-/),
    });
  }
  for (const { content_text, title, _tocsin } of gone) {
    const elsewhere =
      filter.commune && !left.get(_tocsin.thread)?.document.communes.some((code) => filter.commune?.includes(code));
    counted[elsewhere ? 'left' : 'lowered'] += 1;
    expect(`${title} ${content_text}`).toMatch(
      elsewhere ? /[Nn]e concerne plus (Longjumeau|Massy|Palaiseau|Athis-Mons|Bièvres|\d)/ : /Vigilance abaissée/,
    );
  }
  for (const { title } of items) if (title.startsWith('Terminé')) counted.shortened += 1;
}

function check(board: Board, entries: readonly Entry<PublicDocument>[], now: number): void {
  for (const filter of FILTERS) {
    const told = expected(filter, entries, now);
    const items = (feedPath: string): Item[] => JSON.parse(write(board, feedPath, filter)).items;
    checkItems(items('/feeds/publications.json'), told, filter);
    checkItems(items('/feeds/social/mastodon.json'), told, filter);
    checkItems(items('/feeds/social/sms.json'), told, filter);
    expect(idsIn(write(board, '/feeds/publications.rss', filter))).toEqual(
      [...told.shown.keys(), ...told.left.keys()].sort(),
    );
    // An entry in which the publication itself stands: the Update, wherever it holds now.
    expect(idsIn(write(board, '/feeds/events.ics', filter))).toEqual(ofKind(told, 'EVENT'));
    expect(
      idsIn(write(board, '/closures/datex2.xml', filter)).filter(
        (id) => ofKind(told, 'CLOSURE').includes(id) === false,
      ),
    ).toEqual([]);
    const calendar = write(board, '/feeds/events.ics', filter).split('BEGIN:VEVENT').slice(1);
    for (const component of calendar)
      if (idsIn(component).some((id) => told.left.has(id))) expect(component).toContain('STATUS:CANCELLED');
    const atom = write(board, '/feeds/alerts.atom', filter);
    for (const [id, { document }] of told.left) expect(atom.includes(id)).toBe(document.kind === 'ALERT');
  }
}

it('says in every feed of a place what left it, and shows what is there, whatever happens to random threads', () => {
  fc.assert(
    fc.property(fc.array(step, { minLength: 80, maxLength: 160 }), (steps) => {
      const clock = new SetClock(new Date(START));
      const board = new Board(clock);
      const entries = journalOf(steps);
      entries.forEach((entry, index) => {
        clock.set(entry.at);
        board.apply(entry);
        board.sweep();
        if (index % 40 === 39) check(board, entries.slice(0, index + 1), Date.parse(entry.at));
      });
      // Time alone brings nothing back, and takes the news away after a day.
      for (const hours of [5, 20, 40]) {
        clock.set(new Date(Date.parse(entries.at(-1)?.at ?? '') + hours * HOUR));
        board.sweep();
        check(board, entries, clock.now().getTime());
      }
    }),
    { numRuns: 4, seed: 5, endOnFailure: true },
  );
  expect(counted.left).toBeGreaterThan(30);
  expect(counted.lowered).toBeGreaterThan(5);
  expect(counted.shortened).toBeGreaterThan(5);
}, 300_000);

it('says so after a restart without a database too', async () => {
  const entries = journalOf(fc.sample(step, { seed: 8, numRuns: 80 }));
  const clock = new SetClock(entries.at(-1)?.at ?? '');
  const board = new Board(clock);
  for (const entry of entries) board.apply(entry);
  board.sweep();
  const folder = await mkdtemp(path.join(tmpdir(), 'tocsin-'));
  const file = path.join(folder, 'board');
  const head = { epoch: '00000000-0000-4000-8000-000000000000', position: entries.length };
  const takenAt = clock.now().toISOString();
  await writeSnapshot(file, 'x', { head, standing: null, takenAt, entries: board.entries() });
  const snapshot = await lastSnapshot(file, 'x', (why) => expect.unreachable(why));
  const again = new Board(clock);
  again.replace(snapshot?.entries ?? []);
  for (const filter of FILTERS)
    for (const feedPath of ['/feeds/publications.json', '/feeds/alerts.atom', '/feeds/events.ics'])
      expect(write(again, feedPath, filter)).toBe(write(board, feedPath, filter));
  await rm(folder, { recursive: true });
});

it('finds by its index whom a change enters, stays with and leaves, as a look at every audience does', () => {
  const whole = FILTERS.map(({ commune, severity, kind }) =>
    readChangeFilter(
      {
        communes: commune?.split(',') ?? null,
        severityAtLeast: severity ?? null,
        kinds: (kind?.split(',') as PublicDocument['kind'][] | undefined) ?? null,
      },
      territory,
    ),
  );
  const audiences = new Audiences<never>();
  const all = whole.map((match) => new Audience<never>({ number: 1 } as Rendering, match));
  for (const audience of all) audiences.add(audience);
  const seen = new Set<string>();
  for (const entry of journalOf(fc.sample(step, { seed: 2, numRuns: 1_500 }))) {
    const found = audiences.audiencesFor(entry);
    for (const [index, audience] of all.entries()) {
      const filter = FILTERS[index] as Filter;
      const now = isAbout(filter, entry.document);
      const before = entry.before !== null && isAbout(filter, entry.before as PublicDocument);
      const match = now ? (before ? 'STAYED' : 'ENTERED') : before ? 'LEFT' : undefined;
      expect(found.get(audience)?.match).toBe(match);
      seen.add(`${match}`);
    }
  }
  expect(seen.size).toBe(4);
});

it('brings webhooks the post that says so, for every network', () => {
  let left = 0;
  for (const entry of journalOf(fc.sample(step, { seed: 4, numRuns: 300 })))
    for (const filter of FILTERS) {
      const { match } = readFeedFilter(filter, territory, FEED_PARAMETERS);
      const change = matchedChange(match, entry);
      if (change?.match !== 'LEFT') continue;
      left += 1;
      const departed = departedBy(match, change);
      const setting = {
        territory,
        publicUrl,
        epoch: '00000000-0000-4000-8000-000000000000',
        networks: NETWORKS,
        language: 'fr-FR',
      };
      const { social } = JSON.parse(changeBody(change, { ...setting, now: new Date(entry.at), departed })).data;
      for (const network of NETWORKS) {
        expect(social[network].phase).toBe('LEFT');
        expect(social[network].text).toMatch(/Ne concerne plus|Vigilance abaiss/);
        expect(readPermalink(social[network].url)?.happened).toMatch(/^left-/);
      }
    }
  expect(left).toBeGreaterThan(30);
});

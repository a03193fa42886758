import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlOver } from '../../../src/database/sql.ts';
import { declareRestore } from '../../../src/journal/restore.commands.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { openIncident } from '../../support/desk/desk.ts';
import { addLine, numbersOf, readLog } from '../../support/desk/log-desk.ts';
import { RawSocket } from '../../support/following/raw-socket.ts';
import { startHub, tokens } from '../../support/hub/hub.ts';

/** What the first hub writes, the second one tells. */
const { url } = await testDatabase();
const [hub, second] = [await startHub({ url }), await startHub({ url })];
const socket = await new RawSocket(second.url).init({ authorization: `Bearer ${tokens.editor}` });
afterAll(async () => {
  await socket.end();
  await Promise.all([hub.close(), second.close()]);
});

interface Told {
  cursor: string;
  line: { number: number; text: string } | null;
}
interface Followed {
  told(): Told[];
  numbers(): number[];
  code(): string | undefined;
  freshCursor(): string | undefined;
  until(condition: () => boolean): Promise<void>;
}
const QUERY = `subscription ($incident: ID!, $after: LogCursor, $where: LogFilter) {
  logLines(incident: $incident, after: $after, where: $where) { cursor line { number text } } }`;

interface Refusal {
  extensions: { code: string; cursor?: string };
}

let subscriptions = 0;
async function follow(incident: string, after: string | null = null, where: object | null = null): Promise<Followed> {
  subscriptions += 1;
  const id = String(subscriptions);
  await socket.subscribe(id, QUERY, { incident, after, where });
  const events = () =>
    socket
      .of(id)
      .flatMap(({ type, payload }) =>
        type === 'next' ? [payload as { data: { logLines: Told } | null; errors?: Refusal[] }] : [],
      );
  const refusals = (): Refusal[] => [
    ...events().flatMap(({ errors }) => errors ?? []),
    ...socket.of(id).flatMap(({ type, payload }) => (type === 'error' ? (payload as Refusal[]) : [])),
  ];
  const told = () => events().flatMap(({ data }) => (data ? [data.logLines] : []));
  return {
    told,
    numbers: () => told().flatMap(({ line }) => (line ? [line.number] : [])),
    code: () => refusals()[0]?.extensions.code,
    freshCursor: () => refusals()[0]?.extensions.cursor,
    until: (condition) => socket.until(condition),
  };
}
const begun = async (...asked: Parameters<typeof follow>): Promise<Followed> => {
  const followed = await follow(...asked);
  await followed.until(() => followed.told().length > 0 || followed.code() !== undefined);
  return followed;
};

describe('a log that is followed', () => {
  it('tells a checkpoint first, then each line once, over another hub', async () => {
    const incident = await openIncident(hub, 'suivi');
    await addLine(hub, incident);
    const followed = await begun(incident);
    expect(followed.told()).toEqual([{ cursor: expect.any(String), line: null }]);
    await addLine(hub, incident, { text: 'deux' });
    await addLine(hub, incident, { text: 'trois' }, 'checker');
    await followed.until(() => followed.numbers().length === 2);
    expect(followed.told().slice(1)).toMatchObject([{ line: { number: 2, text: 'deux' } }, { line: { number: 3 } }]);
  });

  it('goes on from each number without loss or doubles, under several writers', async () => {
    const incident = await openIncident(hub, 'reprise');
    const live = await begun(incident);
    const personas = ['editor', 'validator', 'duty', 'checker'] as const;
    const all = personas.length * 6;
    await Promise.all(
      personas.map(async (persona) => {
        for (let line = 0; line < 6; line += 1) await addLine(hub, incident, {}, persona);
      }),
    );
    const everything = Array.from({ length: all }, (_, index) => index + 1);
    await live.until(() => live.numbers().length >= all);
    expect(live.numbers()).toEqual(everything);
    const cursors = live.told().map(({ cursor }) => cursor);
    expect((await readLog(hub, incident)).map(({ cursor }) => cursor).reverse()).toEqual(cursors.slice(1));
    for (const [seen, cursor] of cursors.entries()) {
      const resumed = await begun(incident, cursor);
      await resumed.until(() => resumed.numbers().length >= all - seen);
      expect(resumed.numbers()).toEqual(everything.slice(seen));
    }
  }, 120_000);

  it('leaves no gap and no overlap behind the newest line of the list', async () => {
    const incident = await openIncident(hub, 'liste-puis-suivi');
    const lines = 30;
    const writing = (async () => {
      for (let line = 0; line < lines; line += 1) await addLine(hub, incident);
    })();
    let read = await readLog(hub, incident);
    while (read.length === 0) read = await readLog(hub, incident);
    const followed = await begun(incident, read[0]?.cursor);
    await writing;
    await followed.until(() => followed.numbers().at(-1) === lines);
    expect([...numbersOf(read).reverse(), ...followed.numbers()]).toEqual(
      Array.from({ length: lines }, (_, index) => index + 1),
    );
  }, 120_000);

  it('tells the lines of a filter alone, and by checkpoints how far the log has come', async () => {
    const incident = await openIncident(hub, 'suivi-filtre');
    const followed = await begun(incident, null, { kinds: ['DECISION'], important: true });
    await addLine(hub, incident);
    await followed.until(() => followed.told().length > 1);
    const { cursor } = followed.told().at(-1)!;
    await addLine(hub, incident, { kind: 'DECISION', important: true, text: 'Évacuer' });
    await followed.until(() => followed.numbers().length === 1);
    expect(followed.numbers()).toEqual([2]);
    const resumed = await begun(incident, cursor);
    await resumed.until(() => resumed.numbers().length > 0);
    expect(resumed.numbers()).toEqual([2]);
  });

  it('reads a log that is longer than a page from its beginning', async () => {
    const incident = await openIncident(hub, 'long');
    const { cursor } = await addLine(hub, incident);
    await withSession(url, async (session) => {
      // As hubs write them, many at a time.
      await session.query('begin');
      await session.query(
        `with line as (
           insert into log_line (id, incident_id, kind, happened_at, written_at, important, audience, communes, words_hash)
           select gen_random_uuid(), $1, 'FACT', now(), now(), false, 'CELL', '{}',
             encode(sha256(convert_to(concat_ws(E'\\n', 'ab', '', '', '', 'eau'), 'UTF8')), 'hex') from generate_series(1, 450)
           returning id)
         insert into log_words (line_id, salt, text) select id, 'ab', 'eau' from line`,
        [incident],
      );
      await session.query('commit');
    });
    const followed = await begun(incident, cursor);
    await followed.until(() => followed.numbers().length >= 450);
    expect(followed.numbers()).toEqual(Array.from({ length: 450 }, (_, index) => index + 2));
  }, 60_000);
});

describe('a cursor that cannot be continued', () => {
  let incident = '';
  let other = '';
  beforeAll(async () => {
    incident = await openIncident(hub, 'curseurs');
    other = (await addLine(hub, await openIncident(hub, 'autre'))).cursor;
    await addLine(hub, incident);
  });

  it.each<[string, () => Promise<string> | string]>([
    ['none of ours', () => 'x'],
    ['of another log', () => other],
    [
      'of the public journal',
      async () =>
        (await hub.as().request<{ situation: { asOf: string } }>('{ situation(place: { commune: "91345" }) { asOf } }'))
          .situation.asOf,
    ],
    [
      'of the future',
      async () => {
        const [newest] = await readLog(hub, incident);
        const text = Buffer.from(newest!.cursor, 'base64url').toString();
        return Buffer.from(text.replace(/\d+$/, '99')).toString('base64url');
      },
    ],
  ])('%s, is answered with a fresh one that can', async (_what, cursorOf) => {
    const refused = await begun(incident, await cursorOf());
    expect(refused.code()).toBe('RESYNC_REQUIRED');
    const fresh = await begun(incident, refused.freshCursor());
    expect(fresh.told()).toMatchObject([{ line: null }]);
  });

  it('is refused with a filter that cannot be, and for an incident that is not there', async () => {
    expect((await begun(incident, null, { communes: ['75056'] })).code()).toBe('INVALID_INPUT');
    expect((await begun(randomUUID())).code()).toBe('NOT_FOUND');
    expect((await begun('x\u0000')).code()).toBe('NOT_FOUND');
  });

  it('of before a restore: who follows is told at once, and nobody goes on from there', async () => {
    const followed = await begun(incident);
    const [{ cursor }] = followed.told() as [Told];
    await withSession(url, (session) => declareRestore(sqlOver(session)));
    await followed.until(() => followed.code() !== undefined);
    expect(followed.code()).toBe('RESYNC_REQUIRED');
    expect((await begun(incident, cursor)).code()).toBe('RESYNC_REQUIRED');
    const fresh = await begun(incident, followed.freshCursor());
    await addLine(hub, incident);
    await fresh.until(() => fresh.numbers().length === 1);
    expect(fresh.numbers()).toEqual([2]);
  });

  it('ends an event stream with the same word', async () => {
    const query = `subscription { logLines(incident: "${incident}") { cursor } }`;
    const answer = await fetch(`${second.url}/graphql/stream?query=${encodeURIComponent(query)}`, {
      headers: { accept: 'text/event-stream', authorization: `Bearer ${tokens.checker}` },
    });
    const read = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await read.read()).value).toContain('"logLines":{"cursor":');
    await withSession(url, (session) => declareRestore(sqlOver(session)));
    let text = '';
    for (let part = await read.read(); !part.done; part = await read.read()) text += part.value;
    expect(text).toContain('RESYNC_REQUIRED');
    expect(text).toContain('event: complete');
  });
});

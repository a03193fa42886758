import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { testDatabase } from '../support/database.ts';
import { alertInput, publishNew } from '../support/desk.ts';
import { temporaryFolder } from '../support/embedded.ts';
import { startHub } from '../support/hub.ts';
import { headOf, JournalPump } from '../support/journal-pump.ts';
import { confirmOften } from '../support/many-entries.ts';
import { addressOf, startHubProcess } from '../support/started-hub.ts';
import { tell } from '../support/tell.ts';

const STOPPED = Number(process.env.TEST_STOPPED ?? 200);
const READERS = 20;
/** Transactions (of three changes each) before anybody stops, for the figures to compare with. */
const BEFORE = 200;
/** What all who stopped may cost together, with whatever else comes and goes. What they were not told is some ten times as much. */
const FLAT_BYTES = 300e6;
/** Changes that come in one burst, of some 5 kB each: more than a connection's buffers take. */
const BURST = 2_000;
/** How often one of those who stopped reads again: some while they are still waited for, one perhaps as it is given up. */
const AGAIN_MS = 400;

const { url: databaseUrl } = await testDatabase();

interface Told {
  cursor: string;
  type: string;
  changedFields: string[];
}
const QUERY = `subscription ($after: Cursor) { changes(after: $after) { cursor type changedFields
  publication { id text { headline description } } } }`;

/** A reader whose changes are counted by their positions, and who may stop reading. */
class Reader {
  readonly positions: number[] = [];
  /** Between the writing of a change and its arrival, in milliseconds, for those of the pump. */
  readonly delays: number[] = [];
  closed: number | undefined;
  #cursor: string | null = null;
  #socket: WebSocket;
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
    this.#socket = this.#open();
  }

  get isThere(): boolean {
    return this.#cursor !== null;
  }

  /** Stops right behind its next pong, so that the hub thinks it well for as long as can be. */
  stop(): Promise<void> {
    return new Promise((resolve) =>
      this.#socket.once('ping', () => {
        this.#socket.pause();
        resolve();
      }),
    );
  }

  read(): void {
    this.#socket.resume();
  }

  comeBack(): void {
    this.#socket = this.#open();
  }

  end(): void {
    this.#socket.terminate();
  }

  #open(): WebSocket {
    const socket = new WebSocket(`${this.#url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const say = (message: object) => socket.send(JSON.stringify(message));
    socket.on('error', () => undefined);
    socket.on('open', () => say({ type: 'connection_init' }));
    socket.on('close', (code) => {
      this.closed = code;
    });
    socket.on('message', (text) => {
      const { type, payload } = JSON.parse(String(text));
      if (type === 'connection_ack')
        say({ id: '1', type: 'subscribe', payload: { query: QUERY, variables: { after: this.#cursor } } });
      if (type === 'next') this.#hear(payload.data.changes);
    });
    return socket;
  }

  #hear({ cursor, type, changedFields }: Told): void {
    this.#cursor = cursor;
    if (type === 'CHECKPOINT') return;
    this.positions.push(Number(Buffer.from(cursor, 'base64url').toString().split('.').at(-1)));
    const written = Number(changedFields[0]);
    if (written) this.delays.push(Date.now() - written);
  }
}

/** Median and p99 of what has come since the last call, in milliseconds. */
function delaysOf(readers: Reader[]): string {
  const delays = readers.flatMap((reader) => reader.delays.splice(0)).sort((one, other) => one - other);
  return [0.5, 0.99].map((share) => delays[Math.floor(delays.length * share)]).join(' / ');
}

async function metric(url: string, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}
const memory = (url: string) => metric(url, 'process_resident_memory_bytes');

it(`lets go of ${STOPPED} who stopped reading, holds nothing for them, and lets nobody else wait`, async () => {
  const text = { language: 'fr-FR', headline: 'L’Yvette déborde', description: 'inondé '.repeat(700) };
  const desk = await startHub({ url: databaseUrl });
  const large = await publishNew(desk, 'Alert', alertInput({ texts: [{ ...text, instruction: 'Montez.' }] }));
  const small = await publishNew(desk, 'Event');
  await desk.close();
  const env = { PORT: '0', DATABASE_URL: databaseUrl, TOCSIN_DATA_DIR: await temporaryFolder(), TOCSIN_DEMO: 'false' };
  const url = await addressOf(startHubProcess({ env }));

  const from = await headOf(databaseUrl);
  const readers = Array.from({ length: READERS }, () => new Reader(url));
  const stopped: Reader[] = [];
  const pump = new JournalPump(databaseUrl, small.id);
  onTestFinished(async () => {
    await pump.stop();
    for (const reader of [...readers, ...stopped]) reader.end();
  });
  await expect.poll(() => readers.every(({ isThere }) => isThere)).toBe(true);
  // The burst comes to all who read first, so that what is seen later is what those cost who do not.
  const toldOf = async (head: number) =>
    expect
      .poll(() => readers.every(({ positions }) => (positions.at(-1) ?? 0) >= head), { timeout: 60_000 })
      .toBe(true);
  await confirmOften(databaseUrl, large.id, BURST);
  await toldOf(await headOf(databaseUrl));
  delaysOf(readers);
  pump.start();
  await pump.more(BEFORE);
  const before = delaysOf(readers);

  stopped.push(...Array.from({ length: STOPPED }, () => new Reader(url)));
  await expect.poll(() => stopped.every(({ isThere }) => isThere)).toBe(true);
  const flat = await memory(url);
  await Promise.all(stopped.map((reader) => reader.stop()));
  await confirmOften(databaseUrl, large.id, BURST);
  await toldOf(await headOf(databaseUrl));
  delaysOf(readers);

  // While changes go on, some wake again, until the hub has let go of all who sleep.
  let most = flat;
  const asleep = [...stopped];
  const isOver = async () => (await metric(url, 'tocsin_followers')) <= READERS + STOPPED - asleep.length;
  while (!(await isOver())) {
    await pause(AGAIN_MS);
    most = Math.max(most, await memory(url));
    asleep.shift()?.read();
  }
  const during = delaysOf(readers);
  expect(asleep.length).toBeGreaterThan(STOPPED / 4);
  for (const reader of asleep) reader.read();
  await expect.poll(() => asleep.filter(({ closed }) => closed === undefined).length).toBe(0);
  const codes = stopped.flatMap(({ closed }) => closed ?? []);
  // A goodbye reaches only those who read it before the connection is cut.
  expect(codes.filter((code) => code !== 1013 && code !== 1006)).toEqual([]);

  // Whoever was given up comes back with the cursor, and has missed nothing either.
  for (const reader of stopped) if (reader.closed) reader.comeBack();
  await pump.more(1);
  const head = await pump.stop();
  const all = Array.from({ length: head - from }, (_, index) => from + 1 + index);
  const behind = () => [...readers, ...stopped].filter(({ positions }) => positions.at(-1) !== head).length;
  await expect.poll(behind, { timeout: 120_000 }).toBe(0);
  for (const { positions } of readers) expect(positions).toEqual(all);
  for (const { positions } of stopped) expect(positions).toEqual(all.slice(-positions.length));
  expect(most - flat).toBeLessThan(FLAT_BYTES);
  tell(
    `${READERS} readers, ${all.length} changes: median / p99 ${before} ms before, ${during} ms while ${STOPPED} had stopped; ` +
      `memory ${Math.round(flat / 1e6)} MB before, ${Math.round(most / 1e6)} MB at most; ` +
      `${codes.length} closed, ${codes.filter((code) => code === 1013).length} of them read 1013`,
  );
}, 300_000);

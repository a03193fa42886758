import { get, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { SLOW_READER_MS } from '../../../src/live/following/followers.ts';
import { testDatabase } from '../../support/database/database.ts';
import { temporaryFolder } from '../../support/database/embedded.ts';
import { alertInput, publishNew } from '../../support/desk/desk.ts';
import { delaysOf, EVERYTHING, metric, positionOf, Reader } from '../../support/following/reader.ts';
import { startHub } from '../../support/hub/hub.ts';
import { headOf, JournalPump } from '../../support/hub/journal-pump.ts';
import { INSPECTED, liveMemory } from '../../support/hub/live-memory.ts';
import { confirmOften } from '../../support/hub/many-entries.ts';
import { addressOf, startHubProcess } from '../../support/hub/started-hub.ts';
import { tell } from '../../support/tell.ts';

const STOPPED = Number(process.env.TEST_STOPPED ?? 200);
/** As many of them follow by event stream. */
const STREAMS = Math.ceil(STOPPED / 10);
/** As many of the WebSockets read again while they are still waited for. */
const SHORT = Math.ceil(STOPPED / 10);
const READERS = 20;
/** Transactions (of three changes each) before anybody stops, for the figures to compare with. */
const BEFORE = 200;
/** How often each who stops has subscribed on its one connection. */
const SUBSCRIPTIONS = 5;
/** What each who stopped may cost beside the same load without: 32 KiB that its connection was writing, and what it is itself. */
const MOST_HELD = 100_000;
/** What a hub holds more or less by chance: caches that happen to be full. */
const CHANCE_BYTES = 8e6;
/**
 * How much longer than without others may wait, in milliseconds or as often, whichever is more: much, since this test reads for
 * all of them and tests share a machine, but little beside the 20 s that those who stopped are waited for.
 */
const LONGER = { ms: 1_000, times: 5 };
/** The same for a whole burst, which also fills the buffers of those who stopped. */
const BURST_LONGER = { ms: 5_000, times: 5 };
/** Changes that come in one burst, of some 5 kB each: more than a connection's buffers take. */
const BURST = 2_000;
const LOOK_MS = 400;
/** `ws` waits 30 s for the answer to its closing frame; less, since the first is told to be closed some time after it was. */
const READS_REASON_SECONDS = 20;
/** Those who read again so soon are never given up; a machine under load may wake them when the hub's 20 s are over. */
const SOON_SECONDS = 12;
/** How long all may take to read what they are told, one process reading for them all. */
const BACK_MS = 300_000;

const { url: databaseUrl } = await testDatabase();

/** A reader of an event stream who stops at its first event. */
class StreamReader {
  isThere = false;
  closed: string | undefined;
  #text = '';
  #response: IncomingMessage | undefined;

  constructor(url: string) {
    get(`${url}/graphql/stream?query=${encodeURIComponent(EVERYTHING)}`, { agent: false }, (response) => {
      this.#response = response;
      response.setEncoding('utf8');
      response.on('data', (text) => {
        this.#text += text;
        if (this.isThere || !text.includes('id: ')) return;
        this.isThere = true;
        response.pause();
      });
      response.on('error', () => undefined);
      response.on('close', () => {
        this.closed = response.complete ? (this.#text.split('\n\n').at(-2) ?? '') : 'cut';
      });
    }).on('error', () => undefined);
  }

  get positions(): number[] {
    const events = this.#text.split('\n\n').filter((text) => text.includes('"VERIFIED"'));
    return events.map((text) => positionOf(/^id: (.*)$/m.exec(text)?.[1] ?? ''));
  }

  read(): void {
    this.#response?.resume();
  }

  end(): void {
    this.#response?.destroy();
  }
}

interface Figures {
  before: [number, number];
  /** How long the others took to read the burst while so many had stopped, in milliseconds. */
  burst: number;
  /** While the others read again; what this process reads for them makes everybody here wait. */
  catchingUp: [number, number];
  during: [number, number];
  /** How much more the hub held when they had stopped, and how large its process became meanwhile, in bytes. */
  held: number;
  resident: number;
  seconds: number;
}

/** A hub of its own with twenty who read and a pump that goes on; so many stop before a burst, or it takes so long without. */
async function scene(large: string, small: string, count: number, atLeast = 0): Promise<Figures> {
  const env = { PORT: '0', DATABASE_URL: databaseUrl, TOCSIN_DATA_DIR: await temporaryFolder(), TOCSIN_DEMO: 'false' };
  const hub = startHubProcess({ env, command: INSPECTED });
  const url = await addressOf(hub);
  const from = await headOf(databaseUrl);
  const readers = Array.from({ length: READERS }, () => new Reader(url, { returns: true }));
  const stopped: Reader[] = [];
  const streams: StreamReader[] = [];
  const pump = new JournalPump(databaseUrl, small);
  const stop = async () => {
    await pump.stop();
    for (const reader of [...readers, ...stopped, ...streams]) reader.end();
    hub.process.kill('SIGTERM');
    await hub.ended;
  };
  onTestFinished(stop);
  await expect.poll(() => readers.every(({ isThere }) => isThere)).toBe(true);
  // The burst comes to all who read first, so that what is seen later is what those cost who do not.
  const told = async () => {
    const head = await headOf(databaseUrl);
    const isTold = () => readers.every(({ positions }) => (positions.at(-1) ?? 0) >= head);
    await expect.poll(isTold, { timeout: BACK_MS }).toBe(true);
  };
  await confirmOften(databaseUrl, large, BURST);
  await told();
  delaysOf(readers);
  pump.start();
  await pump.more(BEFORE);
  const before = delaysOf(readers);

  const began = performance.now();
  const passed = () => (performance.now() - began) / 1000;
  const flat = await liveMemory(hub.printed());
  stopped.push(...Array.from({ length: count }, () => new Reader(url, { subscriptions: SUBSCRIPTIONS })));
  streams.push(...Array.from({ length: count && STREAMS }, () => new StreamReader(url)));
  const areThere = () => [...stopped, ...streams].every(({ isThere }) => isThere);
  await expect.poll(areThere, { timeout: BACK_MS }).toBe(true);
  const stoppedAt = passed();
  await Promise.all(stopped.map((reader) => reader.stop()));
  const burstAt = performance.now();
  await confirmOften(databaseUrl, large, BURST);
  await told();
  const burst = performance.now() - burstAt;
  // Some read again while the hub waits for them: they miss nothing, and stay.
  const short = stopped.slice(0, SHORT);
  for (const reader of short) reader.read();
  const wokenAfter = passed() - stoppedAt;
  const held = (await liveMemory(hub.printed())) - flat;
  delaysOf(readers);
  const burstEnd = await headOf(databaseUrl);
  const isDecided = ({ closed, positions }: Reader) => closed !== undefined || (positions.at(-1) ?? 0) >= burstEnd;
  await expect.poll(() => short.every(isDecided), { timeout: BACK_MS }).toBe(true);
  const givenUp = short.filter(({ closed }) => closed !== undefined).length;
  const catchingUp = delaysOf(readers);

  // While changes go on, the hub lets go of all who do not read.
  let resident = 0;
  await pump.more(BEFORE);
  const asleep = [...stopped.slice(SHORT), ...streams];
  for (;;) {
    resident = Math.max(resident, await metric(url, 'process_resident_memory_bytes'));
    const closed = await metric(url, 'tocsin_too_slow_total');
    if (closed >= asleep.length + givenUp && passed() >= atLeast) break;
    await pause(LOOK_MS);
  }
  const during = delaysOf(readers);
  const seconds = passed();
  for (const reader of asleep) reader.read();
  const open = () => asleep.filter(({ closed }) => closed === undefined).length;
  await expect.poll(open, { timeout: BACK_MS }).toBe(0);
  // Whoever does not read for half a minute more is cut, and hears no reason: this machine may be as slow.
  const isLate = passed() - stoppedAt - SLOW_READER_MS / 1000 > READS_REASON_SECONDS;
  const heard = (some: { closed?: string | undefined }[], cut: string) =>
    some.map(({ closed }) => closed).filter((reason) => !isLate || reason !== cut);
  expect(new Set(heard(stopped.slice(SHORT), '1006 '))).toEqual(
    new Set(count ? ['1013 Too slow: come back with your cursor'] : []),
  );
  for (const reason of heard(streams, 'cut')) expect(reason).toBe(': too slow: come back behind the last event');
  if (wokenAfter < SOON_SECONDS) expect(short.filter(({ closed }) => closed !== undefined)).toEqual([]);

  // Whoever was given up comes back with the cursor, and has missed nothing either.
  for (const reader of stopped) if (reader.closed) reader.comeBack();
  await pump.more(1);
  const head = await pump.stop();
  const all = Array.from({ length: head - from }, (_, index) => from + 1 + index);
  const behind = () => [...readers, ...stopped].filter(({ positions }) => positions.at(-1) !== head).length;
  await expect.poll(behind, { timeout: BACK_MS }).toBe(0);
  for (const { positions } of readers) expect(positions).toEqual(all);
  for (const { positions } of stopped) expect(positions).toEqual(all.slice(-positions.length));
  for (const { positions } of streams) {
    const first = all.indexOf(positions[0] ?? 0);
    expect(positions).toEqual(all.slice(first, first + positions.length));
  }
  await stop();
  return { before, burst, catchingUp, during, held, resident, seconds };
}

it(`lets go of ${STOPPED} who stopped reading, holds nothing for them, and lets nobody else wait (D-4, S-10)`, async () => {
  const text = { language: 'fr-FR', headline: 'L’Yvette déborde', description: 'inondé '.repeat(700) };
  const desk = await startHub({ url: databaseUrl });
  const { id: large } = await publishNew(desk, 'Alert', alertInput({ texts: [{ ...text, instruction: 'Montez.' }] }));
  const { id: small } = await publishNew(desk, 'Event');
  await desk.close();

  const stopped = await scene(large, small, STOPPED);
  const control = await scene(large, small, 0, stopped.seconds);
  const told = ({ before, burst, catchingUp, during, held, resident }: Figures) =>
    `median / p99 ${before.join(' / ')} ms before, burst read after ${Math.round(burst)} ms, ` +
    `${catchingUp.join(' / ')} ms while some read again, ${during.join(' / ')} ms behind them; ` +
    `${Math.round(held / 1e5) / 10} MB more held, ${Math.round(resident / 1e6)} MB resident at most`;
  tell(`${STOPPED} stopped for ${Math.round(stopped.seconds)} s: ${told(stopped)}\nnobody stopped: ${told(control)}`);
  expect(stopped.held - control.held).toBeLessThan((STOPPED + STREAMS) * MOST_HELD + CHANCE_BYTES);
  const most = (without: number, { ms, times } = LONGER) => Math.max(without + ms, without * times);
  expect(stopped.burst).toBeLessThan(most(control.burst, BURST_LONGER));
  expect(stopped.during[1]).toBeLessThan(most(control.during[1]));
}, 1_200_000);

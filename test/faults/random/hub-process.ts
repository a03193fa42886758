import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { FaultProxy } from '../../support/database/fault-proxy.ts';
import { addressOf, START, type StartedHub, startHubProcess } from '../../support/hub/started-hub.ts';

const LEAPING = path.join(import.meta.dirname, '../../support/hub/leaping-clock.mjs');
/** How long whoever keeps a service running waits before it starts it again. */
const REST_MS = 300;
/** How long a hub may take to answer those who only look. */
const LOOK_MS = 1_500;

/** Clients of a fault run are many and at one address: they are not refused for that. */
const UNBOUNDED = Object.fromEntries(
  ['IDENTITY_POINTS', 'ADDRESS_POINTS', 'ANONYMOUS_POINTS', 'ADDRESS_STREAMS', 'ADDRESS_HANDSHAKES'].map((name) => [
    `TOCSIN_${name}`,
    '0',
  ]),
);

export interface HubProcessOfRun {
  number: number;
  databaseUrl: string;
  /** A folder of its own, as on a machine of its own. */
  dataDir: string;
}

/**
 * A hub as `npm start` runs it, between two bad networks: `door`, by which clients come in, and `link`, to PostgreSQL. It has a
 * clock that leaps when it is told, and is started again whenever it ends, as a service manager does.
 */
export class HubUnderFaults {
  readonly number: number;
  readonly door: FaultProxy;
  readonly link: FaultProxy;
  /** It ended though nobody told it to, or would not start: its last words. */
  readonly ownEnds: string[] = [];
  /** How often its process ended, whatever ended it. */
  ends = 0;
  /** How often it did not start because PostgreSQL was not there. */
  failedStarts = 0;
  readonly #dataDir: string;
  #url: string;
  #process: StartedHub;
  #told = new WeakSet<StartedHub>();
  #isOver = false;
  #kept: Promise<void>;

  private constructor(
    options: HubProcessOfRun,
    networks: { door: FaultProxy; link: FaultProxy },
    first: StartedHub,
    url: string,
  ) {
    this.number = options.number;
    this.#dataDir = options.dataDir;
    this.door = networks.door;
    this.link = networks.link;
    this.#process = first;
    this.#url = url;
    this.#kept = this.#keep();
  }

  static async open(options: HubProcessOfRun): Promise<HubUnderFaults> {
    const link = await FaultProxy.to(options.databaseUrl);
    const first = startOn(options.dataDir, link, '0');
    const url = await addressOf(first);
    return new HubUnderFaults(options, { link, door: await FaultProxy.to(url) }, first, url);
  }

  /** Its development tokens, by persona. */
  async tokens(): Promise<Record<string, string>> {
    return JSON.parse(await readFile(path.join(this.#dataDir, 'dev-tokens.json'), 'utf8'));
  }

  /** Ends its process; it is started again at once. */
  signal(name: 'SIGKILL' | 'SIGTERM'): void {
    this.#told.add(this.#process);
    this.#process.process.kill(name);
  }

  /** Stops its process; the function that is answered lets it go on, if it still is the same one. */
  stop(): () => void {
    const { process } = this.#process;
    process.kill('SIGSTOP');
    return () => void process.kill('SIGCONT');
  }

  /** Its clock is off by so many milliseconds from now on. */
  setClock(milliseconds: number): Promise<void> {
    return writeFile(path.join(this.#dataDir, 'clock'), String(milliseconds));
  }

  async leads(): Promise<boolean> {
    const text = await fetch(`${this.#url}/metrics`, { signal: AbortSignal.timeout(LOOK_MS) })
      .then((answer) => answer.text())
      .catch(() => '');
    return /^tocsin_timekeeper_leads 1$/m.test(text);
  }

  /** The status of `/readyz`; 0 where nobody answers. */
  readiness(): Promise<number> {
    return fetch(`${this.#url}/readyz`, { signal: AbortSignal.timeout(LOOK_MS) }).then(
      ({ status }) => status,
      () => 0,
    );
  }

  /** The end of what its process of now has logged. */
  lastWords(): string {
    return wordsOf(this.#process);
  }

  async close(): Promise<void> {
    this.#isOver = true;
    this.#told.add(this.#process);
    this.#process.process.kill('SIGCONT');
    this.#process.process.kill('SIGKILL');
    await this.#kept;
    await Promise.all([this.door.close(), this.link.close()]);
  }

  async #keep(): Promise<void> {
    for (let serves = true; ; ) {
      const code = await this.#process.ended;
      this.ends += 1;
      const words = wordsOf(this.#process);
      if (serves && !this.#told.has(this.#process))
        this.ownEnds.push(`hub ${this.number} ended with ${code}: ${words}`);
      if (!this.#isOver) await pause(REST_MS);
      if (this.#isOver) return;
      this.#process = startOn(this.#dataDir, this.link, new URL(this.#url).port);
      serves = await addressOf(this.#process).then(
        () => true,
        () => false,
      );
      if (!serves && !this.#told.has(this.#process)) this.#judgeStart(wordsOf(this.#process));
    }
  }

  /** A hub does not start without PostgreSQL, and says so in one line; with a stack it is a fault of the hub. */
  #judgeStart(words: string): void {
    this.failedStarts += 1;
    if (/^ {4}at /m.test(words)) this.ownEnds.push(`hub ${this.number} did not start: ${words}`);
  }
}

/** The end of what a process has printed, without the start screen, which holds tokens. */
const wordsOf = (started: StartedHub): string =>
  started
    .printed()
    .replace(/^\nTocsin listens[\s\S]*?^Ctrl-C.*$/m, '')
    .trim()
    .slice(-2_000);

const startOn = (dataDir: string, link: FaultProxy, port: string): StartedHub =>
  startHubProcess({
    command: [process.execPath, '--import', LEAPING, START],
    env: {
      PORT: port,
      DATABASE_URL: link.databaseUrl,
      TOCSIN_DATA_DIR: dataDir,
      TOCSIN_DEMO: 'false',
      TOCSIN_DRAIN_SECONDS: '1',
      TOCSIN_LOG_LEVEL: 'error',
      TEST_CLOCK_FILE: path.join(dataDir, 'clock'),
      ...UNBOUNDED,
    },
  });

import cluster, { type Worker } from 'node:cluster';
import path from 'node:path';
import type { Logger } from 'pino';
import { feelPulse } from './pulse.ts';
import { answerForAllWorkers } from './worker-metrics.ts';

/** The first worker did not start: it has said why, or it hung and the log says so. */
export class WorkersFault extends Error {}

/** In milliseconds; 0: for ever. */
interface Patience {
  /**
   * How long a worker may take until it serves before it is ended and replaced. The very first one may migrate the database for
   * as long as that takes, while it answers.
   */
  startMs: number;
  /** How long a worker that serves may not answer. */
  serveMs: number;
}

export interface WorkersOptions {
  count: number;
  /** The variables that workers have in their environment beside ours. */
  environment: Readonly<Record<string, string>>;
  patience: Patience;
  logger: Logger;
}

export interface Workers {
  /** Where they listen, all of them at one address. */
  url: string;
  /** Tells all of them to end, and settles when they have. Throws when one did not end well. */
  close(): Promise<void>;
}

const LEAST_WAIT_MS = 500;
const MOST_WAIT_MS = 30_000;
/** A worker that lived this long ends for another reason than the one before it. */
const LONG_LIFE_MS = 60_000;

/**
 * Runs several hub processes at one address (node:cluster): each is a whole hub with a board and a tail of its own, and no
 * process but PostgreSQL knows more than another. The first one starts alone, so that what is done once (migrations, keys,
 * the demo) is done when the others come. One that dies is replaced, after a wait that doubles while it keeps dying; one that
 * hangs, dead to its readers though it lives, is ended first, whether it serves already or only starts.
 * Throws a WorkersFault when the first one does not start.
 */
export async function startWorkers({ count, ...options }: WorkersOptions): Promise<Workers> {
  answerForAllWorkers();
  const pool = new Pool(options);
  const first = pool.start(1, true);
  const url = await Promise.race([addressOf(first), pool.endOf(first)?.then(() => undefined)]);
  if (!url) throw new WorkersFault('its first worker ended before it served; what stands above says why');
  // With port 0 the first worker found a free one: the others share it.
  pool.environment = { ...options.environment, PORT: new URL(url).port };
  void pool.keep(1, first);
  for (let number = 2; number <= count; number++) void pool.keep(number);
  return { url, close: () => pool.close() };
}

/** The workers of one primary, by number. */
class Pool {
  /** The variables that workers which start from now on have beside ours. */
  environment: WorkersOptions['environment'];
  readonly #options: Omit<WorkersOptions, 'count'>;
  readonly #living = new Map<Worker, Promise<number | null>>();
  readonly #serving = new WeakSet<Worker>();
  readonly #waiting = new Set<NodeJS.Timeout>();
  #closing = false;

  constructor(options: Omit<WorkersOptions, 'count'>) {
    this.#options = options;
    this.environment = options.environment;
  }

  /** `isFirst`: no worker of this pool has served yet. */
  start(number: number, isFirst = false): Worker {
    const { logger, patience } = this.#options;
    // The number goes with the arguments: the environment is for what people set.
    cluster.setupPrimary({ exec: program, args: [String(number)] });
    const worker = cluster.fork(this.environment);
    logger.info({ worker: number, pid: worker.process.pid }, 'a worker starts');
    const end = new Promise<number | null>((resolve) => worker.once('exit', resolve));
    this.#living.set(worker, end);
    void end.then(() => this.#living.delete(worker));
    const onHang = () => this.#endHanging(worker, number);
    const started =
      patience.startMs > 0 ? feelPulse(worker, { ms: patience.startMs, inAll: !isFirst, onHang }) : undefined;
    void addressOf(worker).then(() => {
      started?.();
      this.#serving.add(worker);
      logger.info({ worker: number, pid: worker.process.pid }, 'a worker serves');
      if (patience.serveMs > 0) feelPulse(worker, { ms: patience.serveMs, onHang });
    });
    worker.on('error', (error) => logger.error({ worker: number, err: error }, 'a worker cannot be spoken to'));
    return worker;
  }

  /** Settles with the exit code of a worker that lives. */
  endOf(worker: Worker): Promise<number | null> | undefined {
    return this.#living.get(worker);
  }

  /** Replaces a worker whenever it ends, until the pool closes. */
  async keep(number: number, first?: Worker): Promise<void> {
    let wait = LEAST_WAIT_MS;
    for (let worker = first ?? this.start(number); ; worker = this.start(number)) {
      const began = performance.now();
      const code = await this.endOf(worker);
      if (this.#closing) return;
      wait = performance.now() - began > LONG_LIFE_MS ? LEAST_WAIT_MS : Math.min(wait * 2, MOST_WAIT_MS);
      this.#options.logger.error({ worker: number, code, waitMs: wait }, 'a worker ended, and will be replaced');
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, wait);
        this.#waiting.add(timer);
      });
      if (this.#closing) return;
    }
  }

  async close(): Promise<void> {
    this.#closing = true;
    for (const timer of this.#waiting) clearTimeout(timer);
    const ends = [...this.#living].map(async ([worker, end]) => {
      // One that does not serve yet has nobody to send away, may not know yet how to end well, and may hang.
      const counts = this.#serving.has(worker);
      worker.process.kill(counts ? 'SIGTERM' : 'SIGKILL');
      const code = await end;
      return counts ? code : 0;
    });
    const codes = await Promise.all(ends);
    if (codes.some((code) => code !== 0)) throw new Error(`workers ended with ${codes.join(', ')}`);
  }

  #endHanging(worker: Worker, number: number): void {
    // One that ends answers until it has ended, or is cut off with the primary.
    if (this.#closing) return;
    const hangs = this.#serving.has(worker) ? 'a worker hangs' : 'a worker hangs before it serves';
    this.#options.logger.error({ worker: number, pid: worker.process.pid }, `${hangs}, and is ended`);
    // Nothing that one could handle reaches it.
    worker.process.kill('SIGKILL');
  }
}

const program = path.join(import.meta.dirname, `worker${path.extname(import.meta.filename)}`);

/** Where a worker listens, told by itself as soon as it does. */
function addressOf(worker: Worker): Promise<string> {
  return new Promise((resolve) => {
    worker.on('message', (message: { url?: string }) => {
      if (message.url) resolve(message.url);
    });
  });
}

import { Worker } from 'node:worker_threads';
import { HubError } from '../../errors.ts';
import { simplify } from '../../territory/simplify.rules.ts';
import type { Territory } from '../../territory/territory.ts';
import type { CardContent } from './card.rules.ts';

interface Answer {
  id: number;
  png?: Uint8Array;
  fault?: string;
}

interface Waiting {
  resolve(png: Buffer): void;
  reject(fault: Error): void;
}

export interface CardPressOptions {
  territory: Territory;
  /** The most bytes of pictures that are kept. */
  keepBytes?: number;
  /** The most cards that may wait to be drawn. */
  queue?: number;
}

// The renderer gives memory back to the system late, or never: a worker goes after so many cards.
const CARDS_PER_WORKER = 40;
/** A worker with nothing to do holds its memory for nothing. */
const IDLE_MS = 30_000;
const POINTS_PER_COMMUNE = 60;

/**
 * Draws each card once, in one worker thread, and keeps the newest ones. The worker is started when it is wanted, and ends
 * after its share of cards, or when it has had nothing to do for a while.
 */
export class CardPress {
  readonly #options: Required<CardPressOptions>;
  readonly #kept = new Map<string, Buffer>();
  readonly #drawing = new Map<string, Promise<Buffer>>();
  readonly #waiting = new Map<number, Waiting>();
  #bytes = 0;
  #cards = 0;
  /** The number of the card after which the worker goes. */
  #share = 0;
  #idle: NodeJS.Timeout | undefined;
  #worker: Worker | undefined;
  #closed = false;

  constructor({ territory, keepBytes = 32 * 2 ** 20, queue = 40 }: CardPressOptions) {
    this.#options = { territory, keepBytes, queue };
  }

  /** The PNG of a card by a key that names all that it shows. UNAVAILABLE while too many wait to be drawn. */
  card(key: string, content: () => CardContent): Promise<Buffer> {
    const kept = this.#kept.get(key);
    if (kept) {
      // Newest last: what is asked for stays.
      this.#kept.delete(key);
      this.#kept.set(key, kept);
      return Promise.resolve(kept);
    }
    const drawing = this.#drawing.get(key) ?? this.#draw(content());
    if (!this.#drawing.has(key)) {
      this.#drawing.set(key, drawing);
      const done = () => this.#drawing.delete(key);
      drawing.then((png) => this.#keep(key, png)).then(done, done);
    }
    return drawing;
  }

  /** Ends the worker; what waits is refused. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idle);
    await this.#worker?.terminate();
  }

  #draw(content: CardContent): Promise<Buffer> {
    if (this.#closed || this.#waiting.size >= this.#options.queue)
      return Promise.reject(new HubError('UNAVAILABLE', 'too many cards wait to be drawn: try again in a moment'));
    clearTimeout(this.#idle);
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const id = ++this.#cards;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, content });
    });
  }

  #start(): Worker {
    this.#share = this.#cards + CARDS_PER_WORKER;
    const { communes } = this.#options.territory;
    const places = communes.map(({ code, outline }) => ({ code, outline: simplify(outline, POINTS_PER_COMMUNE) }));
    // Compiled, both are .js; from their sources, both are .ts.
    const program = new URL(`./card.worker${import.meta.url.slice(-3)}`, import.meta.url);
    const worker = new Worker(program, { workerData: { places } });
    worker.unref();
    worker.on('message', (answer: Answer) => this.#receive(worker, answer));
    worker.on('error', (error) => this.#lose(worker, error));
    worker.on('exit', () => this.#lose(worker, new Error('the worker that draws cards ended')));
    return worker;
  }

  #receive(worker: Worker, { id, png, fault }: Answer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (png) waiting?.resolve(Buffer.from(png.buffer, png.byteOffset, png.byteLength));
    else waiting?.reject(new Error(`a card cannot be drawn: ${fault}`));
    if (this.#waiting.size > 0) return;
    if (this.#cards >= this.#share) this.#retire(worker);
    else this.#idle = setTimeout(() => this.#retire(worker), IDLE_MS).unref();
  }

  #retire(worker: Worker): void {
    this.#worker = undefined;
    void worker.terminate();
  }

  #lose(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #keep(key: string, png: Buffer): void {
    this.#kept.set(key, png);
    this.#bytes += png.length;
    for (const [oldest, { length }] of this.#kept) {
      if (this.#bytes <= this.#options.keepBytes) break;
      this.#kept.delete(oldest);
      this.#bytes -= length;
    }
  }
}

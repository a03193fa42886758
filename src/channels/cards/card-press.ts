import { Worker } from 'node:worker_threads';
import { LRUCache } from 'lru-cache';
import { HubError } from '../../errors.ts';
import { simplify } from '../../territory/simplify.rules.ts';
import type { Territory } from '../../territory/territory.ts';
import type { CardContent } from './card.rules.ts';

interface WorkerAnswer {
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

// The renderer gives memory back to the system late, or never, so a worker ends after this many cards.
const CARDS_PER_WORKER = 40;
/** A worker without work ends after this time, because it holds its memory for nothing. */
const IDLE_MS = 30_000;
const POINTS_PER_COMMUNE = 60;

/**
 * Draws each card once, in one worker thread, and keeps those asked for last. The press starts the worker for the first
 * card, and ends it after its share of cards, or when it had no work for a while.
 */
export class CardPress {
  readonly #territory: Territory;
  readonly #queue: number;
  readonly #kept: LRUCache<string, Buffer>;
  readonly #drawing = new Map<string, Promise<Buffer>>();
  readonly #waiting = new Map<number, Waiting>();
  #cards = 0;
  /** The number of the card after which the worker ends. */
  #share = 0;
  #idle: NodeJS.Timeout | undefined;
  #worker: Worker | undefined;
  #closed = false;

  constructor({ territory, keepBytes = 32 * 2 ** 20, queue = 40 }: CardPressOptions) {
    this.#territory = territory;
    this.#queue = queue;
    this.#kept = new LRUCache({ maxSize: keepBytes, sizeCalculation: ({ length }) => length });
  }

  /** The PNG of a card; the key names all that it shows. Rejects with UNAVAILABLE while too many cards wait to be drawn. */
  card(key: string, content: () => CardContent): Promise<Buffer> {
    const kept = this.#kept.get(key);
    if (kept) return Promise.resolve(kept);
    const drawing = this.#drawing.get(key) ?? this.#draw(content());
    if (!this.#drawing.has(key)) {
      this.#drawing.set(key, drawing);
      const done = () => this.#drawing.delete(key);
      drawing.then((png) => this.#kept.set(key, png)).then(done, done);
    }
    return drawing;
  }

  /** Ends the worker, and refuses the cards that wait. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idle);
    await this.#worker?.terminate();
  }

  #draw(content: CardContent): Promise<Buffer> {
    if (this.#closed || this.#waiting.size >= this.#queue)
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
    const { communes } = this.#territory;
    const places = communes.map(({ code, outline }) => ({ code, outline: simplify(outline, POINTS_PER_COMMUNE) }));
    // Compiled, both are .js; from their sources, both are .ts.
    const program = new URL(`./card.worker${import.meta.url.slice(-3)}`, import.meta.url);
    const worker = new Worker(program, { workerData: { places } });
    worker.unref();
    worker.on('message', (answer: WorkerAnswer) => this.#receive(worker, answer));
    worker.on('error', (error) => this.#lose(worker, error));
    worker.on('exit', () => this.#lose(worker, new Error('the worker that draws cards ended')));
    return worker;
  }

  #receive(worker: Worker, { id, png, fault }: WorkerAnswer): void {
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
}

import type { ServerResponse } from 'node:http';
import type { Payer } from '../../allowance/payer.ts';
import type { HubError } from '../../errors.ts';
import type { Outlet } from '../following/follower.ts';
import type { Frames } from '../following/frames.ts';

/** Bytes that may wait for a connection before its reader falls behind: all readers share them. */
const MOST_WAITING = 256 * 1024;
/** How long a reader that does not keep up may take to come to the end of its stream before the connection is cut. */
const GOODBYE_MS = 30_000;

/** The last events of a stream: the errors, and that nothing more comes. An EventSource goes on from `id` by itself. */
export function finalEvents(errors: readonly object[], id?: unknown): string {
  const cursor = typeof id === 'string' ? `id: ${id}\n` : '';
  return `event: next\n${cursor}data: ${JSON.stringify({ errors })}\n\nevent: complete\ndata: \n\n`;
}

export interface EventStreamOptions {
  /** The client that reads it. */
  payer: Payer;
  format(error: HubError): object;
  /** Called when the stream is ended because its reader does not keep up. */
  onTooSlow(): void;
}

/** One stream of Server-Sent Events, written by its audience: every stream gets the very same bytes. */
export class EventStream implements Outlet {
  readonly #response: ServerResponse;
  readonly #options: EventStreamOptions;

  constructor(response: ServerResponse, options: EventStreamOptions) {
    this.#response = response;
    this.#options = options;
  }

  get payer(): Payer {
    return this.#options.payer;
  }

  get #isOpen(): boolean {
    return !this.#response.writableEnded && !this.#response.destroyed;
  }

  send(frames: Frames): void {
    if (this.#isOpen) this.#response.write(frames.events);
  }

  get isFull(): boolean {
    return !this.#isOpen || this.#response.writableLength > MOST_WAITING;
  }

  whenDrained(resume: () => void): void {
    if (!this.#isOpen) return;
    if (this.#response.writableLength > MOST_WAITING) this.#response.once('drain', resume);
    else resume();
  }

  /** SSE has no close codes: the stream ends, and its reader comes back by itself with the id of the last event. */
  drop(): void {
    if (!this.#isOpen) return;
    this.#options.onTooSlow();
    endSlowly(this.#response);
  }

  fail(error: HubError): void {
    this.#response.end(finalEvents([this.#options.format(error)], error.facts.cursor));
  }
}

/** Ends the stream of a reader that does not keep up: behind all that waits, if it reads again soon. */
export function endSlowly(response: ServerResponse): void {
  response.end(': too slow: come back behind the last event\n\n');
  const cut = setTimeout(() => response.destroy(), GOODBYE_MS);
  response.once('close', () => clearTimeout(cut));
}

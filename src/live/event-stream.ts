import type { ServerResponse } from 'node:http';
import type { HubError } from '../errors.ts';
import type { Outlet } from './follower.ts';
import type { Frames } from './frames.ts';
import { MOST_WAITING } from './shared-subscription.ts';

/** How a reader is told an error and that nothing more will come; `id` is where an EventSource goes on by itself. */
export function lastWords(errors: readonly object[], id?: unknown): string {
  const cursor = typeof id === 'string' ? `id: ${id}\n` : '';
  return `event: next\n${cursor}data: ${JSON.stringify({ errors })}\n\nevent: complete\ndata: \n\n`;
}

/** One reader of Server-Sent Events, written to by its audience: the very same bytes as every other one. */
export class EventStream implements Outlet {
  readonly #response: ServerResponse;
  readonly #format: (error: HubError) => object;

  constructor(response: ServerResponse, format: (error: HubError) => object) {
    this.#response = response;
    this.#format = format;
  }

  send(frames: Frames): boolean {
    if (this.#response.writableEnded || this.#response.destroyed) return true;
    this.#response.write(frames.events);
    return this.#response.writableLength <= MOST_WAITING;
  }

  whenDrained(resume: () => void): void {
    if (this.#response.writableLength === 0) resume();
    else this.#response.once('drain', resume);
  }

  /** SSE knows no reason: the reader comes back by itself, with the id of the last event that it took. */
  drop(): void {
    this.#response.destroy();
  }

  fail(error: HubError): void {
    this.#response.end(lastWords([this.#format(error)], error.facts.cursor));
  }
}

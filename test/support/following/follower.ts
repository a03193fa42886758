import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { PATIENCE_MS } from '../patience.ts';

export interface Heard {
  cursor: string;
  type: string;
  publication: { id: string; revision: number } | null;
}

const CHANGES = `subscription ($where: ChangeFilter, $after: Cursor) {
  changes(where: $where, after: $after) { cursor type ring at publication { id revision text { headline } } } }`;

/** The published graphql-ws client with the recipe of docs/delivery.md: what it hears, in order, checkpoints apart. */
export class Follower {
  readonly heard: Heard[] = [];
  readonly errors: unknown[] = [];
  cursor: string | null;
  readonly #client: Client;
  readonly #waiting = new Set<() => void>();

  constructor(url: string, after: string | null = null, where: object | null = null) {
    this.cursor = after;
    this.#client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: Number.POSITIVE_INFINITY,
      shouldRetry: () => true,
      retryWait: () => new Promise((resolve) => setTimeout(resolve, 50)),
    });
    const variables = { where, after };
    this.#client.subscribe<{ changes: Heard }>(
      { query: CHANGES, variables },
      {
        next: ({ data }) => {
          if (!data) return;
          variables.after = data.changes.cursor;
          this.cursor = data.changes.cursor;
          if (data.changes.type !== 'CHECKPOINT') this.heard.push(data.changes);
          this.#tell();
        },
        error: (error) => {
          this.errors.push(error);
          this.#tell();
        },
        complete: () => this.#tell(),
      },
    );
  }

  /** Resolves when the condition holds; checked at each message. Rejects after `within` milliseconds. */
  until(condition: (follower: this) => boolean, within = PATIENCE_MS): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = () => {
        if (!condition(this)) return;
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        reject(new Error(`waited ${within} ms; heard ${this.heard.length}: ${JSON.stringify(this.heard.slice(-3))}`));
      }, within);
      this.#waiting.add(check);
      check();
    });
  }

  /** Resolves when the subscription stands: the first message is a checkpoint, or the first change. */
  ready(): Promise<void> {
    return this.until(({ cursor, errors }) => cursor !== null || errors.length > 0);
  }

  async stop(): Promise<void> {
    await this.#client.dispose();
  }

  #tell(): void {
    for (const check of [...this.#waiting]) check();
  }
}

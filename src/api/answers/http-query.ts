import type { FastifyRequest } from 'fastify';
import type { Actor } from '../../access/actor.ts';
import type { Context } from '../../graphql/context.ts';

/** A query for which an answer is worked out. */
export interface HttpQuery {
  readonly request: FastifyRequest;
  /** Makes the context of an execution; `more` stands in it as well. */
  contextFor<M extends object>(actor: Actor | null, more: M): Context & Readonly<M>;
}

/** An answer that was worked out for one query. */
export interface FreshAnswer {
  readonly status: number;
  readonly headers: Iterable<readonly [string, string]>;
  readonly body: Buffer;
  /** Whether it is a query's, whole and without an error, and not of one person: every anonymous client would get it. */
  readonly isForEverybody: boolean;
  /** Whether the document was named by its hash alone, so that a CDN may keep the answer for some seconds. */
  readonly isByHash: boolean;
  /** Everything deprecated that its query uses, counted already. */
  readonly deprecated: readonly string[];
}

/** One way to work out an answer; undefined leaves the query to the next one. */
export type AnswerStep = (query: HttpQuery) => Promise<FreshAnswer | undefined>;

/** The last way: it answers everything. */
export type LastStep = (query: HttpQuery) => Promise<FreshAnswer>;

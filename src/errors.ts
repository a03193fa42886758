import type { z } from 'zod';

/** The closed list of error codes; docs/errors.md explains each to clients. */
export const ERROR_CODES = {
  BAD_REQUEST: 400,
  INVALID_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  WRONG_STAGE: 409,
  NOT_LINTED: 422,
  RESYNC_REQUIRED: 410,
  // Of the protocol of persisted queries, whose clients act on this very code and status.
  PERSISTED_QUERY_NOT_FOUND: 200,
  TOO_MANY_REQUESTS: 429,
  UNAVAILABLE: 503,
  IDEMPOTENCY_MISMATCH: 422,
  INTERNAL: 500,
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** One field of an input and what was expected of it. `path` is dotted: `input.areas.0.communes.2`. */
export interface FieldFault {
  path: string;
  message: string;
}

/** A limit that a request went beyond: what was counted, or where counting stopped, and the most that it may be. */
export interface PassedLimit {
  name: string;
  weight: number;
  most: number;
}

/** The facts of an error beside its message; they stand in `extensions` beside `code`. */
export interface ErrorFacts {
  fields?: FieldFault[];
  currentVersion?: number;
  cursor?: string;
  retryAfterSeconds?: number;
  limit?: PassedLimit;
  findings?: readonly object[];
  /** Publications that are in force or to come, by their French headlines. */
  running?: readonly { id: string; headline: string }[];
  /** Calls that wait for a decision, and what they are about: a French headline, or null where it has none. */
  openCalls?: readonly { id: string; reason: string; headline: string | null }[];
  id?: string;
}

/** The one error that commands and queries throw on purpose. Everything else is unexpected and is masked. */
export class HubError extends Error {
  // Declared, not written as parameters: Node.js runs what the command line of the entities reads, by leaving types out.
  readonly code: ErrorCode;
  readonly facts: ErrorFacts;

  constructor(code: ErrorCode, message: string, facts: ErrorFacts = {}) {
    super(message);
    this.name = 'HubError';
    this.code = code;
    this.facts = facts;
  }
}

/** The code that Node or PostgreSQL gave an error, such as ECONNREFUSED or 53100; '' where it has none. */
export const errorCodeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

/** Most faults that an answer names; a list of 20,000 unknown communes would be answered by megabytes otherwise. */
const MOST_FAULTS = 100;
/** Most of them that its message repeats in words. */
const MOST_IN_WORDS = 10;

/** INVALID_INPUT for a list of faults, of which the first hundred are named; never call it with none. */
export function invalidInput(faults: readonly FieldFault[]): HubError {
  const words = faults.slice(0, MOST_IN_WORDS).map(({ path, message }) => `${path}: ${message}`);
  const more = faults.length > MOST_IN_WORDS ? [`and ${faults.length - MOST_IN_WORDS} more`] : [];
  return new HubError('INVALID_INPUT', [...words, ...more].join('; '), { fields: faults.slice(0, MOST_FAULTS) });
}

/** The faults that a zod schema found, each with its dotted path below `root`. */
export const fieldFaults = ({ issues }: Pick<z.ZodError, 'issues'>, ...root: string[]): FieldFault[] =>
  issues.map(({ path, message }) => ({ path: [...root, ...path].join('.'), message }));

/** Reads an input by its schema. Throws INVALID_INPUT with every fault, paths below `root`. */
export function readInput<T extends z.ZodType>(schema: T, input: unknown, ...root: string[]): z.output<T> {
  const read = schema.safeParse(input);
  if (read.success) return read.data;
  throw invalidInput(fieldFaults(read.error, ...root));
}

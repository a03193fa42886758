import { GraphQLEnumType } from 'graphql';
import type { ErrorCode } from '../errors.ts';

/** When each code is answered, and what a client does about it; docs/errors.md says more. */
const MEANINGS: Record<ErrorCode, string> = {
  BAD_REQUEST: 'The request is wrong in itself: its syntax, its variables, a limit. Mend it.',
  INVALID_INPUT: 'A field does not hold what is expected; `fields` names each.',
  UNAUTHENTICATED: 'A token is needed, or the one sent is not good.',
  FORBIDDEN: 'The roles do not allow it, or the four-eyes rule.',
  NOT_FOUND: 'There is no such thing, or the client may not know of it.',
  CONFLICT: 'Somebody saved first (`currentVersion` says where it stands), or holds the report. Read it again.',
  WRONG_STAGE: 'The dossier, report or incident does not stand where this step begins.',
  NOT_LINTED: 'Findings of level ERROR stand; `findings` lists all.',
  RESYNC_REQUIRED: 'This cursor cannot be continued: read what is public, then follow the fresh one in `cursor`.',
  PERSISTED_QUERY_NOT_FOUND:
    'The hub knows no document of that hash, or has forgotten it: send the hash and the text together.',
  TOO_MANY_REQUESTS: 'Too many requests of one client: try again after `retryAfterSeconds`.',
  UNAVAILABLE:
    'The database or the token issuer cannot be reached: try again, a mutation with the same Idempotency-Key.',
  IDEMPOTENCY_MISMATCH: 'The Idempotency-Key came with another request before: use a new one.',
  INTERNAL: 'Unexpected; `id` stands in the hub’s log beside what happened.',
};

/** Every `extensions.code`, for code generators; a type of its own for each schema. */
export const errorCodeEnum = () =>
  new GraphQLEnumType({
    name: 'ErrorCode',
    description: 'The `extensions.code` of an error. No field answers it: it is here for code generators.',
    values: Object.fromEntries(Object.entries(MEANINGS).map(([code, description]) => [code, { description }])),
  });

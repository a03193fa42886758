import { createHash } from 'node:crypto';
import { type ApolloServerPlugin, type GraphQLResponse, HeaderMap } from '@apollo/server';
import canonicalize from 'canonicalize';
import type { ExecutionResult, OperationDefinitionNode } from 'graphql';
import { asHubError } from '../database/outage.ts';
import { ERROR_CODES, HubError } from '../errors.ts';
import type { Context } from '../graphql/context.ts';
import { executeWithin } from '../graphql/cost/execution.ts';
import type { ErrorFormat } from '../graphql/error-format.ts';
import type { KeyedRequest } from '../office/kept-answer.commands.ts';

/** A whole operation: its answer, and whether what it wrote is to be committed. */
export type KeyedOperation = () => Promise<{ answer: string; commit: boolean }>;

/** Does all of an operation in one transaction, unless its key was answered before; see `Office.once`. */
export type Once = (request: KeyedRequest, operation: KeyedOperation) => Promise<string>;

/** What identifies people stands in one table alone (I-15), keys and secrets nowhere: an answer that may hold one is never kept. */
const NEVER_KEPT = /\b(?:readPersonalData|createApiKey|rotateApiKey|openSealedKey|inviteAccount|savePush)\b/;

const KEY = /^[\x21-\x7e]{1,255}$/;

/**
 * The `Idempotency-Key` header on mutations: the first request with a key has its effect, and every later one with the
 * same key and body the same answer, for 48 hours. The whole operation and its answer are one transaction: a hub that
 * dies, or an answer that is lost, leaves both or neither. An operation of which a field fails leaves nothing, and may be
 * tried again with its key.
 */
export const idempotency = (once: Once, format: ErrorFormat): ApolloServerPlugin<Context> => ({
  requestDidStart: async () => ({
    responseForOperation: async (context) => {
      const key = context.request.http?.headers.get('idempotency-key');
      const { actor } = context.contextValue;
      // Apollo says otherwise, but there is none where `operationName` names nothing of the document.
      const operation: OperationDefinitionNode | undefined = context.operation;
      if (key === undefined || operation?.operation !== 'mutation' || !actor) return null;
      if (NEVER_KEPT.test(context.source)) return null;
      try {
        if (!KEY.test(key))
          throw new HubError(
            'BAD_REQUEST',
            'Idempotency-Key must be 1 to 255 printable ASCII characters without spaces',
          );
        const answer = await once({ actor: actor.id, key, requestHash: hashOf(context) }, () => run(context, format));
        const result: object = JSON.parse(answer);
        return respond(result, 'data' in result ? undefined : ERROR_CODES.BAD_REQUEST);
      } catch (error) {
        const known = asHubError(error);
        const message = known?.message ?? 'Internal error';
        return respond({ errors: [format({ message }, advised(error))] }, known ? ERROR_CODES[known.code] : 500);
      }
    },
  }),
});

type Listener = Exclude<Awaited<ReturnType<NonNullable<ApolloServerPlugin<Context>['requestDidStart']>>>, void>;
type Asked = Parameters<NonNullable<Listener['responseForOperation']>>[0];

const hashOf = ({ request }: Asked): string =>
  createHash('sha256')
    .update(canonicalize([request.query, request.operationName ?? null, request.variables ?? {}]) ?? '')
    .digest('hex');

async function run(context: Asked, format: ErrorFormat): Promise<{ answer: string; commit: boolean }> {
  const { schema, document, contextValue, request } = context;
  const result: ExecutionResult = await executeWithin({
    schema,
    document,
    contextValue,
    variableValues: request.variables ?? {},
    operationName: request.operationName ?? null,
  });
  const { data, errors } = result;
  const formatted = errors?.map((error) => format(error.toJSON(), advised(error)));
  const failed = errors?.some(({ path }) => (path?.length ?? 0) < 2) ?? false;
  const answer = {
    ...(data === undefined ? {} : { data: failed ? null : data }),
    ...(formatted ? { errors: formatted } : {}),
  };
  return { answer: JSON.stringify(answer), commit: !failed && data !== undefined && data !== null };
}

/** An error of an operation with a key, which may be sent again whatever became of it: the client learns so where the database is away. */
function advised(error: unknown): unknown {
  const known = asHubError(error);
  if (known?.code !== 'UNAVAILABLE') return error;
  return new HubError(known.code, `${known.message}. Try again with the same Idempotency-Key`, known.facts);
}

const respond = (singleResult: object, status?: number): GraphQLResponse => ({
  http: { status, headers: new HeaderMap() },
  body: { kind: 'single', singleResult },
});

import type { IncomingMessage } from 'node:http';
import { type ApolloServer, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import type { FastifyRequest } from 'fastify';
import { Uninvited } from '../../../access/account-directory.ts';
import type { Identify } from '../../../access/identify.ts';
import { asHubError } from '../../../database/outage.ts';
import type { HubError } from '../../../errors.ts';
import { httpError } from '../../../graphql/error-format.ts';
import type { LastStep } from '../http-query.ts';
import type { ApolloContext, ApolloFacts } from './apollo.ts';

const NOTHING_KNOWN: ApolloFacts = { isForEverybody: false, isByHash: false, deprecated: [] };

/** Told of what was refused inside an operation: the codes of its errors, and whose operation it was. */
export type RefusedInside = (request: IncomingMessage, codes: readonly string[], account: string | undefined) => void;

/** Step 4: Apollo answers everything, queries and mutations, with a token or without, and refuses what is wrong. */
export function whole(
  apollo: ApolloServer<ApolloContext>,
  identify: Identify,
  onRefusedInside: RefusedInside,
): LastStep {
  return async ({ request, contextFor }) => {
    let facts = NOTHING_KNOWN;
    let refused: HubError | undefined;
    const told = {
      onAnswered: (known: ApolloFacts) => {
        facts = known;
      },
      onRefused: (codes: readonly string[], account: string | undefined) =>
        onRefusedInside(request.raw, codes, account),
    };
    const context = async () => {
      try {
        const found = await identify(request.headers.authorization, request.raw);
        return contextFor(found?.actor ?? null, told);
      } catch (error) {
        // Whether they accept an invitation is known once their document is read.
        if (error instanceof Uninvited) return contextFor(null, { ...told, uninvited: error });
        // UNAUTHENTICATED, TOO_MANY_REQUESTS, or UNAVAILABLE if PostgreSQL is away: each has a status of its own.
        refused = asHubError(error);
        throw refused ? httpError(refused) : error;
      }
    };
    const {
      status = 200,
      headers,
      body,
    } = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: apolloRequestOf(request),
      context,
    });
    if (body.kind !== 'complete') throw new Error('graphql-js 16 delivers no answer in parts');
    // Apollo may still refuse an answer that it has: to a client that accepts none of its media types.
    const isForEverybody = facts.isForEverybody && status === 200;
    return {
      ...facts,
      status,
      headers: [...headers, ...retryAfter(refused)],
      body: Buffer.from(body.string),
      isForEverybody,
    };
  };
}

/** The header of an answer that says when to try again. */
function retryAfter(refused: HubError | undefined): [string, string][] {
  const seconds = refused?.facts.retryAfterSeconds;
  return seconds === undefined ? [] : [['retry-after', String(seconds)]];
}

function apolloRequestOf({ method, url, headers, body }: FastifyRequest): HTTPGraphQLRequest {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers))
    if (value) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  const question = url.indexOf('?');
  return { method: method.toUpperCase(), headers: map, search: question < 0 ? '' : url.slice(question), body };
}

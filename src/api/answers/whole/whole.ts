import { type ApolloServer, HeaderMap, type HTTPGraphQLRequest } from '@apollo/server';
import type { FastifyRequest } from 'fastify';
import type { Authenticate } from '../../../access/authenticate.ts';
import { peerOf } from '../../../access/peer.ts';
import { asHubError } from '../../../database/outage.ts';
import { httpError } from '../../../graphql/error-format.ts';
import type { AnswerStep } from '../http-query.ts';
import type { ApolloContext, ApolloFacts } from './apollo.ts';

const NOTHING_KNOWN: ApolloFacts = { isForEverybody: false, isByHash: false, deprecated: [] };

/** Step 4: Apollo answers everything, queries and mutations, with a token or without, and refuses what is wrong. */
export function whole(apollo: ApolloServer<ApolloContext>, authenticate: Authenticate): AnswerStep {
  return async ({ request, contextFor }) => {
    let facts = NOTHING_KNOWN;
    const context = async () => {
      const actor = await actorOf(request, authenticate);
      return contextFor(actor, {
        onAnswered: (known: ApolloFacts) => {
          facts = known;
        },
      });
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
    return { ...facts, status, headers, body: Buffer.from(body.string), isForEverybody };
  };
}

/** Throws what Apollo answers with the right HTTP status: UNAUTHENTICATED, or UNAVAILABLE if PostgreSQL is away. */
async function actorOf({ headers, raw }: FastifyRequest, authenticate: Authenticate) {
  try {
    const found = await authenticate(headers.authorization, peerOf(raw));
    return found?.actor ?? null;
  } catch (error) {
    const known = asHubError(error);
    throw known ? httpError(known) : error;
  }
}

function apolloRequestOf({ method, url, headers, body }: FastifyRequest): HTTPGraphQLRequest {
  const map = new HeaderMap();
  for (const [name, value] of Object.entries(headers))
    if (value) map.set(name, Array.isArray(value) ? value.join(', ') : value);
  const question = url.indexOf('?');
  return { method: method.toUpperCase(), headers: map, search: question < 0 ? '' : url.slice(question), body };
}

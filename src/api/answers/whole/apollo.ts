import { ApolloServer, type ApolloServerPlugin } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import { Kind, type OperationDefinitionNode, OperationTypeNode } from 'graphql';
import type { Logger } from 'pino';
import type { Uninvited } from '../../../access/account-directory.ts';
import { HubError } from '../../../errors.ts';
import type { Context } from '../../../graphql/context.ts';
import type { Documents } from '../../../graphql/documents.ts';
import { type ErrorFormat, httpError, refusalsIn } from '../../../graphql/error-format.ts';
import type { FreshAnswer } from '../http-query.ts';
import { executing } from './executing.ts';
import { shareDocuments } from './shared-documents.ts';

/** What Apollo knows of an answer beside its bytes. */
export type ApolloFacts = Pick<FreshAnswer, 'isForEverybody' | 'isByHash' | 'deprecated'>;

export interface ApolloContext extends Context {
  onAnswered(facts: ApolloFacts): void;
  /** Told of the codes of an answer's errors that refuse its client something. */
  onRefused(codes: readonly string[], account: string | undefined): void;
  /** Somebody with a good token to whom nobody has given a role; there is no actor then. */
  uninvited?: Uninvited;
}

export interface ApolloOptions {
  documents: Documents;
  format: ErrorFormat;
  logger: Logger;
  plugins: readonly ApolloServerPlugin<Context>[];
}

/** Apollo Server, started, over the documents that the whole hub shares. */
export async function startApollo({
  documents,
  format,
  logger,
  plugins,
}: ApolloOptions): Promise<ApolloServer<ApolloContext>> {
  const apollo = new ApolloServer<ApolloContext>({
    schema: documents.schema,
    formatError: format,
    // `shareDocuments` brings documents that were validated.
    dangerouslyDisableValidation: true,
    documentStore: null,
    introspection: true,
    // A client shows who it is by a header that browsers never send by themselves, so there is no request to forge; GET stays plain.
    csrfPrevention: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    // Apollo's own page comes from elsewhere, and would answer every client that accepts HTML, whatever it asks.
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      shareDocuments(documents),
      answerable,
      invitationsAlone,
      notStored,
      ...plugins,
      executing(documents, format),
      reportFacts(documents),
    ],
    logger,
  });
  await apollo.start();
  return apollo;
}

/** Reads an empty operation name as none, and leads a client that wants to follow to where it can. */
const answerable: ApolloServerPlugin<ApolloContext> = {
  requestDidStart: async ({ request }) => {
    if (request.operationName === '') delete request.operationName;
    return {
      didResolveOperation: async ({ operation }) => {
        if (operation?.operation === OperationTypeNode.SUBSCRIPTION) throw httpError(NO_STREAM);
      },
    };
  },
};

const NO_STREAM = new HubError(
  'BAD_REQUEST',
  'a subscription needs a stream: open it over WebSocket at /graphql (graphql-transport-ws), or by Server-Sent Events at /graphql/stream',
);

/** Has those to whom nobody has given a role accept an invitation, and do nothing else. */
const invitationsAlone: ApolloServerPlugin<ApolloContext> = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ operation, contextValue: { uninvited } }) => {
      if (uninvited && !accepts(operation)) throw httpError(uninvited);
    },
  }),
};

const accepts = (operation: OperationDefinitionNode | undefined): boolean =>
  operation?.operation === OperationTypeNode.MUTATION &&
  operation.selectionSet.selections.every((one) => one.kind === Kind.FIELD && one.name.value === 'acceptInvitation');

/** Lets no cache keep an answer, as Apollo's plugin for caches would, but without its work for every field. */
const notStored: ApolloServerPlugin<ApolloContext> = {
  requestDidStart: async () => ({
    willSendResponse: async ({ response: { http } }) => {
      if (!http.headers.has('cache-control')) http.headers.set('cache-control', 'no-store');
    },
  }),
};

/** Reports of each answer whether every anonymous client would get it, and counts what is deprecated of its query. */
const reportFacts = (documents: Documents): ApolloServerPlugin<ApolloContext> => ({
  requestDidStart: async () => {
    let deprecated: readonly string[] = [];
    return {
      didResolveOperation: async ({ source, operation, request }) => {
        const read = documents.find(source)?.operation(operation?.name?.value);
        if (read) deprecated = documents.deprecated.count(read, request.variables);
      },
      willSendResponse: async ({ operation, response, contextValue: { actor, onAnswered, onRefused }, metrics }) => {
        const { body, http } = response;
        const errors = body.kind === 'single' ? (body.singleResult.errors ?? []) : [];
        const refused = refusalsIn(errors);
        if (refused.length > 0) onRefused(refused, actor?.id);
        const isWhole = body.kind === 'single' && body.singleResult.errors === undefined;
        const isPlain = http.status === undefined || http.status === 200;
        onAnswered({
          isForEverybody: operation?.operation === 'query' && !actor && isWhole && isPlain,
          isByHash: metrics.persistedQueryHit === true,
          deprecated,
        });
      },
    };
  },
});

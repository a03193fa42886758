import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import fastify, { type FastifyInstance, type FastifyRequest, LogController } from 'fastify';
import type { Logger } from 'pino';
import type { Authenticate } from '../access/authenticate.ts';
import { peerOf } from '../access/peer.ts';
import { asHubError } from '../database/outage.ts';
import type { Documents } from '../graphql/documents.ts';
import { errorFormatter, httpError, type LogUnexpected } from '../graphql/error-format.ts';
import { LIMITS } from '../graphql/limits.ts';
import { DirectAnswers } from './answers/halves/direct-answers.ts';
import { SplitExecution } from './answers/halves/split-execution.ts';
import { serverBehind } from './answers/kept/front-door.ts';
import type { ResponseCache } from './answers/kept/response-cache.ts';
import { findSharable } from './answers/kept/sharable.ts';
import { SharedAnswers } from './answers/kept/shared-answers.ts';
import type { Moments } from './answers/moment.ts';
import { type QueryContext, queryContext } from './answers/query-context.ts';
import { shareDocuments } from './answers/shared-documents.ts';
import { answerExplorer, wantsPage } from './explorer.ts';
import { setHeaders } from './headers.ts';
import { answerErrorsInJson, answerInJson } from './http-errors.ts';
import { idempotency, type Once } from './idempotency.ts';

export interface ServerOptions {
  documents: Documents;
  authenticate: Authenticate;
  /** What subscriptions are opened with. */
  sources: object;
  logger: Logger;
  /** Does an operation with an Idempotency-Key once. */
  once: Once;
  /** What was answered to nobody in particular, and still holds. */
  cache: ResponseCache;
  /** What is public, as a number: as long as it stays, so do the answers. */
  moments: Moments;
  /** Whether the hub ends: each answer is then the last of its connection. */
  closing(): boolean;
}

/**
 * The HTTP edge: Fastify with Apollo at /graphql; other routes are added before it listens. Everything that fails is
 * answered in JSON, never in HTML.
 */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { documents, authenticate, sources, logger, cache, moments, closing } = options;
  const shared = new SharedAnswers(cache, closing);
  const direct = new DirectAnswers(documents, new SplitExecution(documents.schema, moments));
  const server = fastify({
    loggerInstance: logger,
    serverFactory: serverBehind(cache, closing),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: LIMITS.body,
    requestTimeout: 30_000,
    forceCloseConnections: 'idle',
    // What still comes in on an open connection while the hub ends is answered, and that connection is the last for it.
    return503OnClosing: false,
    frameworkErrors: (error, _request, reply) => void answerInJson(reply, error.statusCode ?? 400, error.message),
  }) as unknown as FastifyInstance;
  const log: LogUnexpected = (error, id) => logger.error({ err: error, errorId: id }, 'unexpected error');
  const apollo = openApollo(options, log);
  await apollo.start();
  // JSON alone: a form of another site can send text/plain without asking first.
  server.removeContentTypeParser('text/plain');
  answerErrorsInJson(server, log);
  await setHeaders(server);
  const handler = fastifyApolloHandler(apollo, {
    context: async (request: FastifyRequest) => {
      try {
        const found = await authenticate(request.headers.authorization, peerOf(request.raw));
        return queryContext(found?.actor ?? null, sources, shared.flightOf(request));
      } catch (error) {
        const known = asHubError(error);
        throw known ? httpError(known) : error;
      }
    },
  });
  server.get('/graphql', shared.hooks, async (request, reply) => {
    reply.header('vary', 'accept, accept-encoding');
    return wantsPage(request) ? answerExplorer(request, reply) : handler.call(server, request, reply);
  });
  server.post('/graphql', shared.hooks, async (request, reply) => {
    const body = await direct.answer(request, reply, () => queryContext(null, sources, shared.flightOf(request)));
    return body ?? handler.call(server, request, reply);
  });
  server.addHook('onClose', () => apollo.stop());
  return server;
}

function openApollo({ documents, once, logger }: ServerOptions, log: LogUnexpected): ApolloServer<QueryContext> {
  const format = errorFormatter(log, asHubError);
  return new ApolloServer<QueryContext>({
    schema: documents.schema,
    formatError: format,
    validationRules: [...documents.rules.validationRules],
    parseOptions: { maxTokens: documents.rules.maxTokens },
    documentStore: null,
    introspection: true,
    // Who asks is told by a header that browsers never send by themselves, so there is no request to forge; GET stays plain.
    csrfPrevention: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    // Apollo's own page comes from elsewhere, and would answer whoever accepts HTML whatever they ask.
    plugins: [
      ApolloServerPluginLandingPageDisabled(),
      shareDocuments(documents),
      idempotency(once, format),
      findSharable,
    ],
    logger,
  });
}

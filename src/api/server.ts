import { ApolloServer } from '@apollo/server';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Authenticate } from '../access/authenticate.ts';
import type { PublicReads } from '../board/public-reads.ts';
import { ERROR_CODES, type ErrorCode, HubError } from '../errors.ts';
import { type Context, createContext } from './context.ts';
import { asHubError, errorFormatter, httpError } from './error-format.ts';
import { EXPLORER_POLICY, explorerPage } from './explorer.ts';
import { LIMITS, limitRule } from './limits.ts';

export interface ServerOptions {
  schema: GraphQLSchema;
  authenticate: Authenticate;
  reads: PublicReads;
  logger: Logger;
  /** Adds the other ports of call (pages, health, formats) before the server listens. */
  mount(server: FastifyInstance): void;
}

/** The HTTP edge: Fastify with Apollo at /graphql. Everything that fails is answered in JSON, never in HTML. */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { schema, authenticate, reads, logger } = options;
  const server = fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: LIMITS.body,
    requestTimeout: 30_000,
    forceCloseConnections: 'idle',
  }) as unknown as FastifyInstance;
  const format = errorFormatter((error, id) => logger.error({ err: error, errorId: id }, 'unexpected error'));
  const apollo = new ApolloServer<Context>({
    schema,
    formatError: format,
    validationRules: [limitRule],
    parseOptions: { maxTokens: LIMITS.tokens },
    introspection: true,
    // Who asks is told by a header that browsers never send by themselves, so there is no request to forge; GET stays plain.
    csrfPrevention: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    plugins: [ApolloServerPluginDrainHttpServer({ httpServer: server.server })],
    logger,
  });
  await apollo.start();
  answerErrorsInJson(server, logger);
  secureHeaders(server);
  const handler = fastifyApolloHandler(apollo, {
    context: async (request: FastifyRequest) => {
      try {
        const found = await authenticate(request.headers.authorization, request.socket.remoteAddress);
        return createContext(found?.actor ?? null, reads);
      } catch (error) {
        const known = asHubError(error);
        throw known ? httpError(known) : error;
      }
    },
  });
  server.get('/graphql', async (request, reply) =>
    wantsPage(request) ? answerExplorer(request, reply) : handler.call(server, request, reply),
  );
  server.post('/graphql', handler);
  options.mount(server);
  server.addHook('onClose', () => apollo.stop());
  return server;
}

const wantsPage = ({ headers, query }: FastifyRequest): boolean =>
  /\btext\/html\b/.test(headers.accept ?? '') && !(query as { query?: unknown }).query;

async function answerExplorer(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const page = await explorerPage();
  const brotli = /\bbr\b/.test(String(request.headers['accept-encoding'] ?? ''));
  if (brotli) reply.header('content-encoding', 'br');
  return reply
    .header('content-type', 'text/html; charset=utf-8')
    .header('content-security-policy', EXPLORER_POLICY)
    .header('vary', 'accept, accept-encoding')
    .send(brotli ? page.brotli : page.plain);
}

function secureHeaders(server: FastifyInstance): void {
  server.addHook('onRequest', async (_request, reply) => {
    reply.header('x-content-type-options', 'nosniff').header('referrer-policy', 'strict-origin-when-cross-origin');
  });
}

const NAMED: Record<number, ErrorCode> = { 404: 'NOT_FOUND', 429: 'TOO_MANY_REQUESTS', 503: 'UNAVAILABLE' };

function answerErrorsInJson(server: FastifyInstance, logger: Logger): void {
  const send = (reply: FastifyReply, status: number, code: ErrorCode, message: string) =>
    reply
      .code(status)
      .header('content-type', 'application/json; charset=utf-8')
      .send(JSON.stringify({ errors: [{ message, extensions: { code } }] }));
  server.setNotFoundHandler((request, reply) => {
    const known = KNOWN_PATHS.has(request.url.split('?')[0] ?? '');
    if (known) reply.header('allow', 'GET, POST');
    return known
      ? send(reply, 405, 'BAD_REQUEST', `${request.method} is not possible here: use GET or POST`)
      : send(reply, 404, 'NOT_FOUND', `there is nothing at ${request.method} ${request.url.split('?')[0]}`);
  });
  server.setErrorHandler((error: FastifyError, _request, reply) => {
    const known = asHubError(error);
    if (known instanceof HubError) return send(reply, ERROR_CODES[known.code], known.code, known.message);
    const status = error.statusCode ?? 500;
    if (status < 500) return send(reply, status, NAMED[status] ?? 'BAD_REQUEST', error.message);
    logger.error({ err: error }, 'unexpected error');
    return send(reply, 500, 'INTERNAL', 'Internal error');
  });
}

const KNOWN_PATHS = new Set(['/graphql', '/']);

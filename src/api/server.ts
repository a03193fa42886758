import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import fastify, { type FastifyInstance, type FastifyRequest, LogController, type RouteShorthandOptions } from 'fastify';
import type { Logger } from 'pino';
import type { Authenticated } from '../access/authenticate.ts';
import type { Identify } from '../access/identify.ts';
import type { Allowance } from '../allowance/allowance.ts';
import { demandShallow } from '../graphql/cost/nesting.rules.ts';
import type { Documents } from '../graphql/documents.ts';
import type { ErrorFormat, LogUnexpected } from '../graphql/error-format.ts';
import { LIMITS } from '../graphql/limits.ts';
import { requestIdOf } from '../http/request-id.ts';
import { DESK_PATH } from '../http/upgrade.rules.ts';
import { inHalves } from './answers/halves/in-halves.ts';
import { SplitExecution } from './answers/halves/split-execution.ts';
import type { KeptAddresses } from './answers/kept/kept-addresses.ts';
import type { ResponseCache } from './answers/kept/response-cache.ts';
import type { PublicVersions } from './answers/public-versions.ts';
import { QueryAnswers } from './answers/query-answers.ts';
import { startApollo } from './answers/whole/apollo.ts';
import { type RefusedInside, whole } from './answers/whole/whole.ts';
import { EXPLORER_PATH, mountExplorer, wantsPage } from './explorer.ts';
import { setHeaders } from './headers.ts';
import { answerErrors, answerRefusal, type ErrorPage, refuseExpectation, refuseUnreadable } from './http-errors.ts';
import { idempotency, type Once } from './idempotency.ts';
import { bodyReader, earlyText, payForBodies } from './read-body.ts';

/** How people come in who have signed in with a browser. */
export interface DeskDoorway {
  /** Throws FORBIDDEN for a request that no script of a page of the hub sent. */
  demandOwnScript(request: IncomingMessage): void;
  /** Throws UNAUTHENTICATED for a request without a good session. */
  enter(request: IncomingMessage): Promise<Authenticated>;
}

export interface ServerOptions {
  documents: Documents;
  identify: Identify;
  allowance: Allowance;
  /** What subscriptions are opened with. */
  sources: object;
  logger: Logger;
  format: ErrorFormat;
  logUnexpected: LogUnexpected;
  onRefusedInside: RefusedInside;
  /** Told of bytes that were no request. */
  onUnreadable(socket: Socket, code: string | undefined): void;
  /** The page of an error, for browsers. */
  errorPage: ErrorPage;
  /** Does an operation with an Idempotency-Key once. */
  once: Once;
  cache: ResponseCache;
  addresses: KeptAddresses;
  versions: PublicVersions;
  /** Whether browsers get GraphiQL. */
  explorer: boolean;
  /** Whether people reach the hub by https. */
  isSecure: boolean;
  /** The door of people who have signed in; there is none where nobody can. */
  desk: DeskDoorway | undefined;
  /** Whether the hub ends: each answer is then the last of its connection. */
  closing(): boolean;
}

/**
 * The HTTP edge: Fastify with GraphQL at /graphql; other routes are added before it listens. Every failure is answered in
 * JSON, and to a browser as a page.
 */
export async function createServer(options: ServerOptions): Promise<FastifyInstance> {
  const { documents, identify, allowance, sources, logger, format, cache, addresses, versions, closing } = options;
  const apollo = await startApollo({ documents, format, logger, plugins: [idempotency(options.once, format)] });
  const forAll = { cache, addresses, sources, allowance, closing };
  const answers = new QueryAnswers({
    ...forAll,
    isPublic: true,
    inHalves: inHalves(documents, new SplitExecution(documents.schema, versions), format),
    whole: whole(apollo, identify, options.onRefusedInside),
  });
  const server = openFastify(answers, options);
  readJsonAlone(server, allowance);
  payForBodies(server, allowance);
  server.server.on('checkExpectation', refuseExpectation);
  answerErrors(server, options.logUnexpected, options.errorPage);
  await setHeaders(server, options.isSecure);
  if (options.explorer) mountExplorer(server);
  server.get('/graphql', async (request, reply) => {
    reply.header('vary', 'accept, accept-encoding');
    if (options.explorer && wantsPage(request))
      return reply.header('cache-control', 'no-cache').redirect(EXPLORER_PATH);
    demandShallowAddress(request);
    return answers.answer(request, reply);
  });
  server.post('/graphql', (request, reply) => answers.answer(request, reply));
  const { desk } = options;
  if (desk) {
    const enter: Identify = (_authorization, request) => desk.enter(request);
    const answersOfDesk = new QueryAnswers({
      ...forAll,
      isPublic: false,
      inHalves: async () => undefined,
      whole: whole(apollo, enter, options.onRefusedInside),
    });
    mountDesk(server, desk, answersOfDesk);
  }
  server.addHook('onClose', () => apollo.stop());
  return server;
}

/** Of bodies JSON alone, since a form of another site can send text/plain without asking first, and none that nests too deep. */
function readJsonAlone(server: FastifyInstance, allowance: Allowance): void {
  server.removeContentTypeParser('text/plain');
  const read = bodyReader(allowance);
  const parse = server.getDefaultJsonParser('error', 'error');
  server.addContentTypeParser('application/json', (request: FastifyRequest, _stream, done) => {
    const early = earlyText(request.raw, allowance);
    if (early === undefined) {
      const whole = read(request.raw).then(shallow);
      whole.then((body) => parse(request, body, done), done);
    } else parse(request, shallow(early), done);
  });
}

function shallow(json: string): string {
  demandShallow(json);
  return json;
}

/** The same of what stands as JSON in the address of a query. */
function demandShallowAddress({ query }: FastifyRequest): void {
  const { variables, extensions } = query as Record<string, unknown>;
  for (const json of [variables, extensions]) if (typeof json === 'string') demandShallow(json);
}

/** The API for pages of the desk: the one address of it that reads a cookie, by POST, and from no other site. */
function mountDesk(server: FastifyInstance, desk: DeskDoorway, answers: QueryAnswers): void {
  const own: RouteShorthandOptions = {
    onRequest: async ({ raw }, reply) => {
      reply.header('cache-control', 'no-store');
      // Before the body is read.
      desk.demandOwnScript(raw);
    },
  };
  server.post(DESK_PATH, own, (request, reply) => answers.answer(request, reply));
}

const openFastify = (
  { serverFactory }: QueryAnswers,
  { logger, errorPage, onUnreadable }: Pick<ServerOptions, 'logger' | 'errorPage' | 'onUnreadable'>,
): FastifyInstance =>
  fastify({
    loggerInstance: logger,
    serverFactory,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: LIMITS.body,
    forceCloseConnections: 'idle',
    // A request on an open connection is answered while the hub ends, and it is the last one of its connection.
    return503OnClosing: false,
    genReqId: requestIdOf as (request: unknown) => string,
    // Nothing writes a line by its request: refusals and slow requests are told with their id by the log of doors.
    childLoggerFactory: (log) => log,
    clientErrorHandler: (error, socket) => {
      onUnreadable(socket, error.code);
      refuseUnreadable(error, socket);
    },
    frameworkErrors: (error, _request, reply) =>
      void answerRefusal(errorPage, reply, error.statusCode ?? 400, error.message),
  }) as unknown as FastifyInstance;

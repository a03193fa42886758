import { randomUUID } from 'node:crypto';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { asHubError } from '../database/outage.ts';
import { ERROR_CODES, type ErrorCode, type ErrorFacts } from '../errors.ts';
import type { LogUnexpected } from '../graphql/error-format.ts';

/** Codes of what Fastify refuses by itself; any other status below 500 is a BAD_REQUEST. */
const OF_STATUS: Record<number, ErrorCode> = { 404: 'NOT_FOUND', 429: 'TOO_MANY_REQUESTS', 503: 'UNAVAILABLE' };

/** Makes every failure outside GraphQL look like one of GraphQL: JSON, a code of the list, the right status. */
export function answerErrorsInJson(server: FastifyInstance, log: LogUnexpected): void {
  server.setNotFoundHandler((request, reply) => {
    const path = pathOf(request);
    const allowed = ['GET', 'POST'].filter((method) => server.hasRoute({ method, url: path }));
    if (allowed.length === 0) return send(reply, 404, 'NOT_FOUND', `there is nothing at ${path}`);
    reply.header('allow', allowed.join(', '));
    return send(reply, 405, 'BAD_REQUEST', `${request.method} is not possible here: use ${allowed.join(' or ')}`);
  });
  server.setErrorHandler((error: FastifyError, _request, reply) => {
    const known = asHubError(error);
    if (known) {
      const { retryAfterSeconds } = known.facts;
      if (retryAfterSeconds !== undefined) reply.header('retry-after', String(retryAfterSeconds));
      return send(reply, ERROR_CODES[known.code], known.code, known.message, known.facts);
    }
    const status = error.statusCode ?? 500;
    if (status >= 400 && status < 500) return answerInJson(reply, status, error.message);
    const id = randomUUID();
    log(error, id);
    return send(reply, 500, 'INTERNAL', `Internal error; its id is ${id}`, { id });
  });
}

/** Answers what Fastify refused by itself, with the code that goes with its status. */
export const answerInJson = (reply: FastifyReply, status: number, message: string) =>
  send(reply, status, OF_STATUS[status] ?? 'BAD_REQUEST', message);

const pathOf = ({ url }: FastifyRequest): string => url.split('?')[0] ?? '';

const send = (reply: FastifyReply, status: number, code: ErrorCode, message: string, facts: ErrorFacts = {}) =>
  reply
    .code(status)
    .header('content-type', 'application/json; charset=utf-8')
    .send(JSON.stringify({ errors: [{ message, extensions: { code, ...facts } }] }));

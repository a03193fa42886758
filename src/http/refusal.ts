import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ErrorCode, ErrorFacts } from '../errors.ts';

export const JSON_TYPE = 'application/json; charset=utf-8';

/** How long a client that is refused may take to read why and to leave before its connection is cut. */
const REFUSAL_MS = 2_000;

/** The body of every refusal, in the form of GraphQL's errors. */
export const refusalBody = (code: ErrorCode, message: string, facts: ErrorFacts = {}): string =>
  JSON.stringify({ errors: [{ message, extensions: { code, ...facts } }] });

/**
 * Answers a connection that Node.js has given away, so that nobody else reads, ends or cuts it: what the client still sends
 * is dropped, and a client that does not leave is cut.
 */
export function refuseConnection(
  stream: Duplex,
  status: number,
  code: ErrorCode,
  message: string,
  facts: ErrorFacts = {},
): void {
  const cut = setTimeout(() => stream.destroy(), REFUSAL_MS);
  stream.once('close', () => clearTimeout(cut));
  stream.on('error', () => stream.destroy());
  stream.once('end', () => stream.destroy());
  stream.resume();
  const body = refusalBody(code, message, facts);
  const { retryAfterSeconds } = facts;
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Connection: close',
    `Content-Type: ${JSON_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(retryAfterSeconds === undefined ? [] : [`Retry-After: ${retryAfterSeconds}`]),
  ];
  stream.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

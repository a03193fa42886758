import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
  /** What a stock verifier wants to see. */
  signed: Record<string, string>;
}

type Answer = (response: ServerResponse, message: Received) => void;

/**
 * Whoever a webhook leads to: keeps what it is sent, and answers 204 until it is told to answer otherwise. It closes at the end of
 * the test, where nothing else is said.
 */
export async function startReceiver(
  answer: Answer = (response) => void response.writeHead(204).end(),
  closes: (close: () => Promise<void>) => void = onTestFinished,
) {
  const received: Received[] = [];
  let answering = answer;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { headers } = request;
      const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
      const signed = Object.fromEntries(names.map((name) => [name, String(headers[name])]));
      const message = { headers, body: Buffer.concat(chunks).toString(), signed };
      received.push(message);
      answering(response, message);
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  closes(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    answer: (next: Answer) => {
      answering = next;
    },
    /** Answers every message with a status. */
    status: (status: number, headers: Record<string, string> = {}) => {
      answering = (response) => void response.writeHead(status, headers).end();
    },
  };
}

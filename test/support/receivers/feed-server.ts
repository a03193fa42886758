import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  /** It sends this over and over, and never ends. */
  endless?: string;
  /** It answers nothing at all. */
  silent?: boolean;
}

/** A server of feeds on loopback: `serve` sets what a path answers, `asked` tells what was asked of it, and how. */
export async function feedServer() {
  const answers = new Map<string, Answer>();
  const asked: { path: string; headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    asked.push({ path, headers: request.headers });
    const answer = answers.get(path) ?? { status: 404 };
    const { status = 200, headers = {}, body = '' } = answer;
    if (answer.silent) return;
    if (answer.endless !== undefined) {
      response.writeHead(status, headers);
      return repeat(response, answer.endless);
    }
    const same = headers.etag !== undefined && request.headers['if-none-match'] === headers.etag;
    response.writeHead(same ? 304 : status, headers).end(same ? undefined : body);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  afterAll(() => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    return closed;
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: (path: string) => `http://127.0.0.1:${port}${path}`,
    serve: (path: string, answer: Answer) => void answers.set(path, answer),
    asked: (path: string) => asked.filter((one) => one.path === path),
  };
}

/** Writes a text as fast as its reader takes it, until the reader leaves. */
function repeat(response: ServerResponse, text: string): void {
  const block = text.repeat(Math.ceil(16_000 / text.length));
  const write = () => {
    while (!response.destroyed && response.write(block));
  };
  response.on('drain', write);
  write();
}

import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
}

/** A server of feeds on loopback: `serve` sets what a path answers, `asked` tells what was asked of it, and how. */
export async function feedServer() {
  const answers = new Map<string, Answer>();
  const asked: { path: string; headers: IncomingHttpHeaders }[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    asked.push({ path, headers: request.headers });
    const { status = 200, headers = {}, body = '' } = answers.get(path) ?? { status: 404 };
    const same = headers.etag !== undefined && request.headers['if-none-match'] === headers.etag;
    response.writeHead(same ? 304 : status, headers).end(same ? undefined : body);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  afterAll(() => new Promise((closed) => server.close(closed)));
  const { port } = server.address() as AddressInfo;
  return {
    url: (path: string) => `http://127.0.0.1:${port}${path}`,
    serve: (path: string, answer: Answer) => void answers.set(path, answer),
    asked: (path: string) => asked.filter((one) => one.path === path),
  };
}

import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';

export interface Answered {
  status: number;
  headers: IncomingHttpHeaders;
  /** As it came, compressed or not. */
  body: Buffer;
}

/** Asks /graphql, and other addresses, over connections of its own that stay open; what is compressed stays so. */
export class Asking {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  post(body: unknown, headers: OutgoingHttpHeaders = {}): Promise<Answered> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const all = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...headers };
    return this.#send('POST', '/graphql', all, text);
  }

  get(parameters: Record<string, string>, headers: OutgoingHttpHeaders = {}): Promise<Answered> {
    return this.#send('GET', `/graphql?${new URLSearchParams(parameters)}`, headers);
  }

  /** Asks any address by GET. */
  at(path: string, headers: OutgoingHttpHeaders = {}): Promise<Answered> {
    return this.#send('GET', path, headers);
  }

  /** The figures of the cache, from /metrics. */
  async figures(cache = 'tocsin_cache'): Promise<{ hits: number; misses: number; bytes: number }> {
    const { body } = await this.#send('GET', '/metrics', {});
    const read = (name: string) => Number(new RegExp(`^${cache}_${name} (\\S+)$`, 'm').exec(String(body))?.[1]);
    return { hits: read('hits_total'), misses: read('misses_total'), bytes: read('bytes') };
  }

  end(): void {
    this.#agent.destroy();
  }

  #send(method: string, path: string, headers: OutgoingHttpHeaders, body = ''): Promise<Answered> {
    return new Promise((resolve, reject) => {
      const asked = request(this.#url + path, { agent: this.#agent, method, headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
        );
      });
      asked.on('error', reject);
      asked.end(body);
    });
  }
}

/**
 * Says these very pieces over one connection, each as a packet of its own, then ends this side of it; all that is answered
 * until the other side ends, too.
 */
export function say(url: string, pieces: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    let heard = '';
    const socket = connect({ host: hostname, port: Number(port), noDelay: true }, () => {
      const next = (at: number): void => {
        const piece = pieces[at];
        if (piece === undefined) socket.end();
        else socket.write(piece, () => setImmediate(next, at + 1));
      };
      next(0);
    });
    socket.on('data', (chunk) => {
      heard += String(chunk);
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(heard));
  });
}

import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/** The HTTP requests that are under way. */
export interface Requests {
  /**
   * Ends the server: what is under way is answered, within 10 s; a request that is still being sent may arrive, within
   * 1 s; an idle connection is cut.
   */
  end(): Promise<void>;
}

const GRACE_MS = 10_000;
const ARRIVING_MS = 1_000;

/** Watches the requests of a server. While `closing` holds, each answer asks its client to go elsewhere with the next one. */
export function watchRequests(server: FastifyInstance, closing: () => boolean): Requests {
  const underWay = new Set<object>();
  let tell: () => void = () => undefined;
  server.addHook('onRequest', (_request, reply, done) => {
    if (closing()) reply.header('connection', 'close');
    done();
  });
  // Not before its body is there: a client that sends none holds nothing up.
  server.addHook('preHandler', (_request, { raw }, done) => {
    underWay.add(raw);
    raw.once('close', () => {
      underWay.delete(raw);
      if (underWay.size === 0) tell();
    });
    done();
  });
  const settled = () =>
    new Promise<void>((resolve) => {
      tell = resolve;
      if (underWay.size === 0) resolve();
    });
  return {
    async end() {
      const closed = server.close();
      const ended = new AbortController();
      const { signal } = ended;
      const answered = pause(ARRIVING_MS, undefined, { signal }).then(settled);
      Promise.race([answered, pause(GRACE_MS, undefined, { signal })]).then(
        () => server.server.closeAllConnections(),
        () => undefined,
      );
      await closed.finally(() => ended.abort());
    },
  };
}

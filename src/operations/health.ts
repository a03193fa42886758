import type { FastifyInstance } from 'fastify';

export interface HealthOptions {
  /** For each thing that readiness rests on, by name: true where it is well, else the reason in words. */
  checks: Readonly<Record<string, () => boolean | string>>;
}

/** `/healthz`: the process is alive. `/readyz`: it can serve everything; 503 with what is missing where it cannot. */
export function mountHealth(server: FastifyInstance, { checks }: HealthOptions): void {
  server.get('/healthz', async () => ({ status: 'ok' }));
  server.get('/readyz', async (_request, reply) => {
    const results = Object.fromEntries(Object.entries(checks).map(([name, check]) => [name, wordOf(check())]));
    const ready = Object.values(results).every((result) => result === 'ok');
    return reply
      .code(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: ready ? 'ready' : 'not ready', checks: results });
  });
}

function wordOf(result: boolean | string): string {
  if (typeof result === 'string') return result;
  return result ? 'ok' : 'failing';
}

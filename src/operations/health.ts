import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';

export interface HealthOptions {
  /** For each thing that readiness rests on, by name: true where it is well, else the reason in words. */
  checks: Readonly<Record<string, () => boolean | string>>;
  /** Passes for those who are told the reasons; throws for everybody else. */
  admit(request: IncomingMessage): Promise<void>;
}

/**
 * `/healthz`: the process is alive. `/readyz`: it can serve everything, or 503; load balancers look at the status alone, and
 * operators are told what is missing.
 */
export function mountHealth(server: FastifyInstance, { checks, admit }: HealthOptions): void {
  server.get('/healthz', async () => ({ status: 'ok' }));
  server.get('/readyz', async ({ raw }, reply) => {
    const results = Object.fromEntries(Object.entries(checks).map(([name, check]) => [name, wordOf(check())]));
    const ready = Object.values(results).every((result) => result === 'ok');
    const isOperator = await admit(raw).then(
      () => true,
      () => false,
    );
    const status = ready ? 'ready' : 'not ready';
    return reply
      .code(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(isOperator ? { status, checks: results } : { status });
  });
}

function wordOf(result: boolean | string): string {
  if (typeof result === 'string') return result;
  return result ? 'ok' : 'failing';
}

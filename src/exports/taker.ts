import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Actor } from '../access/actor.ts';
import type { Authenticated } from '../access/authenticate.ts';
import { type Action, demand } from '../access/permissions.rules.ts';
import type { Allowance } from '../allowance/allowance.ts';
import type { Payer } from '../allowance/payer.ts';
import { POINTS, pointsToAsk } from '../allowance/points.rules.ts';

export interface TakerOptions {
  allowance: Allowance;
  /** The sender, by a token or a session of the desk; null for nobody. */
  enter(request: IncomingMessage): Promise<Authenticated | null>;
}

/** Somebody who may take a file away. */
export interface Taker {
  actor: Actor;
  payer: Payer;
  endsWith: Authenticated['endsWith'];
}

export interface Taking {
  taker: Taker;
  request: FastifyRequest;
  reply: FastifyReply;
}

/**
 * An address at which those who may do `action` take a file away: by POST, because each is recorded. They are let in, and pay,
 * before their body is read. Throws UNAUTHENTICATED, FORBIDDEN or TOO_MANY_REQUESTS.
 */
export function mountForTakers(
  server: FastifyInstance,
  { path, action }: { path: string; action: Action },
  options: TakerOptions,
  take: (taking: Taking) => Promise<FastifyReply>,
): void {
  const takers = new WeakMap<IncomingMessage, Taker>();
  const onRequest = async ({ raw }: FastifyRequest, reply: FastifyReply): Promise<void> => {
    reply.header('cache-control', 'no-store');
    takers.set(raw, await admitted(options, action, raw));
  };
  server.post(path, { onRequest }, async (request, reply) => {
    const taker = takers.get(request.raw) ?? (await admitted(options, action, request.raw));
    options.allowance.bodies.settle(request.raw, () => taker.payer);
    return take({ taker, request, reply });
  });
}

async function admitted({ enter, allowance }: TakerOptions, action: Action, request: IncomingMessage): Promise<Taker> {
  const found = await enter(request);
  const actor = found?.actor ?? null;
  demand(actor, action);
  const payer = allowance.identity(actor.id, actor.pointsPerSecond);
  payer.admit(pointsToAsk(request) + POINTS.address);
  return { actor, payer, endsWith: found?.endsWith ?? (() => () => undefined) };
}

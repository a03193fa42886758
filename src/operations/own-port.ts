import { type AddressInfo, isIPv6 } from 'node:net';
import fastify, { type FastifyInstance } from 'fastify';

/** Where a monitor reaches the hub, apart from everybody else. 0 lets the system choose a port. */
export interface OwnAddress {
  readonly host: string;
  readonly port: number;
}

/** A server for operators, at a port that no proxy hands on. */
export function ownPort(): FastifyInstance {
  return fastify({ requestTimeout: 15_000, forceCloseConnections: true });
}

/** Listens; answers where. Throws EADDRINUSE where the port is another's. */
export async function listenApart(server: FastifyInstance, { host, port }: OwnAddress): Promise<string> {
  await server.listen({ host, port });
  const { port: taken } = server.server.address() as AddressInfo;
  return `http://${isIPv6(host) ? `[${host}]` : host}:${taken}`;
}

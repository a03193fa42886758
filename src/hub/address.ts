import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { ClosingStack } from './closing-stack.ts';

/** Where the hub listens, or will. */
export interface Address {
  host: string;
  port: number;
  url: string;
  /** Lets go of a port that was only held for the hub. */
  release(): void;
}

/**
 * Settles the hub's address before anything is opened, since permalinks and CAP messages are made of it. With port 0 a free
 * port is taken and held until `listen`; a port that was given is found to be in use only by `listen`, because the workers
 * of one hub share it.
 */
export async function reserveAddress(
  closing: ClosingStack,
  { host, port }: Pick<Address, 'host' | 'port'>,
): Promise<Address> {
  if (port !== 0) return { host, port, url: urlOf(host, port), release: () => undefined };
  // Held by this process itself: node:cluster would let its primary take it for good.
  const holder = createServer((socket) => socket.destroy()).listen({ host, port, exclusive: true });
  const release = () => void holder.close();
  closing.push(release);
  await once(holder, 'listening');
  const free = (holder.address() as AddressInfo).port;
  return { host, port: free, url: urlOf(host, free), release };
}

/** Lets readers in. Throws EADDRINUSE where the port is another's. */
export async function listen(server: FastifyInstance, { host, port, release }: Address): Promise<void> {
  release();
  await server.listen({ host, port });
}

const urlOf = (host: string, port: number): string => `http://${host === '127.0.0.1' ? 'localhost' : host}:${port}`;

import type { FastifyReply } from 'fastify';
import { CachedAnswer } from './answers/kept/cached-answer.ts';
import { encode } from './answers/kept/encoding.ts';

/**
 * Makes an answer that never changes while the hub runs, with the headers that stand in the reply, in every encoding: its
 * bytes are one copy for all clients, however many do not read them.
 */
export async function keptFile(text: string, reply: FastifyReply): Promise<CachedAnswer> {
  const body = Buffer.from(text);
  const plain = CachedAnswer.from(body, reply.getHeaders());
  const [brotli, gzip] = await Promise.all([encode(body, 'br'), encode(body, 'gzip')]);
  return plain.with('br', brotli).with('gzip', gzip);
}

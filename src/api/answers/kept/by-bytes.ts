import type { IncomingMessage } from 'node:http';
import type { EarlyBody } from './before-fastify.ts';
import type { CachedAnswer } from './cached-answer.ts';
import { keyOfGet } from './key.rules.ts';
import type { ResponseCache } from './response-cache.ts';

/** Step 1: finds a GET by its address, and a POST by what the same bytes were found to mean before. */
export function keptByBytes(
  cache: ResponseCache,
  request: IncomingMessage,
  early: EarlyBody | undefined,
): CachedAnswer | undefined {
  const key = early ? early.bytes && cache.meaningOf(early.bytes) : keyOfGet(request);
  return key === undefined ? undefined : cache.find(key, request);
}

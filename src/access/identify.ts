import type { IncomingMessage } from 'node:http';
import type { Authenticated } from './authenticate.ts';

/** Finds the sender of a request by the token that came with it; null without one. Throws for a token that is not good. */
export type Identify = (authorization: string | undefined, request: IncomingMessage) => Promise<Authenticated | null>;

import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify';
import type { Logger } from 'pino';
import { z } from 'zod';
import { type AccountDirectory, Uninvited, type Visitor } from '../access/account-directory.ts';
import type { IssuerKeys } from '../access/issuer-keys.ts';
import type { Clock } from '../clock.ts';
import { asHubError } from '../database/outage.ts';
import type { Sql } from '../database/sql.ts';
import { HubError } from '../errors.ts';
import { requestIdOf } from '../http/request-id.ts';
import { PAGE_HEADERS } from '../web/page-headers.ts';
import type { DeskDoor } from './desk-door.ts';
import { endByIssuer, LEAVING_MS, takeIdToken } from './desk-session.commands.ts';
import { type Begun, type DeskSessions, hashOf } from './desk-sessions.ts';
import type { IssuerClient, SignedIn, SignInChecks } from './issuer-client.ts';
import { readLogoutToken } from './logout-token.ts';
import { tokenIn } from './renewal.ts';
import type { Sealed } from './sealed.ts';
import {
  cookieOf,
  idleEnd,
  NO_SESSION_COOKIE,
  NO_TRANSIT_COOKIE,
  returnPath,
  SESSION_COOKIE,
  sessionCookie,
  TRANSIT_COOKIE,
  TRANSIT_SECONDS,
  transitCookie,
} from './session.rules.ts';
import { faultPage, personasPage, type SignInFault, signedOutPage } from './sign-in-pages.ts';

/** Whom people sign in with, and what only that issuer and the hub know. */
export interface WithIssuer {
  client: IssuerClient;
  sealed: Sealed;
  keys: IssuerKeys;
  algorithms: readonly string[];
}

export interface SignInOptions {
  door: DeskDoor;
  sessions: DeskSessions;
  accounts: Pick<AccountDirectory, 'admit'>;
  withIssuer: WithIssuer | undefined;
  sql: Sql;
  clock: Clock;
  logger: Logger;
  /** Makes a client without a session pay for what it asks. */
  pay(request: FastifyRequest): void;
  /** Reads a body, and has it paid for before it is parsed. */
  readBody(request: IncomingMessage): Promise<string>;
}

/** Nothing of these is remembered by anybody, or done by HEAD. */
const OWN: RouteShorthandOptions = {
  exposeHeadRoute: false,
  onRequest: async (_request, reply) => void reply.header('cache-control', 'no-store'),
};

/** A browser carries this to the issuer and back. */
const transit = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  returnTo: z.string(),
  /** The hash of the secret that the browser had before. */
  replaces: z.string().optional(),
});
const leaving = z.object({ session: z.string() });

/** How people sign in to the desk and out of it: by the issuer, and in development, from this machine, as a persona. */
export function mountSignIn(server: FastifyInstance, options: SignInOptions): void {
  const { withIssuer } = options;
  server.get('/desk/signin', OWN, (request, reply) => askWho(options, request, reply));
  // Before the body is read.
  const byScript = { ...OWN, preParsing: async ({ raw }: FastifyRequest) => options.door.demandOwnScript(raw) };
  server.post('/desk/signout', byScript, (request, reply) => signOut(options, request, reply));
  server.get('/desk/signedout', OWN, (_request, reply) =>
    sendPage(reply.header('set-cookie', NO_TRANSIT_COOKIE), 200, signedOutPage()),
  );
  server.get('/desk/session', byScript, (request, reply) => tellSession(options, request, reply));
  if (withIssuer) {
    server.get('/desk/callback', OWN, (request, reply) => comeBack(options, withIssuer, request, reply));
    server.get('/desk/leave', OWN, (request, reply) => leave(options, withIssuer, request, reply));
  }
  // Forms are read here alone.
  server.register(async (forms) => {
    forms.addContentTypeParser('application/x-www-form-urlencoded', async ({ raw }: FastifyRequest) =>
      Object.fromEntries(new URLSearchParams(await options.readBody(raw))),
    );
    forms.post('/desk/signin', OWN, (request, reply) => signInAsPersona(options, request, reply));
    if (withIssuer)
      forms.post('/desk/backchannel-logout', OWN, (request) => hearOfSignOut(options, withIssuer, request));
  });
}

const fieldOf = (of: unknown, name: string): string | undefined => {
  const value = typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined;
  return typeof value === 'string' ? value : undefined;
};

/** Leads to the issuer, or shows the personas to a developer. */
async function askWho(options: SignInOptions, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { door, withIssuer, pay } = options;
  const { query, raw } = request;
  pay(request);
  const returnTo = returnPath(fieldOf(query, 'return'));
  const personas = door.personasFor(raw);
  if (personas.length > 0 && fieldOf(query, 'by') !== 'issuer')
    return sendPage(reply, 200, personasPage(personas, returnTo, withIssuer !== undefined));
  if (!withIssuer) throw new HubError('NOT_FOUND', 'nobody signs in here: the hub has no client at an issuer');
  try {
    const { url, checks } = await withIssuer.client.begin();
    const before = cookieOf(raw.headers.cookie, SESSION_COOKIE);
    const kept: z.input<typeof transit> = { ...checks, returnTo, ...(before ? { replaces: hashOf(before) } : {}) };
    const sealed = await withIssuer.sealed.seal(kept, { use: 'transit' }, TRANSIT_SECONDS);
    return reply.header('set-cookie', transitCookie(sealed)).redirect(url.href, 303);
  } catch (error) {
    return refuse(options, request, reply, error);
  }
}

/** Begins a session for a person who comes back from the issuer. */
async function comeBack(
  options: SignInOptions,
  { client, sealed }: WithIssuer,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  options.pay(request);
  // One answer of the issuer, one try.
  reply.header('set-cookie', NO_TRANSIT_COOKIE);
  // The address holds a code, which the next page need not see.
  reply.header('referrer-policy', 'no-referrer');
  const cookie = cookieOf(request.raw.headers.cookie, TRANSIT_COOKIE);
  const kept = transit.safeParse(cookie && (await sealed.open(cookie, { use: 'transit' })));
  if (!kept.success) return refuse(options, request, reply, 'stale');
  const { returnTo, replaces, ...checks } = kept.data;
  try {
    const signedIn = await client.finish(queryOf(request), checks satisfies SignInChecks);
    await admitted(options, { ...signedIn.person, roles: [] });
    return begin(options, { signedIn, sealed, replaces }, reply, returnTo);
  } catch (error) {
    return refuse(options, request, reply, error);
  }
}

const queryOf = ({ url }: FastifyRequest): string => {
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at);
};

/** Begins a session for a persona of development: the same as everybody's. */
async function signInAsPersona(
  options: SignInOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  options.door.demandOwnPage(request.raw);
  const subject = fieldOf(request.body, 'persona');
  const persona = options.door.personasFor(request.raw).find((one) => one.subject === subject);
  if (!persona) throw new HubError('NOT_FOUND', 'there is no such persona here');
  await admitted(options, persona);
  const { roles: _, ...person } = persona;
  const tokens = { refreshToken: null, idToken: null, expiresInSeconds: 0 };
  const signedIn = { person, signs: [], issuerSession: null, tokens };
  const before = cookieOf(request.raw.headers.cookie, SESSION_COOKIE);
  const replaces = before && hashOf(before);
  return begin(options, { signedIn, sealed: undefined, replaces }, reply, returnPath(fieldOf(request.body, 'return')));
}

/** The account of a person whom the issuer vouches for is disabled. */
class Closed extends HubError {}

/** Throws Closed for an account that is disabled. Somebody without an account may sign in, and accept an invitation. */
async function admitted({ accounts }: SignInOptions, visitor: Visitor): Promise<void> {
  try {
    await accounts.admit(visitor);
  } catch (error) {
    if (error instanceof Uninvited) return;
    throw error instanceof HubError && error.code === 'UNAUTHENTICATED' ? new Closed(error.code, error.message) : error;
  }
}

async function begin(
  { sessions, logger }: SignInOptions,
  { signedIn, sealed, replaces }: { signedIn: SignedIn; sealed: Sealed | undefined; replaces: string | undefined },
  reply: FastifyReply,
  returnTo: string,
): Promise<FastifyReply> {
  const begun: Begun = await sessions.begin(signedIn, { sealed, replaces });
  const { issuer, subject } = signedIn.person;
  logger.info({ reqId: reply.request.id, session: begun.id, issuer, subject }, 'somebody signed in to the desk');
  return reply.header('set-cookie', sessionCookie(begun.secret, begun.seconds)).redirect(returnTo, 303);
}

/** Says on a page why there is no session, and in the log by a code: around an error of the issuer stand tokens. */
function refuse({ logger }: SignInOptions, { raw }: FastifyRequest, reply: FastifyReply, why: unknown): FastifyReply {
  const known = why === 'stale' ? why : asHubError(why);
  if (!known) throw why;
  const id = requestIdOf(raw);
  const fault = faultOf(known);
  logger.info({ reqId: id, fault, why: known === 'stale' ? known : known.message }, 'a sign-in was refused');
  const { status, text } = faultPage(fault, id);
  return sendPage(reply, status, text);
}

function faultOf(why: HubError | 'stale'): SignInFault {
  if (why === 'stale') return 'stale';
  if (why instanceof Closed) return 'closed';
  return why.code === 'UNAUTHENTICATED' ? 'refused' : 'away';
}

/** Ends the session of a browser; answers where it goes on, to sign out at the issuer as well. */
async function signOut(
  { door, sessions, withIssuer, logger }: SignInOptions,
  { raw, id }: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const session = await door.sessionOf(raw);
  const cookies = [NO_SESSION_COOKIE];
  const isIssuers = session !== undefined && session.issuer === withIssuer?.client.client.issuer;
  if (session) {
    const refresh = await sessions.end(session.id, isIssuers);
    logger.info({ reqId: id, session: session.id }, 'somebody signed out of the desk');
    if (refresh !== null && withIssuer) void revoke(withIssuer, session.id, refresh, logger);
  }
  if (session && withIssuer && isIssuers) {
    const sealed = await withIssuer.sealed.seal({ session: session.id }, { use: 'transit' }, TRANSIT_SECONDS);
    cookies.push(transitCookie(sealed));
  }
  return reply.header('set-cookie', cookies).send({ next: isIssuers ? '/desk/leave' : '/desk/signedout' });
}

/** The token would end by itself: an issuer that cannot be told is left alone. */
async function revoke({ client, sealed }: WithIssuer, session: string, refresh: string, logger: Logger): Promise<void> {
  try {
    const token = tokenIn(await sealed.open(refresh, { use: 'refresh', of: session }));
    if (token !== undefined) await client.revoke(token);
  } catch (error) {
    logger.warn({ why: error instanceof HubError ? error.message : 'unexpected' }, 'a refresh token was not revoked');
  }
}

/** Leads a person who has signed out to the issuer; no page of the hub sees the ID token that goes along. */
async function leave(
  { sql, clock, pay }: SignInOptions,
  { client, sealed }: WithIssuer,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  pay(request);
  reply.header('set-cookie', NO_TRANSIT_COOKIE).header('referrer-policy', 'no-referrer');
  const cookie = cookieOf(request.raw.headers.cookie, TRANSIT_COOKIE);
  const kept = leaving.safeParse(cookie && (await sealed.open(cookie, { use: 'transit' })));
  const url = kept.success ? await issuerExit(kept.data.session) : null;
  return reply.redirect(url?.href ?? '/desk/signedout', 303);

  async function issuerExit(session: string): Promise<URL | null> {
    const hint = await takeIdToken(sql, session, new Date(clock.now().getTime() - LEAVING_MS));
    const token = hint === null ? undefined : tokenIn(await sealed.open(hint, { use: 'id', of: session }));
    // The session at the hub is over whatever the issuer does.
    return token === undefined ? null : client.leave(token).catch(() => null);
  }
}

/** Tells a page of the desk who has signed in, and for how long. */
async function tellSession(
  { door, sessions }: SignInOptions,
  { raw }: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { session, actor } = await door.present(raw);
  return reply.send({
    name: session.name,
    account: actor?.id ?? null,
    roles: actor?.roles ?? [],
    endsAt: new Date(session.endsAt).toISOString(),
    idleEndsAt: new Date(idleEnd(session, sessions.times)).toISOString(),
  });
}

/** Ends what the issuer says is over (Back-Channel Logout): it asks from its own server, without a cookie. */
async function hearOfSignOut(
  { sql, clock, logger, pay }: SignInOptions,
  { client, keys, algorithms }: WithIssuer,
  request: FastifyRequest,
): Promise<object> {
  pay(request);
  const token = fieldOf(request.body, 'logout_token') ?? '';
  const over = await readLogoutToken(token, client.client, { keys, algorithms });
  const ended = await endByIssuer(sql, over, clock.now());
  logger.info({ reqId: request.id, ended }, 'the issuer told of a sign-out');
  return {};
}

const sendPage = (reply: FastifyReply, status: number, text: string): FastifyReply =>
  reply
    .code(status)
    .headers({ ...PAGE_HEADERS, 'cache-control': 'no-store' })
    .send(text);

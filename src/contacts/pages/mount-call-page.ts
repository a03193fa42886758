import type { IncomingMessage } from 'node:http';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify';
import type { Actor } from '../../access/actor.ts';
import { demand } from '../../access/permissions.rules.ts';
import { knownTo } from '../../calling/call.queries.ts';
import { sqlIn } from '../../database/sql-in.ts';
import { HubError } from '../../errors.ts';
import { PAGE_HEADERS } from '../../web/page-headers.ts';
import { isMessageKey } from '../messages/write-messages.commands.ts';
import { callGatePage, callOverPage, type LinkedCall, linkedCallPage } from './call-page.ts';

export interface CallPageOptions {
  /** A fresh unit of work. */
  em(): EntityManager;
  /** Lets in people who have signed in, by a page of this hub; undefined where nobody can. */
  door:
    | {
        demandOwnPage(request: IncomingMessage): void;
        enter(request: IncomingMessage): Promise<{ actor: Actor }>;
      }
    | undefined;
  /** Makes a client without a token pay for what it asks. */
  pay(request: FastifyRequest): void;
  /** Reads a body, and has it paid for before it is parsed. */
  readBody(request: IncomingMessage): Promise<string>;
}

interface Linked {
  Params: { key: string };
}

// The referrer goes to this hub alone: without one, browsers hide from it that its own page sent the form.
const HEADERS = { ...PAGE_HEADERS, 'cache-control': 'no-store', 'referrer-policy': 'same-origin' } as const;
/** Nothing of these is remembered by anybody, or done by HEAD. */
const OWN: RouteShorthandOptions = {
  exposeHeadRoute: false,
  onRequest: async (_request, reply) => void reply.header('cache-control', 'no-store'),
};

const LINKED = `
  select c.id, c.reason, c.state, c.dossier_id as dossier, c.report_id as report, r.headline
  from contact_message m join call c on c.id = m.call_id and c.ended_at is null
  left join lateral (
    select jsonb_path_query_first(v.content, '$.texts[*].headline') #>> '{}' as headline from revision v
    where v.dossier_id = c.dossier_id and v.abandoned_at is null order by v.number desc limit 1) r on true
  where m.key = ?`;

/** The open call behind a link, for an actor who may know of it; undefined for every other one. */
async function linkedCall(em: EntityManager, actor: Actor, key: string): Promise<LinkedCall | undefined> {
  demand(actor, 'readCalls');
  const known = knownTo(actor);
  const among = known.map(({ sql }) => ` and c.id in (select id from call where ${sql})`).join('');
  const values = known.flatMap((one) => one.values);
  return (await sqlIn(em)<LinkedCall>(`${LINKED}${among}`, [key, ...values]))[0];
}

/**
 * The page to which the link of a call leads. By GET it shows the same to everybody, whatever the key: programs that check mail follow
 * every link, and the cookie of the desk does not come along from elsewhere. Its button shows the call to staff who have signed in, until
 * the call ends.
 */
export function mountCallPage(server: FastifyInstance, { em, door, pay, readBody }: CallPageOptions): void {
  server.get<Linked>('/desk/a/:key', OWN, async (request, reply) => {
    pay(request);
    return send(reply, callGatePage(demandKey(request), door !== undefined));
  });
  if (!door) return;
  server.register(async (forms) => {
    forms.removeAllContentTypeParsers();
    forms.addContentTypeParser('*', async ({ raw }: FastifyRequest) => readBody(raw));
    forms.post<Linked>('/desk/a/:key', OWN, async (request, reply) => {
      pay(request);
      const key = demandKey(request);
      door.demandOwnPage(request.raw);
      const actor = await actorOf(door, request.raw);
      if (!actor) return send(reply.code(401), callGatePage(key, true));
      const call = await linkedCall(em(), actor, key);
      return call ? send(reply, linkedCallPage(call)) : send(reply.code(404), callOverPage());
    });
  });
}

function demandKey({ params: { key } }: FastifyRequest<Linked>): string {
  if (!isMessageKey(key)) throw new HubError('NOT_FOUND', 'there is no such link');
  return key;
}

/** The person who has signed in; undefined for nobody. */
async function actorOf(
  door: NonNullable<CallPageOptions['door']>,
  request: IncomingMessage,
): Promise<Actor | undefined> {
  try {
    return (await door.enter(request)).actor;
  } catch (error) {
    if (error instanceof HubError && error.code === 'UNAUTHENTICATED') return undefined;
    throw error;
  }
}

const send = (reply: FastifyReply, text: string): FastifyReply => reply.headers(HEADERS).send(text);

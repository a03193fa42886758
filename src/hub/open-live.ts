import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Identify } from '../access/identify.ts';
import type { Allowance } from '../allowance/allowance.ts';
import { HubError } from '../errors.ts';
import { createContext } from '../graphql/context.ts';
import type { Documents } from '../graphql/documents.ts';
import type { ErrorFormat } from '../graphql/error-format.ts';
import { LIMITS } from '../graphql/limits.ts';
import { Loaders } from '../graphql/loaders.ts';
import { isAtDesk } from '../http/upgrade.rules.ts';
import { encodeCursor } from '../journal/cursor.rules.ts';
import type { Caller } from '../live/following/caller.ts';
import { Followers } from '../live/following/followers.ts';
import { Renderer } from '../live/following/renderer.ts';
import { mountSse } from '../live/sse/sse.ts';
import { serveWebSocket } from '../live/websocket/websocket.ts';
import type { DoorLog } from '../operations/door-log.ts';
import type { DeskDoor } from '../sign-in/desk-door.ts';
import type { OpenJournal } from './open-journal.ts';
import type { Start } from './options.ts';

export interface LiveOptions {
  documents: Documents;
  /** The services that subscriptions need. */
  sources: object;
  identify: Identify;
  allowance: Allowance;
  doors: DoorLog;
  format: ErrorFormat;
  /** The door of people who have signed in; there is none where nobody can. */
  desk: DeskDoor | undefined;
}

/** Figures of those who follow. */
export interface LiveFigures {
  connections(): number;
  /** How many were let go until now because they did not keep up. */
  tooSlow(): number;
  changeExecutions(): number;
}

/** Lets people follow over Server-Sent Events and WebSockets; on closing they are sent away, over the drain window. */
export function openLive(
  start: Start,
  journal: OpenJournal,
  server: FastifyInstance,
  { documents, sources, identify, allowance, doors, format, desk }: LiveOptions,
): LiveFigures {
  const renderer = openRenderer(start, journal, { sources, format });
  const followers = openFollowers(start, journal, renderer);
  const connect = connector({ identify, allowance, sources, desk });
  const edge = {
    documents,
    followers,
    format,
    refusals: doors,
    openStream: (request: IncomingMessage) =>
      doors.stream(request, () => {
        if (isAtDesk(request)) demandDesk(desk).demandOwnOrigin(request);
        return allowance.openStream(request);
      }),
  };
  const sse = mountSse(server, {
    ...edge,
    bodies: allowance.bodies,
    connect: (request) => connect(request.headers.authorization, request.raw),
  });
  const webSocket = serveWebSocket({
    ...edge,
    server: server.server,
    maxPayload: LIMITS.body,
    maxOperations: LIMITS.openOperations,
    unsent: allowance.unsent,
    shareOf: (request) => allowance.share(request),
    connect,
  });
  const windowMs = (start.options.drainSeconds ?? 0) * 1000;
  start.closing.pushEarly(() => sse.drain(windowMs));
  start.closing.pushEarly(() => webSocket.drain(windowMs));
  return {
    connections: () => sse.connections + webSocket.connections,
    tooSlow: () => sse.tooSlow + webSocket.tooSlow,
    changeExecutions: () => renderer.executions,
  };
}

function openRenderer(
  { clock }: Start,
  { reads: { board, journal } }: OpenJournal,
  { sources, format }: Pick<LiveOptions, 'sources' | 'format'>,
): Renderer {
  return new Renderer({
    board,
    clock,
    cursorOf: (position) => encodeCursor({ epoch: journal.tail.head.epoch, position }),
    format,
    context: () => createContext(null, sources),
  });
}

function openFollowers({ options, closing, warn }: Start, { reads }: OpenJournal, renderer: Renderer): Followers {
  const followers = new Followers(reads.journal, renderer, warn('a follower could not be told'));
  closing.push(() => followers.close());
  reads.journal.tail.onRestart(() => {
    options.logger.warn('the database was restored from a backup: every follower starts over');
    followers.resync();
  });
  return followers;
}

/** Finds out who follows, once for each connection. */
function connector({
  identify,
  allowance,
  sources,
  desk,
}: Pick<LiveOptions, 'identify' | 'allowance' | 'sources' | 'desk'>) {
  // Thousands of followers are anonymous: one function for all of them.
  const anonymous = () => createContext(null, sources);
  // Followers of the desk are notified of a change in the same turn: together they look it up once.
  const loaders = new Loaders();
  return async (authorization: string | undefined, request: IncomingMessage): Promise<Caller> => {
    if (isAtDesk(request)) {
      const door = demandDesk(desk);
      const { actor, session, ...rest } = await door.enter(request);
      const context = () => {
        door.stays(session);
        return createContext(actor, sources, undefined, loaders);
      };
      return { ...rest, context, payer: allowance.identity(actor.id) };
    }
    const found = await identify(authorization, request);
    if (!found) return { context: anonymous, expiresAt: null, payer: allowance.anonymous(request) };
    const { actor, expiresAt, endsWith } = found;
    const context = () => createContext(actor, sources, undefined, loaders);
    return { context, expiresAt, endsWith, payer: allowance.identity(actor.id, actor.pointsPerSecond) };
  };
}

function demandDesk(desk: DeskDoor | undefined): DeskDoor {
  if (!desk) throw new HubError('NOT_FOUND', 'nobody signs in here: the hub has no client at an issuer');
  return desk;
}

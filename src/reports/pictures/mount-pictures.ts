import { webcrypto } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify';
import type { Actor } from '../../access/actor.ts';
import type { Authenticated } from '../../access/authenticate.ts';
import { demand } from '../../access/permissions.rules.ts';
import { AccountTurns } from '../../allowance/account-turns.ts';
import type { Allowance } from '../../allowance/allowance.ts';
import type { Payer } from '../../allowance/payer.ts';
import { POINTS, pointsOf } from '../../allowance/points.rules.ts';
import type { Sql } from '../../database/sql.ts';
import type { Office } from '../../office/office.ts';
import { PICTURE_TYPES } from '../../pictures/picture-kind.rules.ts';
import type { PicturePress } from '../../pictures/picture-press.ts';
import { addPicture, demandRoom } from './picture.commands.ts';
import { type BroughtView, broughtBefore, broughtView, pictureBytesFor } from './picture.queries.ts';
import { MOST_PICTURE_BYTES, PICTURES_PATH } from './picture.rules.ts';
import type { PictureSize } from './picture-bytes.ts';
import { UPLOAD_TURNS } from './upload-turns.rules.ts';

export interface PicturesOptions {
  press: Pick<PicturePress, 'press'>;
  office: Pick<Office, 'run'>;
  /** A fresh unit of work. */
  em(): EntityManager;
  sql: Sql;
  allowance: Allowance;
  /** The sender, by a token or a session of the desk, who brings something; null for nobody. */
  enter(request: IncomingMessage): Promise<Authenticated | null>;
  /** The same of somebody who looks: a page shows a picture without a script. */
  enterToLook(request: IncomingMessage): Promise<Authenticated | null>;
}

/** Somebody who has been let in, before the body of the request is read. */
interface Bringer {
  actor: Actor;
  payer: Payer;
  /** Ends the bringer's turn. */
  leave(): void;
  /** Whether the whole body is there: the turn then lasts as long as the picture is read, whether its client waits or not. */
  isInHand: boolean;
}

interface Of {
  Params: { id: string };
}

/** Of a picture: nobody keeps it, runs it, frames it, or guesses what it might be instead. */
const HEADERS = {
  'content-type': 'image/webp',
  'cache-control': 'private, no-store',
  'content-security-policy': "sandbox; default-src 'none'",
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/** Pictures come as they are, one to a request, and are read by those who may: no address of one is a secret that opens it. */
export function mountPictures(server: FastifyInstance, options: PicturesOptions): void {
  // Of its own, so that no other address takes bodies of pictures, and this one takes no other body.
  server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser([...PICTURE_TYPES], { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    mountUpload(scope, options);
  });
  const mountOne = (path: string, size: PictureSize) =>
    server.get<Of>(`${PICTURES_PATH}/:id${path}`, (request, reply) => show(options, request, reply, size));
  mountOne('', 'whole');
  mountOne('/thumbnail', 'thumbnail');
}

function mountUpload(server: FastifyInstance, options: PicturesOptions): void {
  const turns = new AccountTurns(UPLOAD_TURNS);
  const bringers = new WeakMap<IncomingMessage, Bringer>();
  const own: RouteShorthandOptions = {
    bodyLimit: MOST_PICTURE_BYTES,
    onRequest: async ({ raw }, reply) => {
      reply.header('cache-control', 'no-store');
      // Before the body is read.
      const bringer = await admitted(options, turns, raw);
      bringers.set(raw, bringer);
      const left = () => {
        if (!bringer.isInHand) bringer.leave();
      };
      reply.raw.once('close', left);
      // One who has left while the hub looked who it is closes nothing any more.
      if (raw.socket.destroyed) left();
    },
  };
  server.post(PICTURES_PATH, own, async (request, reply) => {
    const bringer = bringers.get(request.raw) ?? (await admitted(options, turns, request.raw));
    bringer.isInHand = true;
    const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const { view, isNew } = await bring(options, bringer, bytes).finally(() => bringer.leave());
    if (isNew) reply.code(201);
    return reply.header('location', `${PICTURES_PATH}/${view.id}`).send(view);
  });
}

/** Lets somebody in who may bring a picture. Throws UNAUTHENTICATED, FORBIDDEN or TOO_MANY_REQUESTS. */
async function admitted(
  { enter, allowance }: PicturesOptions,
  turns: AccountTurns,
  request: IncomingMessage,
): Promise<Bringer> {
  const actor = (await enter(request))?.actor ?? null;
  demand(actor, 'addPicture');
  const payer = allowance.identity(actor.id, actor.pointsPerSecond);
  payer.admit(POINTS.address);
  return { actor, payer, leave: turns.take(actor.id), isInHand: false };
}

/** Reads a picture and keeps it. One that its bringer sends again, because an answer was lost, is the one that waits already. */
async function bring(
  { press, office, em, sql }: PicturesOptions,
  { actor, payer }: Bringer,
  bytes: Buffer,
): Promise<{ view: BroughtView; isNew: boolean }> {
  // In a thread: 20 MB would hold everybody else up.
  const sha256 = Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes)).toString('hex');
  const before = await broughtBefore(sql, actor, sha256);
  if (before) return { view: before, isNew: false };
  await demandRoom(em(), actor);
  payer.spend(POINTS.pressed + pointsOf({ nodes: 0, bytes: bytes.length, waits: 2 }));
  const pressed = await press.press(bytes);
  const brought = { pressed, size: bytes.length, sha256 };
  const { id } = await office.run(actor, { action: 'addPicture' }, (work) => addPicture(work, brought));
  return { view: await broughtView(sql, id), isNew: true };
}

async function show(
  { enterToLook, allowance, sql }: PicturesOptions,
  request: FastifyRequest<Of>,
  reply: FastifyReply,
  size: PictureSize,
): Promise<FastifyReply> {
  reply.header('cache-control', HEADERS['cache-control']);
  const { id } = request.params;
  const actor = (await enterToLook(request.raw))?.actor ?? null;
  demand(actor, 'readPictures');
  const payer = allowance.identity(actor.id, actor.pointsPerSecond);
  payer.admit(POINTS.address);
  const bytes = await pictureBytesFor(sql, actor, { id, size });
  payer.spend(pointsOf({ nodes: 0, bytes: bytes.length, waits: 1 }));
  return reply.headers(HEADERS).header('content-disposition', `inline; filename="${id}.webp"`).send(bytes);
}

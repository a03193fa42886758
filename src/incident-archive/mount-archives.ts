import type { IncomingMessage } from 'node:http';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Actor } from '../access/actor.ts';
import type { Authenticated } from '../access/authenticate.ts';
import { demand } from '../access/permissions.rules.ts';
import { AccountTurns, type TurnRules } from '../allowance/account-turns.ts';
import type { Allowance } from '../allowance/allowance.ts';
import type { Payer } from '../allowance/payer.ts';
import { POINTS, pointsOf, pointsToAsk } from '../allowance/points.rules.ts';
import { HubError, readInput } from '../errors.ts';
import { EXPORT_TIMES, type ExportTimes, timedStream } from '../exports/timed-stream.ts';
import type { Office } from '../office/office.ts';
import type { ClaimSigner } from '../office/signing/signed-claims.rules.ts';
import type { Territory } from '../territory/territory.ts';
import { measureArchive, sealedPages } from './archive-pages.ts';
import { ARCHIVE_TYPE } from './format/archive-chain.rules.ts';
import { type OpenedArchive, openArchive } from './open-archive.queries.ts';
import { recordArchive } from './record-archive.commands.ts';

export interface ArchivesOptions {
  office: Pick<Office, 'run'>;
  /** A fresh unit of work. */
  em(): EntityManager;
  territory: Pick<Territory, 'communes'>;
  signer: ClaimSigner;
  allowance: Allowance;
  /** The sender, by a token or a session of the desk; null for nobody. */
  enter(request: IncomingMessage): Promise<Authenticated | null>;
  logger: Logger;
  times?: ExportTimes;
}

/** Somebody who may take an archive. */
interface Archivist {
  actor: Actor;
  payer: Payer;
  endsWith: Authenticated['endsWith'];
}

/** An archive reads all of an incident twice. */
const ARCHIVE_TURNS: TurnRules = {
  name: 'archives',
  most: { all: 1, own: 1 },
  words: {
    all: 'somebody else takes an archive: try again soon',
    own: 'an archive is on its way to you already: wait for its end',
  },
  retrySeconds: 15,
};

const PATH = '/desk/exports/incident.ndjson';
const asked = z.strictObject({ incident: z.uuid('must be the id of an incident') }, 'must be { "incident": "its id" }');

/** Archives of incidents as files: by POST, because each is recorded. */
export function mountArchives(server: FastifyInstance, options: ArchivesOptions): void {
  const turns = new AccountTurns(ARCHIVE_TURNS);
  const archivists = new WeakMap<IncomingMessage, Archivist>();
  server.post(
    PATH,
    {
      onRequest: async ({ raw }, reply) => {
        reply.header('cache-control', 'no-store');
        // Before the body is read.
        archivists.set(raw, await admitted(options, raw));
      },
    },
    async (request, reply) => {
      const archivist = archivists.get(request.raw) ?? (await admitted(options, request.raw));
      return takeArchive(options, turns, { archivist, request, reply });
    },
  );
}

/** Lets somebody in who may take archives. Throws UNAUTHENTICATED, FORBIDDEN or TOO_MANY_REQUESTS. */
async function admitted({ enter, allowance }: ArchivesOptions, request: IncomingMessage): Promise<Archivist> {
  const found = await enter(request);
  const actor = found?.actor ?? null;
  demand(actor, 'archiveIncident');
  const payer = allowance.identity(actor.id, actor.pointsPerSecond);
  payer.admit(pointsToAsk(request) + POINTS.address);
  return { actor, payer, endsWith: found?.endsWith ?? (() => () => undefined) };
}

interface Taking {
  archivist: Archivist;
  request: FastifyRequest;
  reply: FastifyReply;
}

/** Opens the incident, measures its archive, puts that on record, and sends it. An error before the first byte is answered as one. */
async function takeArchive(options: ArchivesOptions, turns: AccountTurns, taking: Taking): Promise<FastifyReply> {
  const { archivist, request } = taking;
  options.allowance.bodies.settle(request.raw, () => archivist.payer);
  const { incident } = readInput(asked, request.body ?? {}, 'body');
  const leave = turns.take(archivist.actor.id);
  let opened: OpenedArchive | undefined;
  try {
    opened = await openArchive(options.em(), incident, options.territory);
    return await send(options, taking, opened, leave);
  } catch (error) {
    await opened?.close();
    leave();
    throw error;
  }
}

async function send(
  { office, signer, logger, times = EXPORT_TIMES }: ArchivesOptions,
  { archivist: { actor, payer, endsWith }, request, reply }: Taking,
  opened: OpenedArchive,
  leave: () => void,
): Promise<FastifyReply> {
  const { incident, slug, isClosed } = opened;
  const end = await measureArchive(opened.records(), (bytes) => {
    payer.spend(pointsOf({ nodes: 0, bytes: 2 * bytes, waits: 1 }));
    if (request.raw.socket.destroyed)
      throw new HubError('UNAVAILABLE', 'the archive was given up: its client has gone');
  });
  const { id, jws, bytes } = await office.run(actor, { action: 'archiveIncident' }, (work) =>
    recordArchive(work, { incident, end, signer }),
  );
  let isWhole = false;
  async function* pages(): AsyncGenerator<string> {
    yield* sealedPages(opened.records(), end, jws);
    isWhole = true;
  }
  const stream = timedStream(pages(), times, () => {
    stay();
    void opened.close();
    leave();
    if (!isWhole) logger.info({ archive: id, incident, bytes }, 'an archive of an incident was cut');
  });
  // Somebody who is let in no longer takes nothing more away.
  const stay = endsWith(() => stream.destroy(new Error('an archive was cut: its account has changed')));
  const name = `incident-${slug}-${isClosed ? '' : 'en-cours-'}${end.hash.slice(0, 12)}.ndjson`;
  return reply
    .header('content-type', ARCHIVE_TYPE)
    .header('content-length', bytes)
    .header('content-disposition', `attachment; filename="${name}"`)
    .send(stream);
}

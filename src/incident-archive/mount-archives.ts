import type { EntityManager } from '@mikro-orm/postgresql';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import { z } from 'zod';
import { AccountTurns, type TurnRules } from '../allowance/account-turns.ts';
import { pointsOf } from '../allowance/points.rules.ts';
import { HubError, readInput } from '../errors.ts';
import { mountForTakers, type TakerOptions, type Taking } from '../exports/taker.ts';
import { EXPORT_TIMES, type ExportTimes, timedStream } from '../exports/timed-stream.ts';
import type { Office } from '../office/office.ts';
import type { ClaimSigner } from '../office/signing/signed-claims.rules.ts';
import type { Territory } from '../territory/territory.ts';
import { measureArchive, sealedPages } from './archive-pages.ts';
import { ARCHIVE_TYPE } from './format/archive-chain.rules.ts';
import { type OpenedArchive, openArchive } from './open-archive.queries.ts';
import { recordArchive } from './record-archive.commands.ts';

export interface ArchivesOptions extends TakerOptions {
  office: Pick<Office, 'run'>;
  /** A fresh unit of work. */
  em(): EntityManager;
  territory: Pick<Territory, 'communes'>;
  signer: ClaimSigner;
  logger: Logger;
  times?: ExportTimes;
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

/** Archives of incidents as files. */
export function mountArchives(server: FastifyInstance, options: ArchivesOptions): void {
  const turns = new AccountTurns(ARCHIVE_TURNS);
  mountForTakers(server, { path: PATH, action: 'archiveIncident' }, options, (taking) =>
    takeArchive(options, turns, taking),
  );
}

/** Opens the incident, measures its archive, puts that on record, and sends it. An error before the first byte is answered as one. */
async function takeArchive(options: ArchivesOptions, turns: AccountTurns, taking: Taking): Promise<FastifyReply> {
  const { taker, request } = taking;
  const { incident } = readInput(asked, request.body ?? {}, 'body');
  const leave = turns.take(taker.actor.id);
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
  { taker: { actor, payer, endsWith }, request, reply }: Taking,
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

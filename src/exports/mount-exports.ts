import type { IncomingMessage } from 'node:http';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteShorthandOptions } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Actor } from '../access/actor.ts';
import type { Authenticated } from '../access/authenticate.ts';
import { demand } from '../access/permissions.rules.ts';
import { AccountTurns } from '../allowance/account-turns.ts';
import type { Allowance } from '../allowance/allowance.ts';
import type { Payer } from '../allowance/payer.ts';
import { POINTS, pointsOf, pointsToAsk } from '../allowance/points.rules.ts';
import { type Clock, parisTime } from '../clock.ts';
import { invalidInput } from '../errors.ts';
import { momentCell } from '../formats/sheet/cells.ts';
import type { Office } from '../office/office.ts';
import { argumentsOf } from './asked.rules.ts';
import { recordExport, withoutPeople } from './export.commands.ts';
import { sheetStream } from './export-stream.ts';
import { EXPORT_TURNS } from './export-turns.rules.ts';
import { type ExportedList, MOST_ROWS, type OpenedExport } from './exported-list.ts';
import { filterWords } from './filter-words.rules.ts';

export interface ExportsOptions {
  lists: readonly ExportedList[];
  schema: GraphQLSchema;
  office: Pick<Office, 'run'>;
  /** A fresh unit of work. */
  em(): EntityManager;
  clock: Clock;
  allowance: Allowance;
  /** The sender, by a token or a session of the desk; null for nobody. */
  enter(request: IncomingMessage): Promise<Authenticated | null>;
  logger: Logger;
}

/** Somebody who may take a list away. */
interface Exporter {
  actor: Actor;
  payer: Payer;
  endsWith: Authenticated['endsWith'];
}

const CSV = 'text/csv; charset=utf-8; header=present';
/** Statements that PostgreSQL answers for a page. */
const WAITS_A_PAGE = 2;

/**
 * Lists as files for spreadsheets, at `/desk/exports/{list}.csv`: by POST, because each is recorded, and because words that
 * somebody looks for do not belong in an address.
 */
export function mountExports(server: FastifyInstance, options: ExportsOptions): void {
  const turns = new AccountTurns(EXPORT_TURNS);
  for (const list of options.lists) {
    const exporters = new WeakMap<IncomingMessage, Exporter>();
    const own: RouteShorthandOptions = {
      onRequest: async ({ raw }, reply) => {
        reply.header('cache-control', 'no-store');
        // Before the body is read.
        exporters.set(raw, await admitted(options, list, raw));
      },
    };
    server.post(`/desk/exports/${list.field}.csv`, own, async (request, reply) => {
      const exporter = exporters.get(request.raw) ?? (await admitted(options, list, request.raw));
      return takeAway(options, turns, { list, exporter, request, reply });
    });
  }
}

/** Lets somebody in who may see the list. Throws UNAUTHENTICATED, FORBIDDEN or TOO_MANY_REQUESTS. */
async function admitted(
  { enter, allowance }: ExportsOptions,
  { action }: ExportedList,
  request: IncomingMessage,
): Promise<Exporter> {
  const found = await enter(request);
  const actor = found?.actor ?? null;
  demand(actor, action);
  const payer = allowance.identity(actor.id, actor.pointsPerSecond);
  payer.admit(pointsToAsk(request) + POINTS.address);
  return { actor, payer, endsWith: found?.endsWith ?? (() => () => undefined) };
}

interface Taking {
  list: ExportedList;
  exporter: Exporter;
  request: FastifyRequest;
  reply: FastifyReply;
}

/** Opens the list, puts it on record, and sends it. An error before the first byte is answered as one. */
async function takeAway(options: ExportsOptions, turns: AccountTurns, taking: Taking): Promise<FastifyReply> {
  const { list, exporter, request } = taking;
  options.allowance.bodies.settle(request.raw, () => exporter.payer);
  const given = argumentsOf(options.schema, list.field, request.body);
  const leave = turns.take(exporter.actor.id);
  let opened: OpenedExport | undefined;
  try {
    const at = options.clock.now();
    opened = await list.open(given, { em: options.em(), at });
    if (opened.total > MOST_ROWS) throw tooMany(list);
    return await send(options, taking, { opened, at, filter: withoutPeople(given), leave });
  } catch (error) {
    await opened?.close();
    leave();
    throw error;
  }
}

const tooMany = ({ narrowedBy }: ExportedList) =>
  invalidInput([{ path: narrowedBy, message: `must find at most ${MOST_ROWS} rows: one file has no more` }]);

interface Ready {
  opened: OpenedExport;
  at: Date;
  filter: Record<string, unknown>;
  leave(): void;
}

async function send(
  { office, logger }: ExportsOptions,
  { list, exporter, reply }: Taking,
  { opened, at, filter, leave }: Ready,
): Promise<FastifyReply> {
  const { actor, payer, endsWith } = exporter;
  const { field, action, headings, noun, words } = list;
  const { total } = opened;
  const leaving = { action, list: field, filter, rows: total };
  const { id } = await office.run(actor, { action }, (work) => recordExport(work, leaving));
  const time = parisTime(at);
  const stream = sheetStream({
    headings,
    about: `Export du ${momentCell(time)} (heure de Paris), ${total} lignes ; filtre : ${filterWords(filter, words)}`,
    opened,
    pay: ({ rows, bytes }) => payer.spend(pointsOf({ nodes: rows * headings.length, bytes, waits: WAITS_A_PAGE })),
    onEnd: (sent) => {
      stay();
      leave();
      if (sent < total) logger.info({ export: id, list: field, sent, total }, 'an export was cut');
    },
  });
  // Somebody who is let in no longer takes nothing more away.
  const stay = endsWith(() => stream.destroy(new Error('an export was cut: its account has changed')));
  return reply
    .header('content-type', CSV)
    .header('content-disposition', `attachment; filename="${noun}-${fileTime(time)}-${total}-lignes.csv"`)
    .send(stream);
}

/** `2026-11-28-03h42`, of a moment in the time of Paris. */
const fileTime = (time: string): string => time.slice(0, 16).replace('T', '-').replace(':', 'h');

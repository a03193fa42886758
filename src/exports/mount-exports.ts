import type { EntityManager } from '@mikro-orm/postgresql';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { AccountTurns } from '../allowance/account-turns.ts';
import { pointsOf } from '../allowance/points.rules.ts';
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
import { mountForTakers, type TakerOptions, type Taking } from './taker.ts';

export interface ExportsOptions extends TakerOptions {
  lists: readonly ExportedList[];
  schema: GraphQLSchema;
  office: Pick<Office, 'run'>;
  /** A fresh unit of work. */
  em(): EntityManager;
  clock: Clock;
  logger: Logger;
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
  for (const list of options.lists)
    mountForTakers(server, { path: `/desk/exports/${list.field}.csv`, action: list.action }, options, (taking) =>
      takeAway(options, turns, { list, ...taking }),
    );
}

type TakingList = Taking & { list: ExportedList };

/** Opens the list, puts it on record, and sends it. An error before the first byte is answered as one. */
async function takeAway(options: ExportsOptions, turns: AccountTurns, taking: TakingList): Promise<FastifyReply> {
  const { list, taker, request } = taking;
  const given = argumentsOf(options.schema, list.field, request.body);
  const leave = turns.take(taker.actor.id);
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
  { list, taker, reply }: TakingList,
  { opened, at, filter, leave }: Ready,
): Promise<FastifyReply> {
  const { actor, payer, endsWith } = taker;
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

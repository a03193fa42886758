import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Identify } from '../access/identify.ts';
import type { Allowance } from '../allowance/allowance.ts';
import { exportedLog } from '../exports/log.queries.ts';
import { type ExportsOptions, mountExports } from '../exports/mount-exports.ts';
import { exportedPublications } from '../exports/publications.queries.ts';
import { exportedReports } from '../exports/reports.queries.ts';
import type { DeskDoor } from '../sign-in/desk-door.ts';
import { cookieOf, SESSION_COOKIE } from '../sign-in/session.rules.ts';
import { mountSituationPages } from '../situation-reports/page/mount-situation-pages.ts';
import type { OpenJournal } from './open-journal.ts';
import type { OpenOffice } from './open-office.ts';
import type { Start } from './options.ts';

interface ExportEdge {
  schema: GraphQLSchema;
  allowance: Allowance;
  identify: Identify;
  /** The door of people who have signed in; there is none where nobody can. */
  door: DeskDoor | undefined;
}

/** Lets staff take lists away as files, and print situation reports. A list that is exported is one line here. */
export function openExports(
  { clock, options: { logger } }: Start,
  { database, reads }: OpenJournal,
  { office }: Pick<OpenOffice, 'office'>,
  server: FastifyInstance,
  { schema, allowance, identify, door }: ExportEdge,
): void {
  const { territory } = reads;
  const lists = [exportedReports(territory), exportedPublications(reads, database.sql), exportedLog(territory)];
  const { em } = database;
  const byScript = enterBy(identify, door, (own, request) => own.demandOwnScript(request));
  mountExports(server, { lists, schema, office, em, clock, allowance, enter: byScript, logger });
  // A browser that goes to a page sends no header of ours.
  const byPage = enterBy(identify, door, (own, request) => own.demandOwnPage(request));
  mountSituationPages(server, { em, clock, territory, allowance, enter: byPage });
}

/** A token, wherever it comes from; without one the cookie of a page of the hub, which shows that it is one. */
const enterBy =
  (
    identify: Identify,
    door: DeskDoor | undefined,
    demandOwn: (door: DeskDoor, request: IncomingMessage) => void,
  ): ExportsOptions['enter'] =>
  async (request) => {
    const { authorization, cookie } = request.headers;
    if (authorization !== undefined || !door || cookieOf(cookie, SESSION_COOKIE) === undefined)
      return identify(authorization, request);
    demandOwn(door, request);
    return door.enter(request);
  };

import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { Identify } from '../../access/identify.ts';
import type { Allowance } from '../../allowance/allowance.ts';
import { exportedLog } from '../../exports/log.queries.ts';
import { mountExports } from '../../exports/mount-exports.ts';
import { exportedPublications } from '../../exports/publications.queries.ts';
import { exportedReports } from '../../exports/reports.queries.ts';
import { mountArchives } from '../../incident-archive/mount-archives.ts';
import type { DeskDoor } from '../../sign-in/desk-door.ts';
import { mountSituationPages } from '../../situation-reports/page/mount-situation-pages.ts';
import type { OpenJournal } from '../open-journal.ts';
import type { OpenOffice } from '../open-office.ts';
import type { Start } from '../options.ts';
import { enterBy } from './enter-by.ts';

interface ExportEdge {
  schema: GraphQLSchema;
  allowance: Allowance;
  identify: Identify;
  /** The door of people who have signed in; there is none where nobody can. */
  door: DeskDoor | undefined;
}

/** Lets staff take lists and archives of incidents away as files, and print situation reports. A list that is exported is one line here. */
export function openExports(
  { clock, options: { logger, signing } }: Start,
  { database, reads }: OpenJournal,
  { office }: Pick<OpenOffice, 'office'>,
  server: FastifyInstance,
  { schema, allowance, identify, door }: ExportEdge,
): void {
  const { territory } = reads;
  const lists = [exportedReports(territory), exportedPublications(reads, database.sql), exportedLog(territory)];
  const { em } = database;
  const byScript = enterBy(identify, door, 'demandOwnScript');
  mountExports(server, { lists, schema, office, em, clock, allowance, enter: byScript, logger });
  mountArchives(server, { office, em, territory, signer: signing, allowance, enter: byScript, logger });
  // A browser that goes to a page sends no header of ours.
  const byPage = enterBy(identify, door, 'demandOwnPage');
  mountSituationPages(server, { em, clock, territory, allowance, enter: byPage });
}

import type { FastifyInstance } from 'fastify';
import type { Identify } from '../../access/identify.ts';
import type { Allowance } from '../../allowance/allowance.ts';
import { mountPictures } from '../../reports/pictures/mount-pictures.ts';
import type { DeskDoor } from '../../sign-in/desk-door.ts';
import type { OpenJournal } from '../open-journal.ts';
import type { OpenOffice } from '../open-office.ts';
import { enterBy } from './enter-by.ts';

interface PictureEdge {
  allowance: Allowance;
  identify: Identify;
  /** The door of people who have signed in; there is none where nobody can. */
  door: DeskDoor | undefined;
}

/** Takes pictures of reports in, and shows them to those who may see them. */
export function openPictures(
  { database: { em, sql } }: OpenJournal,
  { office, press }: Pick<OpenOffice, 'office' | 'press'>,
  server: FastifyInstance,
  { allowance, identify, door }: PictureEdge,
): void {
  mountPictures(server, {
    ...{ press, office, em, sql, allowance },
    enter: enterBy(identify, door, 'demandOwnScript'),
    enterToLook: enterBy(identify, door, 'demandOwnPage'),
  });
}

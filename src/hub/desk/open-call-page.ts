import type { FastifyInstance } from 'fastify';
import type { Allowance } from '../../allowance/allowance.ts';
import { POINTS } from '../../allowance/points.rules.ts';
import { bodyReader } from '../../api/read-body.ts';
import { mountCallPage } from '../../contacts/pages/mount-call-page.ts';
import type { DeskDoor } from '../../sign-in/desk-door.ts';
import type { OpenJournal } from '../open-journal.ts';

/** Shows what the links of calls lead to. */
export function openCallPage(
  { database: { em } }: OpenJournal,
  server: FastifyInstance,
  { allowance, door }: { allowance: Allowance; door: DeskDoor | undefined },
): void {
  mountCallPage(server, {
    ...{ em, door, readBody: bodyReader(allowance) },
    pay: ({ raw }) => allowance.anonymous(raw).admit(POINTS.address),
  });
}

import type { FastifyInstance } from 'fastify';
import type { Allowance } from '../../allowance/allowance.ts';
import { POINTS } from '../../allowance/points.rules.ts';
import { bodyReader } from '../../api/read-body.ts';
import { mountAnswers } from '../../contacts/gateway/mount-answers.ts';
import { mountCallPage } from '../../contacts/pages/mount-call-page.ts';
import type { DeskDoor } from '../../sign-in/desk-door.ts';
import type { OpenJournal } from '../open-journal.ts';
import type { OpenOffice } from '../open-office.ts';
import type { Start } from '../options.ts';
import { gatewayKeys } from './open-messages.ts';

/** Shows what the links of calls lead to, and hears what people answer by the operator's gateway. */
export function openCallPage(
  start: Start,
  { database: { em } }: OpenJournal,
  { office }: Pick<OpenOffice, 'office'>,
  server: FastifyInstance,
  { allowance, door }: { allowance: Allowance; door: DeskDoor | undefined },
): void {
  const edge = {
    ...{ em, readBody: bodyReader(allowance) },
    pay: ({ raw }: Parameters<Parameters<typeof mountCallPage>[1]['pay']>[0]) =>
      allowance.anonymous(raw).admit(POINTS.address),
  };
  mountCallPage(server, { ...edge, door });
  const keys = gatewayKeys(start);
  if (keys.length > 0) mountAnswers(server, { ...edge, office, keys, clock: start.clock });
}

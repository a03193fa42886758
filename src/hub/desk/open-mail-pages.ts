import type { FastifyInstance } from 'fastify';
import type { Allowance } from '../../allowance/allowance.ts';
import { POINTS } from '../../allowance/points.rules.ts';
import { bodyReader } from '../../api/read-body.ts';
import { mountMailPages } from '../../institutions/pages/mount-mail-pages.ts';
import type { OpenJournal } from '../open-journal.ts';
import type { OpenOffice } from '../open-office.ts';

/** Shows what the links of letters lead to. */
export function openMailPages(
  { database: { em } }: OpenJournal,
  { office }: Pick<OpenOffice, 'office'>,
  server: FastifyInstance,
  allowance: Allowance,
): void {
  mountMailPages(server, {
    ...{ em, office, readBody: bodyReader(allowance) },
    pay: ({ raw }) => allowance.anonymous(raw).admit(POINTS.address),
  });
}

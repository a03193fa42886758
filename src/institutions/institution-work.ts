import { randomBytes } from 'node:crypto';
import { type Action, demand } from '../access/permissions.rules.ts';
import { lockRow, notFound } from '../office/lock.queries.ts';
import type { Office } from '../office/office.ts';
import type { AfterCommit, UnitOfWork } from '../office/unit-of-work.ts';
import type { Territory } from '../territory/territory.ts';
import { Institution, type InstitutionRow, Mailbox, type MailboxRow } from './institution.entity.ts';

/** The resources of the commands of institutions, beside their unit of work. */
export interface InstitutionResources {
  territory: Territory;
  /** Whether letters leave this hub at all. */
  sendsLetters: boolean;
  /** Has this hub's courier look for letters that are due. */
  wakeLetters(): void;
}

export type InstitutionOffice = Office<InstitutionResources>;
export type InstitutionWork = UnitOfWork & InstitutionResources & AfterCommit;

/** A key for the links of a mailbox. */
export const newMailboxKey = (): string => randomBytes(16).toString('base64url');

export const isMailboxKey = (text: string): boolean => /^[\w-]{22}$/.test(text);

/** Locks an institution for this transaction. */
export const lockInstitution = ({ em }: UnitOfWork, id: string): Promise<InstitutionRow> =>
  lockRow(em, { entity: Institution, name: 'institution' }, id);

/** Locks a mailbox for this transaction. NOT_FOUND for one whose address is erased. */
export async function lockMailbox(work: UnitOfWork, action: Action, id: string): Promise<MailboxRow> {
  demand(work.actor, action);
  const mailbox: MailboxRow = await lockRow(work.em, { entity: Mailbox, name: 'mailbox' }, id);
  if (!mailbox.address) throw notFound('mailbox', id);
  return mailbox;
}

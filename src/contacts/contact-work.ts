import { Account } from '../access/account.entity.ts';
import type { Actor } from '../access/actor.ts';
import { OWN_ISSUERS } from '../access/own-issuers.rules.ts';
import { type Action, demand } from '../access/permissions.rules.ts';
import { HubError } from '../errors.ts';
import { lockRow, notFound } from '../office/lock.queries.ts';
import type { Office } from '../office/office.ts';
import type { AfterCommit, UnitOfWork } from '../office/unit-of-work.ts';
import type { PointWay } from './contact.rules.ts';
import { ContactPoint, type ContactPointRow } from './contact-point.entity.ts';

/** The resources of the commands of contact points, beside their unit of work. */
export interface ContactResources {
  /** The ways by which messages leave this hub at all. */
  sendsBy: readonly PointWay[];
  /** Has this hub's courier look for messages that are due. */
  wakeMessages(): void;
}

export type ContactOffice = Office<ContactResources>;
export type ContactWork = UnitOfWork & ContactResources & AfterCommit;

/** Locks the actor's own account for this transaction. FORBIDDEN for a machine, and for a session by a sealed key. */
export async function lockOwner({ em, actor }: UnitOfWork, action: Action): Promise<Actor> {
  demand(actor, action);
  const { issuer } = await lockRow(em, { entity: Account, name: 'account' }, actor.id);
  if (OWN_ISSUERS.includes(issuer)) throw new HubError('FORBIDDEN', 'only the account of a person has contact points');
  return actor;
}

/** Locks a contact point of the actor for this transaction. NOT_FOUND for that of anybody else. */
export async function lockPoint({ em, actor }: UnitOfWork, action: Action, id: string): Promise<ContactPointRow> {
  demand(actor, action);
  const point: ContactPointRow = await lockRow(em, { entity: ContactPoint, name: 'contact point' }, id);
  if (point.account.id !== actor.id) throw notFound('contact point', id);
  return point;
}

import { Account } from '../../access/account.entity.ts';
import { DEVELOPMENT_ISSUER } from '../../access/account.queries.ts';
import { HubError, readInput } from '../../errors.ts';
import type { UnitOfWork } from '../../office/unit-of-work.ts';
import { plainLine } from '../../publications/content/text/plain-text.ts';
import { type Invited, writeInvitation } from './invitation.commands.ts';

/** As long as fewer can come in, an operator invites one on the machine; PostgreSQL counts them again at the acceptance. */
const ENOUGH = 2;

/**
 * Invites an ADMIN in nobody's name: the first two have nobody to invite them. WRONG_STAGE where two are there who can come
 * in; personas of development are none.
 */
export async function inviteAdministrator(work: UnitOfWork, name: string): Promise<Invited> {
  const line = readInput(plainLine(200), name, 'name');
  const there = { roles: { $contains: ['ADMIN'] }, disabledAt: null, issuer: { $ne: DEVELOPMENT_ISSUER } };
  if ((await work.em.count(Account, there)) >= ENOUGH)
    throw new HubError('WRONG_STAGE', 'two administrators are there: they invite, by the mutation inviteAccount');
  return writeInvitation({ ...work, actor: null }, { name: line, roles: ['ADMIN'] });
}

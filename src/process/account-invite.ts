import { parseArgs } from 'node:util';
import type { EntityManager } from '@mikro-orm/postgresql';
import { inviteAdministrator } from '../accounts/invitations/first-administrators.commands.ts';
import { invitationView } from '../accounts/invitations/invitation.queries.ts';
import { SetClock } from '../clock.ts';
import { openDatabase } from '../database/connection.ts';
import { sqlIn } from '../database/sql-in.ts';
import { entities } from '../entities.ts';
import { Office } from '../office/office.ts';

/**
 * Invites an ADMIN from the machine itself. Answers the secret with the words around it, to be printed once; throws where the
 * name is missing, or two administrators are there.
 */
export async function inviteOnMachine(url: string, args: readonly string[]): Promise<string> {
  const { name } = parseArgs({ args: [...args], options: { name: { type: 'string' } } }).values;
  if (name === undefined) throw new Error('say whom you invite: npm run account:invite -- --name "Jeanne Martin"');
  const database = await openDatabase({ url, entities });
  try {
    const em = () => database.orm.em.fork() as EntityManager;
    const [row] = await sqlIn(em())<{ now: Date | string }>('select now()');
    if (!row) throw new Error('PostgreSQL does not say what time it is');
    const clock = new SetClock(row.now);
    const office = new Office({ em, clock, resources: {} });
    const invited = await office.run(null, { action: 'inviteAccount' }, (work) => inviteAdministrator(work, name));
    const { expiresAt } = await invitationView(em(), invited.id, clock.now());
    return `${name} may be an ADMIN: until ${expiresAt}, a person with a token of an issuer of this hub accepts by the mutation
acceptInvitation, with this secret, which nobody can read again:

  ${invited.secret}
`;
  } finally {
    await database.close();
  }
}

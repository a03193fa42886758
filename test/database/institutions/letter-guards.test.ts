import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';

const { url } = await testDatabase();

/** A mailbox in a state, of an institution of its own. */
async function mailboxIn(state: string): Promise<string> {
  const [institution, mailbox] = [randomUUID(), randomUUID()];
  await withSession(url, async (session) => {
    await session.query(
      `insert into institution (id, version, kind, name, language, exercises, created_at, since)
       values ($1, 1, 'TOWN_HALL', 'Mairie', 'fr-FR', false, now(), 0)`,
      [institution],
    );
    await session.query(
      `insert into mailbox (id, institution_id, address, label, personal, state, key, invited_at)
       values ($1, $2, 'a@ville.example', 'Accueil', false, $3, $4, now())`,
      [mailbox, institution, state, randomUUID()],
    );
  });
  return mailbox;
}

const write = (mailbox: string, purpose: string) =>
  withSession(url, (session) =>
    session.query(
      `insert into letter (id, mailbox_id, purpose, state, attempts, created_at, due_at, expires_at)
       values ($1, $2, $3, 'WAITING', 0, now(), now(), now() + interval '1 hour')`,
      [randomUUID(), mailbox, purpose],
    ),
  );

describe('PostgreSQL, whoever writes (I-48)', () => {
  it.each(['INVITED', 'LEFT'])('refuses news for a mailbox that is %s', async (state) => {
    await expect(write(await mailboxIn(state), 'NEWS')).rejects.toThrow('I-48');
  });

  it.each(['CONFIRMED', 'MANDATED'])('takes news for a mailbox that is %s', async (state) => {
    await write(await mailboxIn(state), 'NEWS');
  });

  it('takes one invitation of a mailbox, and no second one', async () => {
    const mailbox = await mailboxIn('INVITED');
    await write(mailbox, 'INVITATION');
    await expect(write(mailbox, 'INVITATION')).rejects.toThrow('I-48');
    await expect(write(await mailboxIn('CONFIRMED'), 'INVITATION')).rejects.toThrow('I-48');
  });

  it('keeps one that was left from coming back', async () => {
    const mailbox = await mailboxIn('LEFT');
    for (const state of ['INVITED', 'CONFIRMED', 'MANDATED'])
      await expect(
        withSession(url, (session) => session.query('update mailbox set state = $1 where id = $2', [state, mailbox])),
      ).rejects.toThrow('I-48');
  });
});

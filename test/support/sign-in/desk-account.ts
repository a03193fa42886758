import { randomUUID } from 'node:crypto';
import type { Role } from '../../../src/access/actor.ts';
import { withSession } from '../database/cluster.ts';

/** Gives a person at an issuer an account with roles, as an invitation would; answers its id. */
export async function openAccount(
  url: string,
  issuer: string,
  subject: string,
  roles: readonly Role[],
): Promise<string> {
  const id = randomUUID();
  await withSession(url, (session) =>
    session.query(
      `insert into account (id, version, issuer, subject, name, created_at, roles) values ($1, 1, $2, $3, $3, now(), $4)`,
      [id, issuer, subject, roles],
    ),
  );
  return id;
}

import { randomBytes, randomUUID } from 'node:crypto';
import { withSession } from '../../../support/database/cluster.ts';
import { type Call, type Cells, call, cell, type MatrixDesk } from './desk.ts';
import { NOTHING } from './dossier-cells.ts';
import {
  CALLERS,
  type Caller,
  type MAY,
  SESSION_FIELDS,
  SESSION_STAGES,
  type SessionStage,
  sessionFieldEnds,
} from './right.ts';

export const rightSessions = (may?: typeof MAY): Cells =>
  new Map(
    SESSION_FIELDS.flatMap((field) =>
      SESSION_STAGES.flatMap((stage) =>
        CALLERS.map((caller) => [cell(field, stage, caller), sessionFieldEnds(field, stage, caller, may)] as const),
      ),
    ),
  );

/** Whose session a caller asks about: the caller's, or one of a person of development who does nothing here. */
const subjectOf = (stage: SessionStage, caller: Caller): string =>
  stage === 'OWN' ? `matrix-${caller}` : 'volunteer2';

/** Begins a session of a person of development; answers its id, and that of the account where the person has one. */
async function sessionOf(desk: MatrixDesk, subject: string): Promise<{ id: string; account: string | undefined }> {
  const id = randomUUID();
  const secretHash = randomBytes(32).toString('base64url');
  return withSession(desk.databaseUrl, async (session) => {
    await session.query(
      `insert into desk_session (id, secret_hash, issuer, subject, name, signs, started_at, seen_at, ends_at)
       values ($1, $2, 'development', $3, $3, '{}', now(), now(), now() + interval '1 hour')`,
      [id, secretHash, subject],
    );
    const accounts = `select id from account where issuer = 'development' and subject = $1`;
    const { rows } = await session.query<{ id: string }>(accounts, [subject]);
    return { id, account: rows[0]?.id };
  });
}

/** Has everybody list and end sessions. */
export async function findSessions(desk: MatrixDesk): Promise<Cells> {
  const found: Cells = new Map();
  // An account is made at its person's first visit.
  await desk.hub.as('volunteer2').request('{ viewer { id } }');
  for (const caller of CALLERS) await desk.ask(caller, '{ viewer { id } }');
  for (const field of SESSION_FIELDS)
    for (const stage of SESSION_STAGES)
      for (const caller of CALLERS) {
        const { id, account } =
          stage === 'ABSENT' ? { id: NOTHING, account: NOTHING } : await sessionOf(desk, subjectOf(stage, caller));
        const asked: Call =
          field === 'deskSessions'
            ? { field, kind: 'query', given: { account: ['ID', stage === 'OWN' ? null : account] } }
            : { field, given: { id: ['ID!', id] } };
        found.set(cell(field, stage, caller), await call(desk, caller, asked));
      }
  return found;
}

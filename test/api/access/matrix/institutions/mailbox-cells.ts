import { randomUUID } from 'node:crypto';
import { withSession } from '../../../../support/database/cluster.ts';
import { invite, saveInstitution } from '../../../../support/institutions/mail-desk.ts';
import { type Call, type Cells, call, cell, type MatrixDesk } from '../desk.ts';
import { NOTHING } from '../dossier-cells.ts';
import { rightOf } from '../machine-cells.ts';
import { CALLERS, MAILBOX_DEEDS, MAILBOX_STAGES, type MAY, type MailboxStage, mailboxDeedEnds } from '../right.ts';

export const rightMailboxes = (may?: typeof MAY): Cells => rightOf(MAILBOX_DEEDS, MAILBOX_STAGES, mailboxDeedEnds, may);

const anyAddress = (): string => `m-${randomUUID()}@ville.example`;

/** A mailbox at a stage, and its institution. */
async function mailboxAt({ hub, databaseUrl }: MatrixDesk, stage: MailboxStage) {
  if (stage === 'ABSENT') return { institution: NOTHING, mailbox: NOTHING, publication: NOTHING };
  const { id: institution } = await saveInstitution(hub, {}, 'admin');
  const { id: mailbox } = await invite(hub, institution, anyAddress(), 'admin');
  if (stage === 'LEFT')
    await withSession(databaseUrl, (session) =>
      session.query(`update mailbox set state = 'LEFT', left_at = now() where id = $1`, [mailbox]),
    );
  const publication = randomUUID();
  await withSession(databaseUrl, (session) =>
    session.query(
      `insert into institution_notice (id, institution_id, publication, revision, asked_at)
       values (gen_random_uuid(), $1, $2, 1, now())`,
      [institution, publication],
    ),
  );
  return { institution, mailbox, publication };
}

function mailboxCall(
  field: string,
  { institution, mailbox, publication }: Awaited<ReturnType<typeof mailboxAt>>,
): Call {
  if (field === 'inviteMailbox')
    return {
      field,
      given: { institution: ['ID!', institution], address: ['String!', anyAddress()], label: ['String!', 'Accueil'] },
    };
  if (field === 'acknowledgeForInstitution')
    return {
      field,
      given: {
        institution: ['ID!', institution],
        publication: ['ID!', publication],
        takenBy: ['String!', 'Astreinte'],
      },
    };
  const given: Call['given'] = { id: ['ID!', mailbox] };
  return { field, given: field === 'mandateMailbox' ? { ...given, agreement: ['String!', 'Convention'] } : given };
}

/** Tries every deed on mailboxes, as everybody. */
export async function findMailboxes(desk: MatrixDesk): Promise<Cells> {
  const found: Cells = new Map();
  for (const stage of MAILBOX_STAGES)
    for (const caller of CALLERS)
      for (const field of MAILBOX_DEEDS) {
        const end = await call(desk, caller, mailboxCall(field, await mailboxAt(desk, stage)));
        found.set(cell(field, stage, caller), end);
      }
  return found;
}

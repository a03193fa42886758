import { randomUUID } from 'node:crypto';
import { knowCode } from '../../../../support/crisis-cell/contact-desk.ts';
import { withSession } from '../../../../support/database/cluster.ts';
import { type Call, type Cells, call, cell, type MatrixDesk } from '../desk.ts';
import { NOTHING } from '../dossier-cells.ts';
import { rightOf } from '../machine-cells.ts';
import {
  CALLERS,
  type Caller,
  isLetIn,
  type MAY,
  POINT_DEEDS,
  POINT_STAGES,
  type PointStage,
  pointDeedEnds,
} from '../right.ts';

export const rightContactPoints = (may?: typeof MAY): Cells => rightOf(POINT_DEEDS, POINT_STAGES, pointDeedEnds, may);

const CODE = '12345678';
const anyAddress = (): string => `p-${randomUUID()}@essonne.example`;

/** A contact point of its own, of the caller or of somebody else. */
async function pointAt({ databaseUrl }: MatrixDesk, stage: PointStage, caller: Caller): Promise<string> {
  const subject = stage === 'ANOTHERS' || !isLetIn(caller) ? 'volunteer2' : `matrix-${caller}`;
  if (stage === 'ABSENT') return NOTHING;
  const id = randomUUID();
  await withSession(databaseUrl, async (session) => {
    // Each person has no more than this one, and has asked for no code yet.
    const owned = `account_id = (select id from account where issuer = 'development' and subject = $1)`;
    await session.query(`delete from contact_point where ${owned}`, [subject]);
    await session.query(`delete from contact_message where ${owned}`, [subject]);
    await session.query(
      `insert into contact_point (id, version, account_id, way, label, address, created_at, confirmed_at, code_tries)
       select $1, 1, a.id, 'EMAIL', 'Astreinte', $2, now(), $3, 0 from account a where a.issuer = 'development' and a.subject = $4`,
      [id, anyAddress(), stage === 'CONFIRMED' ? new Date() : null, subject],
    );
  });
  if (stage !== 'CONFIRMED') await knowCode(databaseUrl, id, CODE);
  return id;
}

function deedOn(field: string, id: string): Call {
  if (field === 'contactPoints') return { field, kind: 'query', given: {} };
  if (field === 'confirmContactPoint') return { field, given: { id: ['ID!', id], code: ['String!', CODE] } };
  if (field === 'removeContactPoint') return { field, given: { id: ['ID!', id], version: ['Int!', 1] } };
  const input = { id, version: 1, way: 'EMAIL', label: 'Nuit', address: anyAddress() };
  return { field, given: { input: ['ContactPointInput!', input] } };
}

/** Has everybody list, save, confirm and remove contact points. */
export async function findContactPoints(desk: MatrixDesk): Promise<Cells> {
  const found: Cells = new Map();
  // An account is made at its person's first visit.
  await desk.hub.as('volunteer2').request('{ viewer { id } }');
  for (const caller of CALLERS) await desk.ask(caller, '{ viewer { id } }');
  for (const field of POINT_DEEDS)
    for (const stage of POINT_STAGES)
      for (const caller of CALLERS)
        found.set(
          cell(field, stage, caller),
          await call(desk, caller, deedOn(field, await pointAt(desk, stage, caller))),
        );
  return found;
}

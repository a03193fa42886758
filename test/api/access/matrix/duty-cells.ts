import { randomUUID } from 'node:crypto';
import { handOver, saveShift, shiftInput } from '../../../support/crisis-cell/duty-desk.ts';
import { withSession } from '../../../support/database/cluster.ts';
import { draft, hoursFromNow, openIncident } from '../../../support/desk/desk.ts';
import { type Call, type Cells, call, cell, type MatrixDesk } from './desk.ts';
import { NOTHING } from './dossier-cells.ts';
import { rightOf } from './machine-cells.ts';
import {
  CALL_DEEDS,
  CALL_STAGES,
  CALLERS,
  type Caller,
  type CallStage,
  callDeedEnds,
  isLetIn,
  type MAY,
  SHIFT_DEEDS,
  SHIFT_STAGES,
  type ShiftStage,
  shiftDeedEnds,
} from './right.ts';

export const rightShifts = (may?: typeof MAY): Cells => rightOf(SHIFT_DEEDS, SHIFT_STAGES, shiftDeedEnds, may);

/** A shift, and what is asked for to have it stay as it is. */
interface Found {
  id: string;
  version: number;
  input: object;
}

/** The accounts of the callers who have one, and of somebody else. */
async function accountsOf(desk: MatrixDesk): Promise<(caller: Caller | 'SOMEBODY') => string> {
  const viewer = '{ viewer { id } }';
  const ids = new Map<Caller | 'SOMEBODY', string>();
  for (const caller of CALLERS.filter(isLetIn))
    ids.set(caller, (await desk.as(caller).request<{ viewer: { id: string } }>(viewer)).viewer.id);
  const somebody = (await desk.hub.as('editor').request<{ viewer: { id: string } }>(viewer)).viewer.id;
  return (caller) => ids.get(caller) ?? somebody;
}

async function shiftAt(desk: MatrixDesk, stage: ShiftStage, caller: string, somebody: string): Promise<Found> {
  const { hub } = desk;
  const incident = await openIncident(hub, `garde-${randomUUID().slice(0, 13)}`);
  const isTheirs = stage === 'PLANNED' || stage === 'OWN';
  const times = stage === 'PLANNED' ? { from: hoursFromNow(2) } : {};
  const input = shiftInput(isTheirs ? caller : somebody, { incident, ...times });
  if (stage === 'ABSENT') return { id: NOTHING, version: 1, input };
  const saved = await saveShift(hub, input);
  if (stage === 'HANDED' && caller !== somebody) return { ...(await handOver(hub, 'duty', saved, caller)), input };
  return { ...saved, input: { ...input, from: saved.from } };
}

function deedOn(field: string, { id, version, input }: Found, to: string): Call {
  if (field === 'saveShift')
    return { field, given: { input: ['ShiftInput!', { ...input, id, version, to: hoursFromNow(10) }] } };
  if (field === 'removeShift') return { field, given: { id: ['ID!', id], version: ['Int!', version] } };
  const given: Call['given'] = { shift: ['ID!', id], version: ['Int!', version] };
  return field === 'takeOver'
    ? { field, given }
    : { field, given: { ...given, to: ['ID!', to], note: ['String!', 'Rien à signaler.'] } };
}

/** Tries each deed on a shift at each stage as everybody. */
export async function findShifts(desk: MatrixDesk): Promise<Cells> {
  const found: Cells = new Map();
  const accountOf = await accountsOf(desk);
  const other = (await desk.hub.as('checker').request<{ viewer: { id: string } }>('{ viewer { id } }')).viewer.id;
  for (const stage of SHIFT_STAGES)
    for (const caller of CALLERS) {
      let kept: Found | undefined;
      for (const field of SHIFT_DEEDS) {
        const shift: Found = kept ?? (await shiftAt(desk, stage, accountOf(caller), accountOf('SOMEBODY')));
        const end = await call(desk, caller, deedOn(field, shift, other));
        kept = end === 'done' ? undefined : shift;
        found.set(cell(field, stage, caller), end);
      }
    }
  return found;
}

export const rightCalls = (may?: typeof MAY): Cells => rightOf(CALL_DEEDS, CALL_STAGES, callDeedEnds, may);

/** A call about a dossier of its own, which the clock leaves alone. */
async function callAt(desk: MatrixDesk, stage: CallStage, caller: Caller): Promise<string> {
  if (stage === 'ABSENT') return NOTHING;
  const { id: dossier } = await draft(desk.hub, 'Alert');
  return withSession(desk.databaseUrl, async (session) => {
    const accountOf = async (subject: string) => {
      const accounts = `select id from account where issuer = 'development' and subject = $1`;
      return (await session.query<{ id: string }>(accounts, [subject])).rows[0]?.id ?? null;
    };
    const id = randomUUID();
    const isTaken = stage === 'TAKEN';
    await session.query(
      `insert into call (id, reason, dossier_id, mode, state, caused_by_id, started_at, rung, taken_by_id, taken_until, ended_at)
       values ($1, 'REVIEW', $2, 'ACTUAL', $3, $4, now(), 1, $5, $6, $7)`,
      [
        ...[id, dossier],
        stage === 'CAUSED' ? 'RINGING' : stage === 'ENDED' ? 'DONE' : stage,
        stage === 'CAUSED' ? await accountOf(`matrix-${caller}`) : null,
        isTaken ? await accountOf('editor') : null,
        isTaken ? new Date(Date.now() + 3600_000) : null,
        stage === 'ENDED' ? new Date() : null,
      ],
    );
    return id;
  });
}

/** Somebody whom nobody has called yet. */
async function newPerson(desk: MatrixDesk): Promise<string> {
  const id = randomUUID();
  await withSession(desk.databaseUrl, (session) =>
    session.query(
      `insert into account (id, version, issuer, subject, name, created_at) values ($1::uuid, 1, 'development', $1::uuid::text, 'Personne', now())`,
      [id],
    ),
  );
  return id;
}

async function deedOnCall(desk: MatrixDesk, field: string, stage: CallStage, caller: Caller): Promise<Call> {
  if (field === 'testCall')
    return { field, given: { account: ['ID!', stage === 'ABSENT' ? NOTHING : await newPerson(desk)] } };
  return { field, given: { id: ['ID!', await callAt(desk, stage, caller)] } };
}

/** Has everybody answer calls at each stage, and test whether people can be reached. */
export async function findCalls(desk: MatrixDesk): Promise<Cells> {
  const found: Cells = new Map();
  // An account is made at its person's first visit.
  for (const caller of CALLERS) await desk.ask(caller, '{ viewer { id } }');
  for (const field of CALL_DEEDS)
    for (const stage of CALL_STAGES)
      for (const caller of CALLERS)
        found.set(cell(field, stage, caller), await call(desk, caller, await deedOnCall(desk, field, stage, caller)));
  return found;
}

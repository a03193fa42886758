import type { Persona } from '../../../src/development/development-tokens.ts';
import { type Desk, hoursFromNow } from '../desk/desk.ts';

/** A shift as the desk sees it. */
export interface SeenShift {
  id: string;
  version: number;
  incident: { id: string } | null;
  dutyFunction: string;
  account: { id: string };
  rank: number;
  from: string;
  to: string;
  state: string;
  handedTo: { id: string } | null;
  note: string | null;
  relieves: string | null;
}
export const SHIFT =
  'id version incident { id } dutyFunction account { id } rank from to state handedTo { id } note relieves';

export async function idOf(hub: Desk, persona: Persona): Promise<string> {
  return (await hub.as(persona).request<{ viewer: { id: string } }>('{ viewer { id } }')).viewer.id;
}

/** What is asked for of a new shift: from an hour ago to eleven hours from now, on the standing roster. */
export const shiftInput = (account: string, more: object = {}) => ({
  dutyFunction: 'LEAD',
  account,
  from: hoursFromNow(-1),
  to: hoursFromNow(11),
  ...more,
});

export async function saveShift(hub: Desk, input: object, persona: Persona = 'validator'): Promise<SeenShift> {
  const { saveShift: saved } = await hub
    .as(persona)
    .request<{ saveShift: { shift: SeenShift } }>(
      `mutation ($input: ShiftInput!) { saveShift(input: $input) { shift { ${SHIFT} } } }`,
      { input },
    );
  return saved.shift;
}

export async function handOver(
  hub: Desk,
  persona: Persona,
  { id, version }: SeenShift,
  to: string,
  note = 'Rien à signaler.',
): Promise<SeenShift> {
  const { handOver: handed } = await hub.as(persona).request<{ handOver: { shift: SeenShift } }>(
    `mutation ($id: ID!, $version: Int!, $to: ID!, $note: String!) {
         handOver(shift: $id, version: $version, to: $to, note: $note) { shift { ${SHIFT} } } }`,
    { id, version, to, note },
  );
  return handed.shift;
}

export async function takeOver(hub: Desk, persona: Persona, { id, version }: SeenShift): Promise<SeenShift> {
  const { takeOver: taken } = await hub
    .as(persona)
    .request<{ takeOver: { shift: SeenShift } }>(
      `mutation ($id: ID!, $version: Int!) { takeOver(shift: $id, version: $version) { shift { ${SHIFT} } } }`,
      { id, version },
    );
  return taken.shift;
}

export async function removeShift(hub: Desk, { id, version }: SeenShift, persona: Persona = 'validator') {
  const { removeShift: removed } = await hub
    .as(persona)
    .request<{ removeShift: { removedId: string } }>(
      'mutation ($id: ID!, $version: Int!) { removeShift(id: $id, version: $version) { removedId } }',
      { id, version },
    );
  return removed.removedId;
}

/** The roster between two moments, of an incident or of everything. */
export async function roster(
  hub: Desk,
  span: { from: string; to: string; incident?: string },
  persona: Persona = 'checker',
): Promise<SeenShift[]> {
  const { dutyRoster } = await hub.as(persona).request<{ dutyRoster: { nodes: SeenShift[] } }>(
    `query ($from: DateTime!, $to: DateTime!, $incident: ID) {
         dutyRoster(from: $from, to: $to, incident: $incident, first: 100) { nodes { ${SHIFT} } } }`,
    span,
  );
  return dutyRoster.nodes;
}

/** The people who are on duty for an incident now. */
export async function onDutyOf(hub: Desk, incident: string): Promise<SeenShift[]> {
  const { file } = await hub
    .as('editor')
    .request<{ file: { onDuty: SeenShift[] } }>(
      `query ($id: ID) { file: incidentFile(id: $id) { onDuty { ${SHIFT} } } }`,
      { id: incident },
    );
  return file.onDuty;
}

import type { Persona } from '../../../src/development/development-tokens.ts';
import { type Desk, openIncident } from '../desk/desk.ts';

/** The columns of an incident that was just opened, beside its names. */
export const justOpened = () => ({
  version: 1,
  state: 'OPEN' as const,
  level: 'STANDBY' as const,
  mode: 'ACTUAL' as const,
  objectives: [],
  keywords: [],
  channels: [],
  leftRunning: [],
});

/** An incident as the crisis cell sees it. */
export interface SeenIncident {
  id: string;
  version: number;
  incident: { slug: string };
  state: string;
  level: string;
  mode: string;
  objectives: string[];
  perimeter: { id: string; description: string; communes: { code: string }[] } | null;
  keywords: string[];
  channels: string[];
  participants: { id: string; name: string }[];
  requestedBy: { id: string } | null;
  periods: { from: string; to: string | null; openedFor: string | null; closedFor: string | null }[];
  levelChanges: { level: string; reason: string; setAt: string }[];
  leftRunning: string[];
}
export const INCIDENT_FILE = `id version incident { slug } state level mode objectives
  perimeter { id description communes { code } } keywords channels participants { id name } requestedBy { id }
  periods { from to openedFor closedFor } levelChanges { level reason setAt } leftRunning`;

const TYPES: Record<string, string> = {
  id: 'ID!',
  version: 'Int!',
  reason: 'String!',
  level: 'IncidentLevel!',
  leaveRunning: '[ID!]!',
  input: 'IncidentInput!',
};
type Deed = 'reviseIncident' | 'setIncidentLevel' | 'closeIncident' | 'reopenIncident';

/** One deed on an incident; answers it as it then stood. */
export async function onIncident(
  hub: Desk,
  persona: Persona,
  deed: Deed,
  args: { id: string; version: number } & Record<string, unknown>,
): Promise<SeenIncident> {
  const names = Object.keys(args);
  const declared = names.map((name) => `$${name}: ${TYPES[name]}`).join(', ');
  const passed = names.map((name) => `${name}: $${name}`).join(', ');
  const { done } = await hub
    .as(persona)
    .request<{ done: { incidentFile: SeenIncident } }>(
      `mutation (${declared}) { done: ${deed}(${passed}) { incidentFile { ${INCIDENT_FILE} } } }`,
      args,
    );
  return done.incidentFile;
}

/** An incident by its id or slug; null where there is none. */
export async function incidentFile(
  hub: Desk,
  name: { id?: string; slug?: string },
  persona: Persona | undefined = 'checker',
): Promise<SeenIncident | null> {
  const { file } = await hub
    .as(persona)
    .request<{ file: SeenIncident | null }>(
      `query ($id: ID, $slug: String) { file: incidentFile(id: $id, slug: $slug) { ${INCIDENT_FILE} } }`,
      name,
    );
  return file;
}

/** A new incident, as the cell sees it. */
export async function newIncident(hub: Desk, slug: string, mode = 'ACTUAL'): Promise<SeenIncident> {
  const file = await incidentFile(hub, { id: await openIncident(hub, slug, mode) });
  if (!file) throw new Error(`${slug} was opened, and is not there`);
  return file;
}

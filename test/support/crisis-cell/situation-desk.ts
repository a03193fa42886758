import type { Persona } from '../../../src/development/development-tokens.ts';
import type { Desk } from '../desk/desk.ts';

/** Figures as the API answers them. */
export interface SeenFigures {
  level: string;
  since: string | null;
  inForce: { kind: string; severity: string | null; count: number }[];
  upcoming: number;
  published: number;
  changed: number;
  ended: number;
  gravest: { thread: string; kind: string; severity: string | null; headline: string }[];
  communeNames: string[];
  inhabitants: number | null;
  closures: Record<'planned' | 'inPlace' | 'notStarted' | 'reopened' | 'unseen', number>;
  reports: { state: string; count: number }[];
  reportsToCheck: number;
  questions: Record<'unanswered' | 'answered' | 'outdated' | 'redirected' | 'toGroup', number> | null;
  corrections: { state: string; count: number }[];
  sourcesAtFault: string[];
  onDuty: { dutyFunction: string; count: number }[];
}

/** A situation report as the API answers it. */
export interface SeenReport {
  id: string;
  version: number;
  incident: { id: string };
  mode: string;
  number: number;
  edition: number;
  state: string;
  asOf: string;
  cursor: string;
  logNumber: number;
  contentHash: string | null;
  frozenBy: { name: string } | null;
  organisation: { name: string } | null;
  replaces: { id: string } | null;
  printUrl: string;
  parts: {
    situation: string | null;
    measures: string | null;
    outlook: string | null;
    wanted: string | null;
    toll: { figure: string; source: { id: string; name: string }; countedAt: string } | null;
    nextAt: string | null;
  };
  figures: SeenFigures;
}

export const SITUATION_REPORT = `id version incident { id } mode number edition state asOf cursor logNumber contentHash
  frozenBy { name } organisation { name } replaces { id } printUrl
  parts { situation measures outlook wanted toll { figure source { id name } countedAt } nextAt }
  figures { level since inForce { kind severity count } upcoming published changed ended
    gravest { thread kind severity headline } communeNames inhabitants
    closures { planned inPlace notStarted reopened unseen } reports { state count } reportsToCheck
    questions { unanswered answered outdated redirected toGroup }
    corrections { state count } sourcesAtFault onDuty { dutyFunction count } }`;

export const PARTS_WRITTEN = { situation: 'L’Yvette monte à Longjumeau.' };

type Seen = Pick<SeenReport, 'id' | 'version'>;

async function ask(hub: Desk, persona: Persona, document: string, variables: object): Promise<SeenReport> {
  const { done } = await hub.as(persona).request<{ done: { situationReport: SeenReport } }>(document, variables);
  return done.situationReport;
}

export const draftReport = (
  hub: Desk,
  incident: string,
  replaces: string | null = null,
  persona: Persona = 'editor',
): Promise<SeenReport> =>
  ask(
    hub,
    persona,
    `mutation ($incident: ID!, $replaces: ID) {
       done: draftSituationReport(incident: $incident, replaces: $replaces) { situationReport { ${SITUATION_REPORT} } } }`,
    { incident, replaces },
  );

export const reviseReport = (
  hub: Desk,
  { id, version }: Seen,
  parts: object = PARTS_WRITTEN,
  persona: Persona = 'editor',
): Promise<SeenReport> =>
  ask(
    hub,
    persona,
    `mutation ($id: ID!, $version: Int!, $parts: SituationPartsInput!) {
       done: reviseSituationReport(id: $id, version: $version, parts: $parts) { situationReport { ${SITUATION_REPORT} } } }`,
    { id, version, parts },
  );

export const freezeReport = (hub: Desk, { id, version }: Seen, persona: Persona = 'validator'): Promise<SeenReport> =>
  ask(
    hub,
    persona,
    `mutation ($id: ID!, $version: Int!) {
       done: freezeSituationReport(id: $id, version: $version) { situationReport { ${SITUATION_REPORT} } } }`,
    { id, version },
  );

export async function removeReport(hub: Desk, { id, version }: Seen): Promise<string> {
  const { done } = await hub
    .as('editor')
    .request<{ done: { removedId: string } }>(
      'mutation ($id: ID!, $version: Int!) { done: removeSituationReport(id: $id, version: $version) { removedId } }',
      { id, version },
    );
  return done.removedId;
}

/** The next report of an incident, frozen with these words. */
export const freezeNext = async (hub: Desk, incident: string, parts: object = PARTS_WRITTEN): Promise<SeenReport> =>
  freezeReport(hub, await reviseReport(hub, await draftReport(hub, incident), parts));

/** All of an incident, the last one first. */
export async function reportsOf(hub: Desk, incident: string, persona: Persona = 'checker'): Promise<SeenReport[]> {
  const { file } = await hub
    .as(persona)
    .request<{ file: { situationReports: SeenReport[] } }>(
      `query ($id: ID) { file: incidentFile(id: $id) { situationReports { ${SITUATION_REPORT} } } }`,
      { id: incident },
    );
  return file.situationReports;
}

export async function reportNamed(
  hub: Desk,
  name: { incident: string; number: number; edition?: number },
): Promise<SeenReport | null> {
  const { report } = await hub.as('checker').request<{ report: SeenReport | null }>(
    `query ($incident: ID!, $number: Int!, $edition: Int) {
         report: situationReport(incident: $incident, number: $number, edition: $edition) { ${SITUATION_REPORT} } }`,
    name,
  );
  return report;
}

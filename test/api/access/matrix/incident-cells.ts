import { randomUUID } from 'node:crypto';
import { alertInput, publishNew } from '../../../support/desk/desk.ts';
import { type Call, type Cells, call, cell, type MatrixDesk } from './desk.ts';
import { NOTHING } from './dossier-cells.ts';
import { prepare, rightOf, type Subject } from './machine-cells.ts';
import { CALLERS, INCIDENT_DEEDS, INCIDENT_STAGES, type IncidentStage, incidentDeedEnds, type MAY } from './right.ts';

export const rightIncidents = (may?: typeof MAY): Cells =>
  rightOf(INCIDENT_DEEDS, INCIDENT_STAGES, incidentDeedEnds, may);

const OPEN = '($slug: String!) { done: openIncident(slug: $slug, title: "Crue") { incident { id } } }';
const CLOSE = `($id: ID!, $version: Int!) {
  done: closeIncident(id: $id, version: $version, reason: "Décrue") { incidentFile { id version } } }`;

async function incidentAt({ hub }: MatrixDesk, stage: IncidentStage): Promise<Subject> {
  if (stage === 'ABSENT') return { id: NOTHING, version: 1 };
  const { id } = await prepare(hub.as('editor'), OPEN, { slug: `crue-${randomUUID().slice(0, 13)}` });
  if (stage === 'RUNNING') await publishNew(hub, 'Alert', alertInput({ incidentId: id }));
  return stage === 'CLOSED' ? prepare(hub.as('validator'), CLOSE, { id, version: 1 }) : { id, version: 1 };
}

const WHY: Call['given'] = { reason: ['String!', 'La crue monte.'] };
/** Further arguments of each deed. */
const ARGUMENTS: Record<string, Call['given']> = {
  reviseIncident: { input: ['IncidentInput!', { objectives: ['Informer.'] }] },
  setIncidentLevel: { ...WHY, level: ['IncidentLevel!', 'FULL'] },
  closeIncident: WHY,
  reopenIncident: WHY,
};

function deedOn(field: string, { id, version }: Subject): Call {
  if (field === 'incidentFile') return { field, kind: 'query', given: { id: ['ID!', id] } };
  return { field, given: { id: ['ID!', id], version: ['Int!', version], ...ARGUMENTS[field] } };
}

/** Tries each deed on an incident in each state as everybody. An incident that a deed was done to is replaced by another. */
export async function findIncidents(desk: MatrixDesk): Promise<Cells> {
  const found: Cells = new Map();
  for (const stage of INCIDENT_STAGES) {
    let kept: Subject | undefined;
    for (const field of INCIDENT_DEEDS)
      for (const caller of CALLERS) {
        const incident: Subject = kept ?? (await incidentAt(desk, stage));
        const end = await call(desk, caller, deedOn(field, incident));
        kept = end === 'done' && field !== 'incidentFile' ? undefined : incident;
        found.set(cell(field, stage, caller), end);
      }
  }
  return found;
}

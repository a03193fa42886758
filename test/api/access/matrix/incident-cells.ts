import { randomUUID } from 'node:crypto';
import { draftReport, freezeReport, PARTS_WRITTEN, reviseReport } from '../../../support/crisis-cell/situation-desk.ts';
import { alertInput, openIncident, publishNew } from '../../../support/desk/desk.ts';
import { type Call, type Cells, call, cell, codeIn, type MatrixDesk } from './desk.ts';
import { NOTHING } from './dossier-cells.ts';
import { prepare, rightOf, type Subject } from './machine-cells.ts';
import { page } from './report-cells.ts';
import {
  CALLERS,
  type Caller,
  DESK_PAGES,
  INCIDENT_DEEDS,
  INCIDENT_STAGES,
  type IncidentStage,
  incidentDeedEnds,
  type MAY,
  SITUATION_DEEDS,
  SITUATION_STAGES,
  type SituationStage,
  situationDeedEnds,
} from './right.ts';

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

export const rightSituationReports = (may?: typeof MAY): Cells =>
  rightOf(SITUATION_DEEDS, SITUATION_STAGES, situationDeedEnds, may);

type OfIncident = Subject & { incident: string };

/** A situation report at a stage, the last of an incident of its own but where it is replaced. */
async function situationReportAt({ hub }: MatrixDesk, stage: SituationStage): Promise<OfIncident> {
  if (stage === 'ABSENT') return { id: NOTHING, version: 1, incident: NOTHING };
  const incident = await openIncident(hub, `point-${randomUUID().slice(0, 13)}`);
  const blank = await draftReport(hub, incident);
  if (stage === 'BLANK') return { ...blank, incident };
  const written = await reviseReport(hub, blank);
  if (stage === 'WRITTEN') return { ...written, incident };
  const frozen = await freezeReport(hub, written);
  if (stage === 'FROZEN') return { ...frozen, incident };
  await freezeReport(hub, await draftReport(hub, incident, frozen.id));
  return { ...frozen, version: frozen.version + 1, incident };
}

async function tried(desk: MatrixDesk, caller: Caller, field: string, report: OfIncident): Promise<string> {
  const { id, version, incident } = report;
  if (field === 'printSituationReport') {
    const { status, text } = await page(desk, caller, `${DESK_PAGES[field]}/${id}`);
    return status === 200 ? 'done' : (codeIn(text) ?? String(status));
  }
  if (field === 'situationReport')
    return call(desk, caller, { field, kind: 'query', given: { incident: ['ID!', incident], number: ['Int!', 1] } });
  if (field === 'draftSituationReport') return call(desk, caller, { field, given: { incident: ['ID!', incident] } });
  const given: Call['given'] = { id: ['ID!', id], version: ['Int!', version] };
  if (field === 'reviseSituationReport') given.parts = ['SituationPartsInput!', PARTS_WRITTEN];
  return call(desk, caller, { field, given });
}

/** Tries each deed on a situation report at each stage as everybody. One that a deed was done to is replaced by another. */
export async function findSituationReports(desk: MatrixDesk): Promise<Cells> {
  const found: Cells = new Map();
  for (const stage of SITUATION_STAGES) {
    let kept: OfIncident | undefined;
    for (const field of SITUATION_DEEDS)
      for (const caller of CALLERS) {
        const report: OfIncident = kept ?? (await situationReportAt(desk, stage));
        const end = await tried(desk, caller, field, report);
        const isRead = field === 'situationReport' || field === 'printSituationReport';
        kept = end === 'done' && !isRead ? undefined : report;
        found.set(cell(field, stage, caller), end);
      }
  }
  return found;
}

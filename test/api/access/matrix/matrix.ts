import { findContactPoints, rightContactPoints } from './contacts/contact-cells.ts';
import { type Cells, matrixDesk, type Turned } from './desk.ts';
import { findDossierDeeds, findDossierFields, rightDossierDeeds, rightDossierFields } from './dossier-cells.ts';
import { findCalls, findShifts, rightCalls, rightShifts } from './duty-cells.ts';
import { findFlashes, rightFlashes } from './flashes/flash-cells.ts';
import { findIncidents, findSituationReports, rightIncidents, rightSituationReports } from './incident-cells.ts';
import { findMailboxes, rightMailboxes } from './institutions/mailbox-cells.ts';
import { findLogs, rightLogs } from './log-cells.ts';
import { findMachines, rightMachines } from './machine-cells.ts';
import { findPictures, rightPictures } from './pictures/picture-cells.ts';
import { findPublicReads, rightPublicReads } from './public-cells.ts';
import { findQuestions, rightQuestions } from './questions/question-cells.ts';
import { findReportDeeds, findReportReads, rightReportDeeds, rightReportReads } from './report-cells.ts';
import { MAY } from './right.ts';
import { findSessions, rightSessions } from './session-cells.ts';
import { findRules, rightRules } from './signatures/rule-cells.ts';

type Right = (may?: typeof MAY) => Cells;
type Find = (desk: Awaited<ReturnType<typeof matrixDesk>>) => Promise<Cells>;

/** The parts of the matrix: what is right, and how it is found out. Those that read lists come before those that fill them. */
export const PARTS: Readonly<Record<string, { right: Right; find: Find }>> = {
  'what the public reads and hears': { right: rightPublicReads, find: findPublicReads },
  'fields and maps of reports': { right: rightReportReads, find: findReportReads },
  'fields of dossiers': { right: rightDossierFields, find: findDossierFields },
  'what is made, webhooks, watchers, accounts': { right: rightMachines, find: findMachines },
  'mailboxes of institutions': { right: rightMailboxes, find: findMailboxes },
  'logs of incidents': { right: rightLogs, find: findLogs },
  'incidents as the crisis cell runs them': { right: rightIncidents, find: findIncidents },
  'situation reports of incidents': { right: rightSituationReports, find: findSituationReports },
  'groups of questions': { right: rightQuestions, find: findQuestions },
  'flashes to the Sdis': { right: rightFlashes, find: findFlashes },
  'the roster of the crisis cell': { right: rightShifts, find: findShifts },
  'pictures of reports': { right: rightPictures, find: findPictures },
  'rules of signature': { right: rightRules, find: findRules },
  'calls of people': { right: rightCalls, find: findCalls },
  'contact points of people': { right: rightContactPoints, find: findContactPoints },
  'sessions of the desk': { right: rightSessions, find: findSessions },
  'deeds on reports': { right: rightReportDeeds, find: findReportDeeds },
  'deeds on dossiers': { right: rightDossierDeeds, find: findDossierDeeds },
};

/** All that is right, with the roles that may use each field. */
export const right = (may: typeof MAY = MAY): Cells =>
  new Map(Object.values(PARTS).flatMap(({ right: of }) => [...of(may)]));

/** Tries the whole matrix on a hub of its own, some of whose permissions are turned round. */
export async function find(url: string, turned: Turned): Promise<Cells> {
  const desk = await matrixDesk(url, turned);
  try {
    const found: Cells = new Map();
    for (const { find: tried } of Object.values(PARTS))
      for (const [name, end] of await tried(desk)) found.set(name, end);
    return found;
  } finally {
    await desk.close();
  }
}

/** The cells that end otherwise in one than in the other, as lines. */
export const differences = (found: Cells, expected: Cells): string[] =>
  [...new Set([...found.keys(), ...expected.keys()])]
    .filter((name) => found.get(name) !== expected.get(name))
    .map((name) => `${name}: ${found.get(name) ?? 'not tried'}, not ${expected.get(name) ?? 'in the table'}`);

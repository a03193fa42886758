import { saveShift } from '../../duty/roster.commands.ts';
import type { PublishingWork } from '../../editorial/dossier/editorial-work.ts';
import { reviseIncident } from '../../editorial/incidents/revise-incident.commands.ts';
import { setIncidentLevel } from '../../editorial/incidents/run-incident.commands.ts';
import { confirmDecision } from '../../editorial/publishing/confirm.commands.ts';
import { addLogLine } from '../../incident-log/log-line.commands.ts';
import { submitReport } from '../../reports/submit.commands.ts';
import {
  draftSituationReport,
  reviseSituationReport,
} from '../../situation-reports/draft-situation-report.commands.ts';
import { freezeSituationReport } from '../../situation-reports/freeze-situation-report.commands.ts';
import type { CellArguments, CellDeed } from './scenario.ts';

type Command = (work: PublishingWork, given: CellArguments) => Promise<{ id: string }>;

/** The command behind each mutation of the crisis cell that the demo plays. */
export const CELL_COMMANDS: Readonly<Record<CellDeed, Command>> = {
  reviseIncident,
  setIncidentLevel,
  saveShift: (work, { input }) => saveShift(work, input),
  addLogLine,
  submitReport: (work, { input }) => submitReport(work, input),
  confirmDecision,
  draftSituationReport,
  reviseSituationReport,
  freezeSituationReport,
};

import { instant } from '../clock.ts';
import { sqlIn } from '../database/sql-in.ts';
import { HubError } from '../errors.ts';
import { present } from '../office/present.rules.ts';
import { accountOf } from '../office/unit-of-work.ts';
import { situationSnapshots } from './situation-figures.queries.ts';
import type { SituationReportRow } from './situation-report.entity.ts';
import { frozenText } from './situation-report.rules.ts';
import { draftInHand, type OneSituationReport, type SituationWork } from './situation-work.ts';

/**
 * Freezes a draft with the figures of this moment (I-41); the edition that it replaces is in force no longer (I-42). WRONG_STAGE
 * while nobody has written the situation, or where the hour of the next one has passed.
 */
export async function freezeSituationReport(work: SituationWork, which: OneSituationReport): Promise<{ id: string }> {
  const { em, clock, territory } = work;
  const report = await draftInHand(work, 'freezeSituationReport', which);
  const now = clock.now();
  demandWhole(report, now);
  await demandNothingPending(work);
  const { id, number, edition, parts, replaces } = report;
  const snapshot = present((await situationSnapshots(em, [id], now, territory)).get(id), 'situation report', id);
  const { asOf: _, figures: __, ...stood } = snapshot;
  if (replaces) await replace(work, replaces.id);
  Object.assign(report, {
    ...stood,
    ...frozenText({
      ...snapshot,
      incident: report.incident.id,
      number,
      edition,
      parts,
      tollSource: await nameOfSource(work, report),
    }),
    state: 'FROZEN',
    version: report.version + 1,
    asOf: now,
    frozenBy: work.actor && accountOf(work, work.actor),
  });
  await em.flush();
  return { id };
}

const replace = ({ em }: SituationWork, id: string) =>
  sqlIn(em)(`update situation_report set state = 'REPLACED', version = version + 1 where id = ?::uuid`, [id]);

function demandWhole({ parts: { situation, nextAt } }: SituationReportRow, now: Date): void {
  if (situation === null)
    throw new HubError('WRONG_STAGE', 'nobody has written the situation: reviseSituationReport comes first');
  if (nextAt !== null && instant(nextAt) <= now.getTime())
    throw new HubError('WRONG_STAGE', 'the hour of the next situation report has passed: revise `nextAt`');
}

/** Changes that this transaction itself publishes have no place in the journal yet: they would be counted as new twice. */
async function demandNothingPending({ em }: SituationWork): Promise<void> {
  const pending = await sqlIn(em)('select from journal_entry where position is null limit 1');
  if (pending.length > 0)
    throw new HubError('WRONG_STAGE', 'a situation report is frozen apart: send what publishes in another operation');
}

async function nameOfSource({ em }: SituationWork, { parts: { toll } }: SituationReportRow): Promise<string | null> {
  if (!toll) return null;
  const [source] = await sqlIn(em)<{ name: string }>('select name from organisation where id = ?::uuid', [toll.source]);
  return source?.name ?? null;
}

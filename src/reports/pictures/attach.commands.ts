import type { EntityManager } from '@mikro-orm/postgresql';
import { LockMode } from '@mikro-orm/postgresql';
import type { Actor } from '../../access/actor.ts';
import { demand } from '../../access/permissions.rules.ts';
import { HubError, invalidInput, readInput } from '../../errors.ts';
import type { UnitOfWork } from '../../office/unit-of-work.ts';
import { isUuid } from '../../uuid.ts';
import { erasedBefore } from '../personal/personal.commands.ts';
import type { ReportRow } from '../report.entity.ts';
import { PERSONAL_DATA_DAYS } from '../report.rules.ts';
import { lockReport } from '../report-work.ts';
import { FieldPicture } from './picture.entity.ts';
import { MOST_OF_A_REPORT } from './picture.rules.ts';
import { somePictureIds } from './read-pictures.ts';

/**
 * Gives a report pictures that their bringer has brought before. WRONG_STAGE once what identifies people in it has been due to be
 * erased: nothing is added that could not be kept.
 */
export async function attachPictures(
  { em, actor, clock }: UnitOfWork,
  { id, pictures }: { id: string; pictures: unknown },
): Promise<ReportRow> {
  demand(actor, 'attachPictures');
  const report = await lockReport(em, id);
  if (report.closedAt && report.closedAt <= erasedBefore(clock.now()))
    throw new HubError('WRONG_STAGE', `pictures of this report were kept for ${PERSONAL_DATA_DAYS} days`);
  const ids = readInput(somePictureIds, pictures, 'pictures');
  const there = await em.count(FieldPicture, { report, erasedAt: null });
  if (there + ids.length > MOST_OF_A_REPORT)
    throw invalidInput([
      { path: 'pictures', message: `must leave the report at most ${MOST_OF_A_REPORT} pictures: it has ${there}` },
    ]);
  await giveTo(em, actor, report, { ids, path: 'pictures' });
  return report;
}

/** Gives a report pictures of the actor that wait for one. INVALID_INPUT names each that is none. */
export async function giveTo(
  em: EntityManager,
  actor: Actor,
  report: ReportRow,
  { ids, path }: { ids: readonly string[]; path: string },
): Promise<void> {
  if (ids.length === 0) return;
  const waiting = await em.find(
    FieldPicture,
    { id: { $in: ids.filter(isUuid) }, by: actor.id, report: null, erasedAt: null },
    { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' }, refresh: true },
  );
  const known = new Set(waiting.map(({ id }) => id));
  const faults = ids.flatMap((id, at) =>
    known.has(id) ? [] : [{ path: `${path}.${at}`, message: 'must be a picture of yours that waits for a report' }],
  );
  if (faults.length > 0) throw invalidInput(faults);
  for (const picture of waiting) picture.report = report;
  await em.flush();
}

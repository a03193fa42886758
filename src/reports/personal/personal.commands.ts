import type { EntityManager } from '@mikro-orm/postgresql';
import { demand } from '../../access/permissions.rules.ts';
import { HubError, readInput } from '../../errors.ts';
import { recordDeed } from '../../office/audit.commands.ts';
import type { UnitOfWork } from '../../office/unit-of-work.ts';
import { namesToMask } from '../read-report.ts';
import { ReportPersonal, type ReportRow } from '../report.entity.ts';
import { PERSONAL_DATA_DAYS } from '../report.rules.ts';
import { lockReport } from '../report-work.ts';
import { isFlashContact } from './flash-contact.queries.ts';
import { maskFlashWords } from './flash-words.commands.ts';
import { masking, type PersonalItem } from './personal.rules.ts';

export interface PersonalData {
  captured: string;
  url: string | null;
  items: readonly PersonalItem[];
}

/**
 * The personal data of a report; null where it had none, or where they have been erased. It stands among the commands
 * because every reading is recorded: it runs in a transaction, and the audit entry belongs into it. The contact of the Sdis
 * to whom a flash about the report was sent reads them for 24 hours.
 */
export async function readPersonalData(
  { em, actor, clock }: UnitOfWork,
  { id }: { id: string },
): Promise<PersonalData | null> {
  if (!(await isFlashContact(em, { actor, report: id }, clock.now()))) demand(actor, 'readPersonalData');
  const report = await lockReport(em, id);
  const personal = await em.findOne(ReportPersonal, { report }, { refresh: true });
  return personal && { captured: personal.captured, url: personal.url ?? null, items: personal.items };
}

/**
 * Takes names out of a report that its submitter did not name, and of the words of its flash, and keeps them apart with the rest.
 * WRONG_STAGE once its personal data have been due to be erased: nothing is taken out that could not be kept.
 */
export async function maskPeople(
  { em, actor, clock }: UnitOfWork,
  { id, people }: { id: string; people: unknown },
): Promise<ReportRow> {
  demand(actor, 'maskPeople');
  const report = await lockReport(em, id);
  if (isErased(report, clock.now()))
    throw new HubError('WRONG_STAGE', `the personal data of this report were kept for ${PERSONAL_DATA_DAYS} days`);
  const names = readInput(namesToMask, people, 'people');
  const known = await em.findOne(ReportPersonal, { report }, { refresh: true });
  const personal = masking(names, known?.items);
  const text = personal.mask(report.text);
  const isInFlash = await maskFlashWords(em, report.id, personal);
  if (text === report.text && !isInFlash) return report;
  if (known) known.items = personal.items;
  else em.create(ReportPersonal, { report, captured: report.text, url: report.url, items: personal.items });
  report.text = text;
  await em.flush();
  return report;
}

/**
 * Other words about a report, without what identifies people: it is kept with the rest of the report, under marks that go on
 * from those in its text. The caller has locked the report.
 */
export async function keepApart(
  em: EntityManager,
  report: ReportRow,
  texts: readonly string[],
  now: Date,
): Promise<string[]> {
  const known = await em.findOne(ReportPersonal, { report }, { refresh: true });
  const people = known?.items.flatMap(({ kind, value }) => (kind === 'PERSON' ? [value] : [])) ?? [];
  const personal = masking(people, known?.items);
  const open = texts.map((text) => personal.mask(text));
  if (personal.items.length === (known?.items.length ?? 0) || isErased(report, now)) return open;
  if (known) known.items = personal.items;
  else em.create(ReportPersonal, { report, captured: report.text, url: report.url, items: personal.items });
  return open;
}

/** Whether the personal data of a report have been due to be erased. */
export const isErased = ({ closedAt }: Pick<ReportRow, 'closedAt'>, now: Date): boolean =>
  closedAt !== null && closedAt !== undefined && closedAt <= erasedBefore(now);

/** Personal data of reports that were closed until then are erased. */
export const erasedBefore = (now: Date): Date => new Date(now.getTime() - PERSONAL_DATA_DAYS * 86_400_000);

/**
 * Erases the personal data of every report that was closed 90 days ago or earlier, at most a thousand at a time, leaves
 * an audit entry of each, and answers how many there were. The timekeeper calls it; it holds its own transaction.
 */
export const erasePersonalData = (em: EntityManager, now: Date): Promise<number> =>
  em.transactional(async (inside) => {
    const due = await inside.find(
      ReportPersonal,
      { report: { closedAt: { $lte: erasedBefore(now) } } },
      { limit: 1_000, refresh: true },
    );
    for (const { report } of due) {
      if ((await inside.nativeDelete(ReportPersonal, { report })) === 0) continue;
      const done = { action: 'erasePersonalData', subject: report.id, stateBefore: null, stateAfter: null } as const;
      await recordDeed(inside as EntityManager, { at: now, actor: null, ...done });
    }
    return due.length;
  });

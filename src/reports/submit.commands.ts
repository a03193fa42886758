import { v7 as uuid } from 'uuid';
import { demand } from '../access/permissions.rules.ts';
import { instant } from '../clock.ts';
import { type FieldFault, invalidInput, readInput } from '../errors.ts';
import { accountOf } from '../office/unit-of-work.ts';
import { masking } from './personal/personal.rules.ts';
import { giveTo } from './pictures/attach.commands.ts';
import { type ReportContent, reportInput } from './read-report.ts';
import { Report, ReportPersonal, type ReportRow } from './report.entity.ts';
import { keptCategory } from './report.rules.ts';
import type { ReportWork } from './report-work.ts';

// Clocks of telephones run ahead by a little.
const AHEAD_MS = 5 * 60_000;

/**
 * Submits something seen. Personal data are taken out of its text and kept apart (I-15). INVALID_INPUT names
 * every faulty field; nothing is written then.
 */
export async function submitReport(work: ReportWork, input: unknown): Promise<ReportRow> {
  const { em, actor, clock, territory } = work;
  demand(actor, 'submitReport');
  const content = readInput(reportInput, input, 'input');
  const now = clock.now();
  const faults = faultsOf(content, territory, now);
  if (faults.length > 0) throw invalidInput(faults.map(({ path, message }) => ({ path: `input.${path}`, message })));
  const { point } = content;
  const { open, personal } = withoutPeople(content);
  const report = em.create(Report, {
    id: uuid(),
    state: 'NEW',
    ...open,
    seenAt: new Date(content.seenAt),
    commune: communeOf(content, territory),
    lon: point?.lon ?? null,
    lat: point?.lat ?? null,
    submittedBy: accountOf(work, actor),
    submittedAt: now,
    escalated: false,
    markedPublic: false,
  });
  if (personal) em.create(ReportPersonal, { report, ...personal });
  await em.flush();
  await giveTo(em, actor, report, { ids: content.pictures, path: 'input.pictures' });
  return report;
}

function faultsOf(
  { seenAt, commune, point }: ReportContent,
  territory: ReportWork['territory'],
  now: Date,
): FieldFault[] {
  const faults: FieldFault[] = [];
  if (instant(seenAt) > now.getTime() + AHEAD_MS)
    faults.push({ path: 'seenAt', message: 'must not lie in the future' });
  if (commune !== null && !territory.byCode(commune))
    faults.push({ path: 'commune', message: `${commune} is not the INSEE code of a commune of the Essonne` });
  if (point && !territory.touchesDepartement(geometryOf(point)))
    faults.push({ path: 'point', message: 'must lie in the Essonne (5 km tolerance); lon comes first' });
  return faults;
}

const geometryOf = ({ lon, lat }: { lon: number; lat: number }) => ({
  type: 'Point' as const,
  coordinates: [lon, lat] as [number, number],
});

/** The commune that was named, by its code of today, or else the one in which the point lies. */
function communeOf({ commune, point }: ReportContent, territory: ReportWork['territory']): string | null {
  if (commune) return territory.byCode(commune)?.code ?? null;
  return (point && territory.communeAt(point)?.code) ?? null;
}

/** A captured report in two parts: the text that the whole desk may read, and the parts that identify people, if any. */
function withoutPeople({ text, url, channel, category, people }: ReportContent) {
  const personal = masking(people);
  const open = {
    text: personal.mask(text),
    channel: personal.mask(channel),
    url: url && personal.address(url),
    category: category && keptCategory(personal.mask(category)),
  };
  const apart = personal.items.length > 0 || open.url !== url;
  return { open, personal: apart ? { captured: text, url, items: personal.items } : null };
}

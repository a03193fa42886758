import { v7 as uuid } from 'uuid';
import { z } from 'zod';
import { demand } from '../access/permissions.rules.ts';
import { type FieldFault, invalidInput, readInput } from '../errors.ts';
import { demandVersion, lockRow } from '../office/lock.queries.ts';
import { accountOf } from '../office/unit-of-work.ts';
import { plainLine, webAddress } from '../publications/content/text/plain-text.ts';
import type { ReportWork } from '../reports/report-work.ts';
import { plainName } from '../territory/commune-names.ts';
import { codesOfToday } from '../territory/territory.ts';
import { Watcher, type WatcherRow } from './watcher.entity.ts';

const MOST = 200;
const list = <T extends z.ZodType<string>>(one: T) =>
  z
    .array(one)
    .max(MOST, `must hold at most ${MOST}`)
    .nullish()
    .transform((all) => [...new Set(all ?? [])]);

const withoutAccount = (url: string) => {
  const parsed = URL.parse(url);
  return !parsed || (parsed.username === '' && parsed.password === '');
};

const watcherInput = z.object({
  name: plainLine(200),
  url: webAddress.refine(withoutAccount, 'must not hold a name and password'),
  keywords: list(plainLine(100).refine((word) => plainName(word) !== '', 'must hold a letter or digit')),
  communes: list(z.string()),
  trustedSenders: list(plainLine(300)),
  everyMinutes: z.number().int().min(1, 'must be 1 or more').max(1440, 'must be 1440 or less'),
  active: z.boolean(),
});

/** Has a feed read from now on. INVALID_INPUT names every faulty field. */
export async function addWatcher(work: ReportWork, input: unknown): Promise<WatcherRow> {
  const { em, actor, clock } = work;
  demand(actor, 'addWatcher');
  const watcher = em.create(Watcher, {
    id: uuid(),
    version: 1,
    ...contentOf(work, input),
    createdBy: accountOf(work, actor),
    createdAt: clock.now(),
    dueAt: clock.now(),
    failures: 0,
  });
  await em.flush();
  return watcher;
}

export interface OneWatcher {
  id: string;
  version: number;
}

/** Replaces a watcher's content; the feed is read anew at once. CONFLICT when somebody saved it first. */
export async function reviseWatcher(
  work: ReportWork,
  { input, ...which }: OneWatcher & { input: unknown },
): Promise<WatcherRow> {
  const { em, actor, clock } = work;
  demand(actor, 'reviseWatcher');
  const watcher = await lockWatcher(work, which);
  // Without the validators the whole feed comes once more: an item that was not wanted before may be wanted now.
  const anew = { etag: null, lastModified: null, fault: null, failures: 0, dueAt: clock.now() };
  Object.assign(watcher, contentOf(work, input), anew, { version: watcher.version + 1 });
  await em.flush();
  return watcher;
}

/** Has a feed read no more. The reports that it brought stay, and so does where they come from. */
export async function removeWatcher(work: ReportWork, which: OneWatcher): Promise<{ id: string }> {
  demand(work.actor, 'removeWatcher');
  const watcher = await lockWatcher(work, which);
  await work.em.remove(watcher).flush();
  return { id: which.id };
}

async function lockWatcher({ em }: ReportWork, { id, version }: OneWatcher): Promise<WatcherRow> {
  const watcher: WatcherRow = await lockRow(em, { entity: Watcher, name: 'watcher' }, id);
  demandVersion(watcher, 'watcher', version);
  return watcher;
}

function contentOf({ territory }: ReportWork, input: unknown) {
  const content = readInput(watcherInput, input, 'input');
  const faults: FieldFault[] = [];
  const communes = codesOfToday(content.communes, 'input.communes', territory, faults);
  if (faults.length > 0) throw invalidInput(faults);
  return { ...content, communes };
}

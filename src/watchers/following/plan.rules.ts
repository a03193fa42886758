import type { Errand } from './follow-one.ts';
import type { KeptMessages } from './kept-messages.commands.ts';
import { hostOf, type Lead } from './leads.rules.ts';

/** Messages that one reading of a feed fetches at most; the next readings fetch the rest. */
export const MOST_FETCHES = 50;
/** Hosts of mere addresses at which one reading looks whether messages stand there. */
const MOST_PROBES = 4;
/** A feed is read a moment later or earlier than it is due. */
const SLACK_MS = 30_000;

/** The leads to follow in one reading. */
export interface Plan {
  /** Leads at whose end a message must stand, those that were never followed first, the newest of them first. */
  sure: Errand[];
  /** For each host of mere addresses the leads there, the newest first: its answer about one decides about the others. */
  probes: Errand[][];
}

/** Which leads are to be followed now: never a message that is known, unless its item says other words at a later date. */
export function planOf(leads: readonly Lead[], kept: KeptMessages, now: Date): Plan {
  const hosts = sureHosts(leads, kept);
  const failing = failingHosts(leads, kept);
  const errands = leads
    .filter((lead) => isDue(lead, kept, now))
    .map((lead): Errand => {
      const hostFailingSince = failing.get(hostOf(lead)) ?? null;
      return { lead, isSure: isSure(lead, hosts), kept: kept.get(lead.key), hostFailingSince };
    })
    .sort((a, b) => turnOf(a) - turnOf(b) || timeOf(b) - timeOf(a));
  const byHost = Map.groupBy(
    errands.filter((errand) => !errand.isSure),
    ({ lead }) => hostOf(lead),
  );
  return {
    sure: errands.filter((errand) => errand.isSure).slice(0, MOST_FETCHES),
    probes: [...byHost.values()].slice(0, MOST_PROBES),
  };
}

/** The hosts at which messages stand that the feed announced. */
export const sureHosts = (leads: readonly Lead[], kept: KeptMessages): ReadonlySet<string> =>
  new Set(leads.filter(({ key }) => kept.get(key)?.cap).map(hostOf));

/** Since when hosts of mere addresses cannot be asked: what is new there waits no second time. */
function failingHosts(leads: readonly Lead[], kept: KeptMessages): ReadonlyMap<string, Date> {
  const earliest = new Map<string, Date>();
  for (const lead of leads) {
    const since = lead.certainty === 'POSSIBLE' && kept.get(lead.key)?.failingSince;
    const known = earliest.get(hostOf(lead));
    if (since && (!known || since < known)) earliest.set(hostOf(lead), since);
  }
  return earliest;
}

export const isSure = (lead: Lead, hosts: ReadonlySet<string>): boolean =>
  lead.certainty !== 'POSSIBLE' || hosts.has(hostOf(lead));

/** Whether a lead is to be followed: it never was, it is to be tried again, or its item says something else since. */
export function isDue({ key, words, at }: Lead, kept: KeptMessages, now: Date): boolean {
  const row = kept.get(key);
  if (!row) return true;
  if (row.dueAt) return row.dueAt.getTime() <= now.getTime() + SLACK_MS;
  return words !== row.words && at !== null && (!row.saidAt || at > row.saidAt);
}

const turnOf = ({ kept }: Errand): number => (kept === undefined ? 0 : 1 + Math.min(kept.failures, 1));
/** Feeds put what is new first: what has no date keeps its place before the others. */
const timeOf = ({ lead: { at } }: Errand): number => at?.getTime() ?? Number.MAX_SAFE_INTEGER;

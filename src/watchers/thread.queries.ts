import type { EntityManager } from '@mikro-orm/postgresql';
import { type KnownState, knownStates } from './news/known.queries.ts';
import type { WatchedCap } from './reading/cap-message.ts';
import { referredKeys } from './references.rules.ts';

/** A message that was taken, to which another refers. */
export type TakenMessage = Pick<KnownState, 'key' | 'report'>;

/** An Update may refer to the Update before it alone, and that one to the first: so many are followed. */
const MOST_STEPS = 10;

/**
 * The messages taken to which a message refers, itself or by those between, the first of them first. Of copies of one message
 * those that are trusted stand first, and only they lead on; `mustTrust` follows no others at all.
 */
export async function threadBefore(
  em: EntityManager,
  cap: Pick<WatchedCap, 'sender' | 'references'>,
  { mustTrust = false } = {},
): Promise<TakenMessage[]> {
  const found = new Map<string, KnownState>();
  let names = referredKeys(cap);
  for (let step = 0; step < MOST_STEPS && names.length > 0; step += 1) {
    const states = (await knownStates(em, names)).filter(({ sender }) => sender !== null).sort(byDate);
    for (const state of states) found.set(state.key, state);
    const relied = new Set(states.flatMap(({ name, trusted }) => (trusted ? [name] : [])));
    const leading = states.filter(({ name, trusted }) => trusted || (!mustTrust && !relied.has(name)));
    const seen = new Set([...found.values()].map(({ name }) => name));
    names = leading.flatMap(referredBy).filter((name) => !seen.has(name));
  }
  // Those found by later steps are the earlier messages.
  return [...found.values()].reverse();
}

/** The newest first; of copies of one message, which have one date, those that are trusted last. */
const byDate = (a: KnownState, b: KnownState): number =>
  (b.publishedAt?.getTime() ?? 0) - (a.publishedAt?.getTime() ?? 0) || Number(a.trusted) - Number(b.trusted);

const referredBy = ({ sender, references }: KnownState): string[] =>
  sender === null ? [] : referredKeys({ sender, references });

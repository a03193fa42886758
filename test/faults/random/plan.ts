import fc from 'fast-check';

/** Every kind of fault, with how many seconds one lasts, at least and at most; what happens in an instant lasts none. */
export const KINDS = {
  'hub killed': [0, 0],
  'hub told to end': [0, 0],
  'hub stopped': [2, 6],
  'leader stopped': [11, 14],
  'leader killed': [0, 0],
  'PostgreSQL killed': [0, 0],
  'PostgreSQL: one process killed': [0, 0],
  'PostgreSQL: sessions ended': [0, 0],
  'PostgreSQL: read-only': [2, 5],
  'PostgreSQL: disk full': [2, 5],
  'database link: reset': [0, 0],
  'database link: black hole': [2, 10],
  'database link: silent death': [0, 0],
  'client link: reset': [0, 0],
  'client link: black hole': [2, 6],
  'client link: silent death': [0, 0],
  'client link: answers lost': [2, 5],
  'clock wrong': [2, 8],
  'two migrations': [0, 0],
  'followers cut': [0, 0],
  'followers asleep': [2, 8],
  'restore declared': [0, 0],
} as const satisfies Record<string, readonly [number, number]>;
export type FaultKind = keyof typeof KINDS;

export interface PlannedFault {
  kind: FaultKind;
  /** Which hub it is about; of the leader's faults, where nobody leads. */
  hub: number;
  /** Seconds after the beginning of its wave. */
  after: number;
  seconds: number;
  /** Anything from 0 to 1, for a fault that has more to choose. */
  choice: number;
}

/** Faults that may overlap. The next wave begins when everybody has recovered. */
export type Wave = readonly PlannedFault[];

export interface PlanOptions {
  seed: number;
  /** Faults in all. */
  count: number;
  hubs: number;
  /** Kinds that this machine cannot have. */
  without?: readonly FaultKind[];
}

/** Followers start over after it: among other faults nobody could say what they may miss. */
const ALONE: readonly FaultKind[] = ['restore declared'];
/** As many faults of a wave, each as often as it stands here. */
const SIZES = [1, 1, 1, 2, 2, 3];

/** The faults of a run: the same for the same seed. Every kind comes once before any comes again. */
export function planOf({ seed, count, hubs, without = [] }: PlanOptions): Wave[] {
  const kinds = (Object.keys(KINDS) as FaultKind[]).filter((kind) => !without.includes(kind));
  const numRuns = Math.ceil(count / kinds.length);
  const decks = fc.sample(fc.shuffledSubarray(kinds, { minLength: kinds.length }), { seed, numRuns });
  const drawn = decks.flat().slice(0, count);
  const more = fc.sample(fc.noBias(moreOf(hubs)), { seed: seed + 1, numRuns: count });
  const faults = drawn.map((kind, index) => planned(kind, more[index] ?? ORDINARY));
  return inWaves(faults, more);
}

interface More {
  hub: number;
  after: number;
  length: number;
  choice: number;
  size: number;
}
const ORDINARY: More = { hub: 0, after: 0, length: 0, choice: 0, size: 1 };

const tenths = fc.integer({ min: 0, max: 10 }).map((value) => value / 10);

const moreOf = (hubs: number) =>
  fc.record<More>({
    hub: fc.integer({ min: 0, max: hubs - 1 }),
    after: fc.integer({ min: 0, max: 30 }).map((value) => value / 10),
    length: tenths,
    choice: tenths,
    size: fc.constantFrom(...SIZES),
  });

function planned(kind: FaultKind, { hub, after, length, choice }: More): PlannedFault {
  const [least, most] = KINDS[kind];
  return { kind, hub, after, seconds: Math.round((least + (most - least) * length) * 10) / 10, choice };
}

function inWaves(faults: readonly PlannedFault[], more: readonly More[]): Wave[] {
  const waves: Wave[] = [];
  for (let at = 0; at < faults.length; ) {
    const size = more[at]?.size ?? 1;
    const next = faults.slice(at, at + size);
    const alone = next.findIndex(({ kind }) => ALONE.includes(kind));
    const wave = alone < 0 ? next : alone === 0 ? next.slice(0, 1) : next.slice(0, alone);
    // The first begins at once.
    waves.push(wave.map((fault, index) => (index === 0 ? { ...fault, after: 0 } : fault)));
    at += wave.length;
  }
  return waves;
}

/** A wave in words. */
export const inWords = (wave: Wave): string =>
  wave
    .map(({ kind, hub, after, seconds }) => {
      const where = kind.startsWith('PostgreSQL') || kind.startsWith('followers') ? '' : ` (hub ${hub})`;
      return `${after > 0 ? `after ${after} s ` : ''}${kind}${where}${seconds > 0 ? ` for ${seconds} s` : ''}`;
    })
    .join(', ');

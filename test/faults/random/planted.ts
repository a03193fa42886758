import { type FaultFound, type FollowerLog, type Heard, type History, judge } from './checker.ts';

/** A history with one fault in it, which the checker has to find as just that. */
interface Planted {
  fault: FaultFound;
  history: History;
}

/** The history of a follower, changed. */
function changed(history: History, change: (heard: readonly Heard[]) => Heard[]): History {
  const [victim, ...others] = history.followers;
  if (!victim) throw new Error('nobody follows in this history');
  return { ...history, followers: [{ ...victim, heard: change(victim.heard) }, ...others] };
}

/** A loss, a double, a swap and more, each planted at the same place of what the first follower heard. */
function plant(history: History, at: number): Planted[] {
  const [mark] = history.acknowledged;
  const cut = (heard: readonly Heard[], length: number, ...more: Heard[]) => heard.toSpliced(at, length, ...more);
  const [one, next] = history.followers[0]?.heard.slice(at, at + 2) ?? [];
  if (!one || !next || !mark) throw new Error('too little happened in this history to plant a fault in it');
  const head = history.journal.at(-1)?.position ?? 0;
  return [
    { fault: 'lost', history: changed(history, (heard) => cut(heard, 1)) },
    { fault: 'lost', history: changed(history, (heard) => heard.slice(0, at)) },
    { fault: 'doubled', history: changed(history, (heard) => cut(heard, 0, one)) },
    { fault: 'reordered', history: changed(history, (heard) => cut(heard, 2, next, one)) },
    {
      fault: 'told otherwise',
      history: changed(history, (heard) => cut(heard, 2, { ...one, told: next.told }, { ...next, told: one.told })),
    },
    { fault: 'never committed', history: changed(history, (heard) => [...heard, { ...one, position: head + 1 }]) },
    {
      fault: 'acknowledged and gone',
      history: {
        ...history,
        journal: history.journal.map((entry) => (entry.mark === mark.mark ? { ...entry, mark: '' } : entry)),
      },
    },
    {
      fault: 'gap in the journal',
      history: { ...history, journal: history.journal.filter(({ position }) => position !== one.position) },
    },
    { fault: 'started over for nothing', history: withStartingOver(history, at) },
  ];
}

function withStartingOver(history: History, at: number): History {
  const [victim, ...others] = history.followers as [FollowerLog, ...FollowerLog[]];
  const startedOver = [...victim.startedOver, { after: at, to: victim.heard[at]?.position ?? 0 }];
  return { ...history, restores: [], followers: [{ ...victim, startedOver }, ...others] };
}

/** Throws where the checker does not find a fault that is planted in this history: its word counts for nothing then. */
export function demandSharpEyes(
  history: History,
  at = Math.floor((history.followers[0]?.heard.length ?? 0) / 2),
): void {
  for (const { fault, history: spoilt } of plant(history, at)) {
    const before = judge(history).found[fault];
    if (judge(spoilt).found[fault] <= before) throw new Error(`the checker does not find what was planted: ${fault}`);
  }
}

/** A small history in which all is well. */
export function soundHistory(entries = 12, followers = 3): History {
  const journal = Array.from({ length: entries }, (_, index) => ({
    position: index + 1,
    type: 'OBSERVED',
    subject: `closure ${index % 2}`,
    at: 1_000 * (index + 1),
    told: `note ${index}`,
    mark: `mark ${index}`,
  }));
  return {
    journal,
    followers: Array.from({ length: followers }, (_, number) => ({
      name: `follower ${number}`,
      from: 0,
      heard: journal.map(({ position, told, at }) => ({ position, told, at: at + 5 })),
      startedOver: [],
    })),
    acknowledged: journal.map(({ mark, at }) => ({ mark, begun: at - 10, ended: at + 10 })),
    refused: [],
    appointments: [],
    restores: [],
    head: entries,
    isOver: true,
  };
}

import type { PushAnswer } from './push-answer.rules.ts';
import type { PushPace } from './push-pace.ts';
import type { Tried } from './shard.rules.ts';

/** As many as services take on one line of HTTP/2. */
const AT_ONCE = 100;
/** So many failures in a row, and nothing that got through: the rest would fail as well. */
const MOST_IN_VAIN = 20;

/** Services bound single devices as well: so many of them say nothing of the service, where others are reached. */
const MOST_WAITS = 2;

const IN_VAIN: ReadonlySet<string> = new Set(['down', 'ours', 'unsent']);

export interface WalkOptions {
  /** Whether the service failed before: one goes first then, alone. */
  isProbing: boolean;
  /** Of all walks of the hub together. */
  pace: PushPace;
  signal: AbortSignal;
}

/**
 * Pushes to the readers of a shard in their order, many at a time. Stops where the service asks for a rest, fails again and
 * again, or the hub ends: those that were not tried stand at the end, without an answer.
 */
export async function walkShard<R extends { id: string; failed: number }>(
  readers: readonly R[],
  push: (reader: R) => Promise<PushAnswer>,
  { isProbing, pace, signal }: WalkOptions,
): Promise<Tried[]> {
  const tried: Tried[] = readers.map(({ id, failed }) => ({ id, failed, answer: undefined }));
  let [under, inVain, most] = [0, 0, isProbing ? 1 : AT_ONCE];
  let [sent, waits] = [0, 0];
  let isStopped = false;
  let ended: () => void = () => undefined;
  const note = (at: Tried, answer: PushAnswer) => {
    at.answer = answer;
    under -= 1;
    inVain = IN_VAIN.has(answer.kind) ? inVain + 1 : 0;
    if (answer.kind === 'sent') sent += 1;
    if (answer.kind === 'wait') waits += 1;
    const isAsked = waits > (sent === 0 ? 0 : MOST_WAITS);
    if (isAsked || inVain >= (most === 1 ? 1 : MOST_IN_VAIN)) isStopped = true;
    else most = AT_ONCE;
    ended();
  };
  const oneEnds = () =>
    new Promise<void>((resolve) => {
      ended = resolve;
    });
  for (const [index, reader] of readers.entries()) {
    while (under >= most && !isStopped) await oneEnds();
    while (pace.isOver) await pace.turn();
    const at = tried[index];
    if (isStopped || signal.aborted || !at) break;
    under += 1;
    push(reader).then(
      (answer) => note(at, answer),
      () => note(at, { kind: 'down' }),
    );
  }
  while (under > 0) await oneEnds();
  return tried;
}

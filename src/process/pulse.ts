import type { Worker } from 'node:cluster';

/** How often a worker is asked within the time that it has to answer. */
const TIMES = 10;

type Message = { pulse: 'asked' | 'there' };

/** In a worker: answers the primary, which a process that is stopped or turns in a loop cannot. */
export function showPulse(): void {
  process.on('message', ({ pulse }: Partial<Message>) => {
    if (pulse === 'asked') process.send?.({ pulse: 'there' } satisfies Message);
  });
}

export interface Patience {
  /** How long a worker may not answer. */
  ms: number;
  /** Whether its answers are of no use: it has that long in all, until the asking is stopped. */
  inAll?: boolean;
  onHang(): void;
}

/**
 * In the primary: asks a worker again and again, and calls `onHang` once when it has not answered for so long; answers how to
 * stop asking. What counts is how often it was asked, and not the time alone: where the whole machine slept, everybody has time
 * to wake up.
 */
export function feelPulse(worker: Worker, { ms, inAll = false, onHang }: Patience): () => void {
  let unanswered = 0;
  const hear = ({ pulse }: Partial<Message>) => {
    if (pulse === 'there' && !inAll) unanswered = 0;
  };
  worker.on('message', hear);
  const timer = setInterval(() => {
    if (unanswered >= TIMES) {
      stop();
      onHang();
    } else if (worker.isConnected()) {
      unanswered += 1;
      worker.send({ pulse: 'asked' } satisfies Message, () => undefined);
    }
  }, ms / TIMES);
  const stop = () => {
    clearInterval(timer);
    worker.off('message', hear);
  };
  worker.once('exit', stop);
  return stop;
}

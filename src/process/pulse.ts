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

/**
 * In the primary: asks a worker again and again, and calls `onHang` once when it has not answered for so long. What counts is
 * how often it was asked, and not the time alone: where the whole machine slept, everybody has time to wake up.
 */
export function feelPulse(worker: Worker, patienceMs: number, onHang: () => void): void {
  let unanswered = 0;
  worker.on('message', ({ pulse }: Partial<Message>) => {
    if (pulse === 'there') unanswered = 0;
  });
  const timer = setInterval(() => {
    if (unanswered >= TIMES) {
      clearInterval(timer);
      onHang();
    } else if (worker.isConnected()) {
      unanswered += 1;
      worker.send({ pulse: 'asked' } satisfies Message, () => undefined);
    }
  }, patienceMs / TIMES);
  worker.once('exit', () => clearInterval(timer));
}

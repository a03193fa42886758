import type { PassThrough } from 'node:stream';
import { beforeEach, expect } from 'vitest';

/** A line of the log of a hub. */
export interface Line {
  msg: string;
  reqId?: string;
  code?: string;
  codes?: string[];
  [fact: string]: unknown;
}

/** Reads what a hub logs, anew for each test of a file. */
export function logLines(log: PassThrough) {
  let written = '';
  log.on('data', (piece) => (written += String(piece)));
  beforeEach(() => {
    written = '';
  });
  const lines = (): Line[] => [...written.matchAll(/^\{.*\}$/gm)].map(([line]) => JSON.parse(line));
  return {
    written: (): string => written,
    lines,
    /** Waits for the first line of a request. */
    lineOf: async (reqId: string): Promise<Line> => {
      await expect.poll(() => lines().some((line) => line.reqId === reqId)).toBe(true);
      return lines().find((line) => line.reqId === reqId) as Line;
    },
  };
}

import { setTimeout as pause } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { Reader } from './reader.ts';

/** Readers in a thread of their own, so that what they have to read holds up nobody who measures. */
export interface CrowdOptions {
  url: string;
  after: string;
  count: number;
}

/** What the thread is asked: to tell when all of them have heard the change at a position, and every position that they heard. */
export interface CrowdQuestion {
  until: number;
}

const { url, after, count } = workerData as CrowdOptions;
const readers = Array.from({ length: count }, () => new Reader(url, { after, returns: true }));
const LOOK_MS = 10;

parentPort?.on('message', async ({ until }: CrowdQuestion) => {
  while (!readers.every(({ positions }) => (positions.at(-1) ?? 0) >= until)) await pause(LOOK_MS);
  parentPort?.postMessage(readers.map(({ positions }) => positions));
});

import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { cpuOf, pinned } from '../harness.mjs';

const CONNECTIONS = 64;
const ASKING = path.join(import.meta.dirname, 'load.mjs');

/**
 * Asks a server for the same over 64 connections, from core 1. `request`: the bytes of one request as text. Answers how many
 * it answers in a second, and the CPU that one costs it, in microseconds.
 */
export async function loadServer({ port, pid }, request, seconds) {
  const order = { port, connections: CONNECTIONS, seconds, request: Buffer.from(request).toString('base64') };
  const [file, ...args] = pinned([process.execPath, ASKING, JSON.stringify(order)], 1);
  const cpu = cpuOf(pid);
  const { stdout } = await promisify(execFile)(file, args);
  const { answers } = JSON.parse(stdout);
  return { rate: answers, cpu: (cpuOf(pid) - cpu) / (answers * seconds) };
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const OPERATE = path.resolve(import.meta.dirname, '../../../scripts/operate.mjs');

/** Runs `npm run archive:verify -- file` as npm does. */
export async function verifyByCommand(file: string): Promise<{ code: number | null; printed: string }> {
  const child = spawn(process.execPath, [OPERATE, 'archive:verify', file], {
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (printed += String(piece)));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, printed };
}

const LINE_FEED = 10;

/** An archive of which one bit in the middle is another one, and the line in which it stands. */
export function changedByOneBit(archive: Buffer): { bytes: Buffer; line: number } {
  const bytes = Buffer.from(archive);
  let at = Math.floor(bytes.length / 2);
  if (bytes[at] === LINE_FEED) at += 1;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return { bytes, line: archive.subarray(0, at).filter((byte) => byte === LINE_FEED).length + 1 };
}

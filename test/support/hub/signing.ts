import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { developmentPair } from '../../../src/formats/cap/signing-pair.ts';

/** A signing pair of development, made once for the worker as the hub makes it, and nowhere on disk afterwards. */
const folder = mkdtempSync(join(tmpdir(), 'tocsin-pair-'));
export const signingPair = await developmentPair(folder, new Date());
rmSync(folder, { recursive: true });

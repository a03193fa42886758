import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PERSONAS } from '../../../src/development/development-tokens.ts';

const run = promisify(execFile);
const HUBS = 5;
const MODULE = resolve(import.meta.dirname, '../../../src/development/development-tokens.ts');
/** A hub that is slow to put its file in place, so that the others come between. */
const PROGRAM = `
  import fs from 'node:fs';
  import { syncBuiltinESMExports } from 'node:module';
  const { renameSync } = fs;
  fs.renameSync = (...given) => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
    renameSync(...given);
  };
  syncBuiltinESMExports();
  const { developmentTokens } = await import(process.argv[1]);
  while (Date.now() < Number(process.argv[3]));
  console.log(JSON.stringify(developmentTokens(process.argv[2])));`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tocsin-tokens-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const path = () => join(folder, 'dev-tokens.json');

/** The tokens that each of several hubs has which start at once in the folder. */
async function atOnce(): Promise<Record<string, string>[]> {
  const begin = String(Date.now() + 2_500);
  const hubs = Array.from({ length: HUBS }, () =>
    run(process.execPath, ['--no-warnings', '--input-type=module', '-e', PROGRAM, MODULE, folder, begin]),
  );
  return (await Promise.all(hubs)).map(({ stdout }) => JSON.parse(stdout));
}

describe('the development tokens of hubs that start at once in one data folder', () => {
  it.each([
    ['that is empty', () => undefined],
    ['whose tokens were damaged', () => writeFileSync(path(), '{')],
    ['whose tokens lack a new persona', () => writeFileSync(path(), JSON.stringify({ editor: 'e'.repeat(43) }))],
    [
      'where a hub was killed while it made them',
      () => {
        writeFileSync(`${path()}.lock`, '');
        utimesSync(`${path()}.lock`, 0, 0);
      },
    ],
  ])('%s are the same for all, and those of the file', async (_state, prepare) => {
    prepare();
    const all = await atOnce();
    const kept = JSON.parse(readFileSync(path(), 'utf8'));
    expect(all).toEqual(Array(HUBS).fill(kept));
    expect(Object.keys(kept)).toEqual(Object.keys(PERSONAS));
    expect(readdirSync(folder)).toEqual(['dev-tokens.json']);
  });
});

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { ran } from '../../support/docs/programs.ts';
import { given } from '../../support/given.ts';

interface Machine {
  platform: string;
  arch: string;
  versions: { node: string };
}

interface Runtime {
  missingNode(machine: Machine): string;
  missingPostgres(machine: { platform: string; env: object; report: { getReport(): object } }): string | undefined;
  runInPlace(file: string, args: string[]): Promise<number>;
}

// A script for whatever Node.js the machine has: it is written without types.
const script = new URL('../../../scripts/runtime.mjs', import.meta.url).href;
const { missingNode, missingPostgres, runInPlace }: Runtime = await import(script);

it.each([
  ['win32', 'x64', 'run it in WSL'],
  ['linux', 'riscv64', 'install a newer one'],
  ['darwin', 'arm64', 'install a newer one'],
])('says in one line what to do on %s-%s, where npm has brought no Node.js', (platform, arch, advice) => {
  const line = missingNode({ platform, arch, versions: { node: '20.11.0' } });
  expect(line).toMatch(/^Tocsin needs Node\.js 22\.19 or newer; this is 20\.11\.0, .*\.$/);
  expect(line).toContain(`${platform}-${arch}: ${advice}.`);
  expect(line).not.toContain('\n');
});

it('says in one line that the PostgreSQL of npm does not run on musl, unless another one is given', () => {
  const on = (platform: string, header: object, env = {}) =>
    missingPostgres({ platform, env, report: { getReport: () => ({ header }) } });
  expect(on('linux', {})).toMatch(/^Tocsin needs Linux with glibc: .* Give DATABASE_URL instead\.$/);
  expect(on('linux', {}, { DATABASE_URL: 'postgresql://there' })).toBeUndefined();
  expect(on('linux', { glibcVersionRuntime: '2.36' })).toBeUndefined();
  expect(on('darwin', {})).toBeUndefined();
  // And this machine, on which the tests run.
  expect(missingPostgres(process)).toBeUndefined();
});

it('hands on what a script has put into the environment, such as the seed of a run', async () => {
  vi.stubEnv('TOLD_BY_A_SCRIPT', '7');
  onTestFinished(() => void vi.unstubAllEnvs());
  const code = await runInPlace(process.execPath, [
    '-e',
    'const { env } = process; process.exit(Number(env.TOLD_BY_A_SCRIPT))',
  ]);
  expect(code).toBe(7);
});

const scripts = path.join(import.meta.dirname, '../../../scripts');

/** Names that a Node.js of the year 2023 exports, of which scripts need some before they are on the right one. */
const LONG_THERE = new Set(
  'createHash createRequire execFile execFileSync existsSync fileURLToPath mkdir parseArgs pathToFileURL promisify readFile readFileSync realpathSync rename rm setTimeout spawn writeFile'.split(
    ' ',
  ),
);

it.each(readdirSync(scripts).filter((name) => /\bonRightNode\(/.test(readFileSync(path.join(scripts, name), 'utf8'))))(
  '%s can be read by an old Node.js, which then goes on to the right one',
  (name) => {
    const text = readFileSync(path.join(scripts, name), 'utf8');
    const named = [...text.matchAll(/^import \{([^}]*)\} from 'node:/gm)].flatMap(([, names = '']) => names.split(','));
    expect(named.map((one) => one.trim().split(' as ')[0] ?? '').filter((one) => !LONG_THERE.has(one))).toEqual([]);
  },
);

/** A Node.js of the machine that is too old for the hub. */
const oldNode = (process.env.PATH ?? '')
  .split(path.delimiter)
  .map((folder) => path.join(folder, 'node'))
  .find((file) => existsSync(file) && execFileSync(file, ['--version'], { encoding: 'utf8' }).startsWith('v20.'));

it.runIf(given(oldNode !== undefined, 'an old Node.js'))('an old Node.js goes on to the right one', async () => {
  // A setting that the hub refuses: it ends before it starts anything.
  const env = { PATH: '/usr/bin:/bin', PORT: 'many' };
  const { code, printed } = await ran(String(oldNode), [path.join(scripts, 'start.mjs')], {
    cwd: path.dirname(scripts),
    env,
  });
  expect([code, printed]).toEqual([1, expect.stringContaining('PORT: expected a whole number')]);
});

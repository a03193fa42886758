import { expect, it } from 'vitest';

interface Machine {
  platform: string;
  arch: string;
  versions: { node: string };
}

interface Runtime {
  missingNode(machine: Machine): string;
  missingPostgres(machine: { platform: string; env: object; report: { getReport(): object } }): string | undefined;
}

// A script for whatever Node.js the machine has: it is written without types.
const script = new URL('../../../scripts/runtime.mjs', import.meta.url).href;
const { missingNode, missingPostgres }: Runtime = await import(script);

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

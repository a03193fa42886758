import { expect, it } from 'vitest';

interface Machine {
  platform: string;
  arch: string;
  versions: { node: string };
}

// A script for whatever Node.js the machine has: it is written without types.
const script = new URL('../../../scripts/runtime.mjs', import.meta.url).href;
const { missingNode }: { missingNode(machine: Machine): string } = await import(script);

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

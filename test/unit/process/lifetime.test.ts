import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { PATIENCE_MS } from '../../support/patience.ts';

const lifetime = new URL('../../../src/process/lifetime.ts', import.meta.url).href;
const program = (first: string) => `
  import { surviveRejections } from ${JSON.stringify(lifetime)};
  ${first}
  void Promise.reject(new Error('nobody waits'));
  setImmediate(() => { console.log('alive'); });`;
const run = (text: string) =>
  spawnSync(process.execPath, ['--input-type=module', '-e', text], { encoding: 'utf8', timeout: PATIENCE_MS });

it('a promise that fails while nobody waits is reported, and the process goes on', () => {
  const { status, stdout } = run(program("surviveRejections((error) => console.log('told', error.message));"));
  expect([status, stdout]).toEqual([0, 'told nobody waits\nalive\n']);
});

it('without that, it would have ended', () => {
  const { status, stdout } = run(program(''));
  expect([status, stdout]).toEqual([1, '']);
});

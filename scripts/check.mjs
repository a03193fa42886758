import path from 'node:path';
import { isProgram, onRightNode, root, runInPlace } from './runtime.mjs';

const installed = (program) => path.join(root, 'node_modules', '.bin', program);

const checks = [
  ['format and lint', installed('biome'), 'check', '--error-on-warnings', '.'],
  ['types', installed('tsc'), '--noEmit', '-p', '.'],
  ['dead code and dependencies', installed('knip')],
  ['migrations make what the entities say', process.execPath, path.join(root, 'scripts', 'orm.mjs'), 'migration:check'],
];

/** Runs every check, all of them even when one fails. Answers the names of those that failed. */
export async function check() {
  const failed = [];
  for (const [name, program, ...args] of checks) {
    const code = await runInPlace(program, args);
    if (code !== 0) failed.push(name);
    console.log(`${code === 0 ? 'passed' : 'FAILED'}: ${name}`);
  }
  return failed;
}

if (isProgram(import.meta.url) && (await onRightNode())) {
  process.exitCode = (await check()).length > 0 ? 1 : 0;
}

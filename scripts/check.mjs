import path from 'node:path';
import { isProgram, onRightNode, root, runInPlace } from './runtime.mjs';

const checks = [
  ['format and lint', 'biome', 'check', '--error-on-warnings', '.'],
  ['types', 'tsc', '--noEmit', '-p', '.'],
  ['dead code and dependencies', 'knip'],
];

/** Runs every check, all of them even when one fails. Answers the names of those that failed. */
export async function check() {
  const failed = [];
  for (const [name, program, ...args] of checks) {
    const code = await runInPlace(path.join(root, 'node_modules', '.bin', program), args);
    if (code !== 0) failed.push(name);
    console.log(`${code === 0 ? 'passed' : 'FAILED'}: ${name}`);
  }
  return failed;
}

if (isProgram(import.meta.url) && (await onRightNode())) {
  process.exitCode = (await check()).length > 0 ? 1 : 0;
}

import path from 'node:path';
import { onRightNode, root, runInPlace } from './runtime.mjs';

/**
 * An endless loop in a test would keep the run for ever: nothing inside it can end it. TEST_DEADLINE_MINUTES (75) gives
 * more to a machine that runs other things as well.
 */
const DEADLINE_SECONDS = Number(process.env.TEST_DEADLINE_MINUTES ?? 75) * 60;

// Everything that CI checks. The last line says `N passed, N failed`; a failed check is a failure and ends the run.
if (await onRightNode()) {
  const { check } = await import('./check.mjs');
  const failed = await check();
  if (failed.length > 0) {
    console.log(`\n0 passed, ${failed.length} failed`);
    process.exitCode = 1;
  } else {
    const vitest = path.join(root, 'node_modules', '.bin', 'vitest');
    const args = ['run', ...process.argv.slice(2)];
    const code = await runInPlace(vitest, args, { seconds: DEADLINE_SECONDS });
    if (code === 128) console.log('\n0 passed, 1 failed');
    process.exitCode = code;
  }
}

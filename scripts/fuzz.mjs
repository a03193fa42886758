import path from 'node:path';
import { parseArgs } from 'node:util';
import { onRightNode, root, runInPlace } from './runtime.mjs';

// Sends a hub what nobody means: documents, variables, frames, cursors, headers. `npm run fuzz -- --seed 7 --count 50000`.
if (await onRightNode()) {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      count: { type: 'string', default: '20000' },
    },
  });
  process.env.FUZZ_SEED = values.seed;
  process.env.FUZZ_COUNT = values.count;
  const vitest = path.join(root, 'node_modules', '.bin', 'vitest');
  process.exitCode = await runInPlace(vitest, ['run', 'test/attacks/fuzz.test.ts'], { seconds: 24 * 3_600 });
}

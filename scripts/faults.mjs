import path from 'node:path';
import { parseArgs } from 'node:util';
import { onRightNode, root, runInPlace } from './runtime.mjs';

// Brings random faults upon several hubs while people write and follow, and checks every answer and every delivery:
// `npm run faults -- --seed 7 --count 300`. The same seed brings the same faults.
if (await onRightNode()) {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      count: { type: 'string', default: '100' },
      hubs: { type: 'string', default: '3' },
      followers: { type: 'string', default: '60' },
      rate: { type: 'string', default: '12' },
    },
  });
  for (const [name, value] of Object.entries(values)) process.env[`FAULTS_${name.toUpperCase()}`] = value;
  const vitest = path.join(root, 'node_modules', '.bin', 'vitest');
  const args = ['run', 'test/faults/random/random-faults.test.ts', '--disable-console-intercept'];
  process.exitCode = await runInPlace(vitest, args, { seconds: 24 * 3_600 });
}

import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';
import { PATIENCE_MS } from './test/support/patience.ts';

const require = createRequire(import.meta.url);

// type-graphql loads the CommonJS copy of graphql; two copies in one process refuse each other's schemas.
const graphql = { find: /^graphql$/, replacement: require.resolve('graphql') };

const project = (name: string, include: string[], more: object = {}) => ({
  resolve: { alias: [graphql] },
  oxc: { decorator: { legacy: true } },
  // A machine under load is slow, not wrong: conditions are waited for until they hold, within reason.
  test: {
    name,
    include,
    testTimeout: 180_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: PATIENCE_MS } },
    ...more,
  },
});

export default defineConfig({
  test: {
    maxWorkers: 2,
    reporters: ['default', './test/support/closing-line.ts'],
    globalSetup: ['./test/support/database/cluster.ts'],
    projects: [
      project('unit', ['test/unit/**/*.test.ts', 'test/*.test.ts']),
      project('database', ['test/database/**/*.test.ts']),
      project('faults', ['test/faults/**/*.test.ts'], { testTimeout: 400_000 }),
      project('attacks', ['test/attacks/**/*.test.ts']),
      project('api', ['test/api/**/*.test.ts', 'test/promises/**/*.test.ts']),
    ],
  },
});

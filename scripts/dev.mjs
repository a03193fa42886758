import path from 'node:path';
import { demandPostgres, onRightNode, root, runInPlace } from './runtime.mjs';

// The compiler watches the sources, Node.js watches what comes out of it; whichever ends takes the other along.
if (await onRightNode()) {
  demandPostgres();
  const { build } = await import('./build.mjs');
  const program = await build();
  const tsc = path.join(root, 'node_modules', '.bin', 'tsc');
  const both = [
    runInPlace(tsc, ['-p', path.join(root, 'tsconfig.build.json'), '--watch', '--preserveWatchOutput']),
    runInPlace(process.execPath, ['--watch', '--watch-preserve-output', program]),
  ];
  process.exitCode = await Promise.race(both);
  process.kill(process.pid, 'SIGTERM');
  await Promise.all(both);
}

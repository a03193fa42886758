import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { demandPostgres, onRightNode, root } from './runtime.mjs';

// One command of an operator on the database, without a hub: `npm run migrate`, `account:invite`, `audit:verify` …
if (await onRightNode()) {
  if (process.argv[2] !== 'archive:verify' || process.argv.includes('--hub')) demandPostgres();
  const { build } = await import('./build.mjs');
  await build();
  const { operate } = await import(pathToFileURL(path.join(root, 'dist', 'src', 'process', 'operate.js')).href);
  process.exitCode = await operate(process.argv[2], process.argv.slice(3));
}

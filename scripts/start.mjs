import { pathToFileURL } from 'node:url';
import { demandPostgres, onRightNode } from './runtime.mjs';

// The hub runs in this very process: what npm, a terminal or an init system does to it, it does to the hub.
if (await onRightNode()) {
  demandPostgres();
  const { build, compiled, program } = await import('./build.mjs');
  await build();
  // Not before: a Node.js that is too old has no such function, and would say so in place of going on to the right one.
  const { enableCompileCache } = await import('node:module');
  // What V8 made of the program the last time; where it cannot be written, it is made anew.
  enableCompileCache(compiled);
  const { run } = await import(new URL('main.js', pathToFileURL(program)).href);
  await run({ endsWithParent: true });
}

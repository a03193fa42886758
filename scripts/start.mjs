import { pathToFileURL } from 'node:url';
import { onRightNode } from './runtime.mjs';

// The hub runs in this very process: what npm, a terminal or an init system does to it, it does to the hub.
if (await onRightNode()) {
  const { build } = await import('./build.mjs');
  const { run } = await import(pathToFileURL(await build()).href);
  await run({ endsWithParent: true });
}

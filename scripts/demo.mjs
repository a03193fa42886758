import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { onRightNode, root } from './runtime.mjs';

// Replays a scenario of the demo live, step by step, against a hub that runs in development mode.
if (await onRightNode()) {
  const { build } = await import('./build.mjs');
  await build();
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      url: { type: 'string', default: 'http://localhost:4000' },
      data: { type: 'string', default: path.join(root, '.tocsin') },
      pause: { type: 'string', default: '4' },
    },
  });
  const { replay } = await import(
    pathToFileURL(path.join(root, 'dist', 'src', 'development', 'demo', 'replay.js')).href
  );
  try {
    await replay({
      scenario: positionals[0] ?? 'crue',
      url: values.url,
      dataDir: values.data,
      pauseSeconds: Number(values.pause),
      say: (line) => console.log(line),
    });
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

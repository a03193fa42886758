import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { onRightNode, root } from './runtime.mjs';

// Writes example answers of every format and query, from a hub that runs in development mode with the demo.
if (await onRightNode()) {
  const { build } = await import('./build.mjs');
  await build();
  const { values } = parseArgs({
    options: {
      url: { type: 'string', default: 'http://localhost:4000' },
      data: { type: 'string', default: path.join(root, '.tocsin') },
      out: { type: 'string', default: path.join(root, 'kit') },
    },
  });
  const { writeKit } = await import(
    pathToFileURL(path.join(root, 'dist', 'src', 'development', 'demo', 'kit.js')).href
  );
  try {
    const examples = await writeKit({ url: values.url, dataDir: values.data, out: values.out });
    console.log(`${examples.length} examples in ${values.out}; index.json lists them.`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}

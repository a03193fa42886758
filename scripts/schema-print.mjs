import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { objectTypesOf } from './object-types.mjs';
import { onRightNode, root } from './runtime.mjs';

// Writes schema/schema.graphql, sorted, from the code as it stands, and what caches of apps have to know of it.
if (await onRightNode()) {
  const { build } = await import('./build.mjs');
  await build();
  const load = (name) => import(pathToFileURL(path.join(root, 'dist', 'src', `${name}.js`)).href);
  const { resolversOf } = await load('resolvers');
  const { createSchema, printedSchema } = await load('graphql/schema');
  // Resolvers only keep what they are handed: a schema can be printed without a hub behind it.
  const sdl = printedSchema(createSchema(resolversOf({}, {})));
  for (const [file, text] of [
    ['schema/schema.graphql', sdl],
    ['src/client/object-types.ts', objectTypesOf(sdl)],
  ]) {
    fs.writeFileSync(path.join(root, file), text);
    console.log(`${file} written`);
  }
}

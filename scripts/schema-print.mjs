import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { onRightNode, root } from './runtime.mjs';

// Writes schema/schema.graphql, sorted, from the code as it stands.
if (await onRightNode()) {
  const { build } = await import('./build.mjs');
  await build();
  const load = (name) => import(pathToFileURL(path.join(root, 'dist', 'src', `${name}.js`)).href);
  const { resolversOf } = await load('resolvers');
  const { createSchema, printedSchema } = await load('graphql/schema');
  // Resolvers only keep what they are handed: a schema can be printed without a hub behind it.
  fs.writeFileSync(path.join(root, 'schema', 'schema.graphql'), printedSchema(createSchema(resolversOf({}, {}))));
  console.log('schema/schema.graphql written');
}

/** `npm run schema:print`: writes schema/schema.graphql, sorted, from the built code. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createSchema, printedSchema } from '../dist/src/api/schema.js';
import { resolversOf } from '../dist/src/resolvers.js';

const target = new URL('../schema/schema.graphql', import.meta.url);
mkdirSync(new URL('.', target), { recursive: true });
// Resolvers only keep what they are handed: a schema can be printed without a hub behind it.
writeFileSync(target, printedSchema(createSchema(resolversOf({}, {}))));
console.log('schema/schema.graphql written');

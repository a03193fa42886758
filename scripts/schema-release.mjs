import fs from 'node:fs';
import path from 'node:path';
import { onRightNode, root } from './runtime.mjs';

// Makes schema/schema.graphql the schema that later ones are held against, schema/released.graphql (docs/decisions/0061).
if (await onRightNode()) {
  const { faultsBetween, releaseOf } = await import('./schema-guard.mjs');
  const file = (...names) => path.join(root, ...names);
  const read = (...names) => fs.readFileSync(file(...names), 'utf8');
  const current = read('schema', 'schema.graphql');
  const changelog = read('CHANGELOG.md');
  const growth = JSON.parse(read('schema', 'growth.json'));
  const faults = faultsBetween({ released: read('schema', 'released.graphql'), current, changelog, growth });
  if (faults.length > 0) {
    console.error(faults.join('\n'));
    process.exitCode = 1;
  } else {
    fs.writeFileSync(file('schema', 'released.graphql'), `# ${releaseOf(changelog) ?? 'Unreleased'}\n\n${current}`);
    console.log('schema/released.graphql written');
  }
}

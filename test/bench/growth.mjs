import { say } from './harness.mjs';

// `node growth.mjs [reading] [writing]`: what reading costs with a large archive (P10), and writing with much that is live (P13).
const PARTS = ['reading', 'writing'];
const named = process.argv.slice(2);
if (named.some((part) => !PARTS.includes(part))) {
  say(`usage: node growth.mjs [${PARTS.join('|')} …]`);
  process.exit(1);
}
for (const part of named.length > 0 ? named : PARTS) await import(`./growth/${part}.mjs`);
process.exit(0);

/**
 * The built hub in a process of its own, whose webhooks and pushes may lead to loopback, at any port: `loopback-hub.ts [KEY SEAL CA]`.
 * It pushes where it is given a key. Prints a line when it serves.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const script = path.join(import.meta.dirname, '../../../scripts/build.mjs');
const { build }: { build(): Promise<string> } = await import(pathToFileURL(script).href);
const dist = path.dirname(path.dirname(await build()));
const built = (file: string) => import(pathToFileURL(path.join(dist, file)).href);
const { createApp }: typeof import('../../../src/app.ts') = await built('app.js');
const { loadTerritory }: typeof import('../../../src/territory/load.ts') = await built('territory/load.js');
const { createLogger }: typeof import('../../../src/operations/logs.ts') = await built('operations/logs.js');
const { developmentPair }: typeof import('../../../src/formats/cap/signing-pair.ts') =
  await built('formats/cap/signing-pair.js');
const folder = mkdtempSync(path.join(tmpdir(), 'tocsin-pair-'));
const signing = await developmentPair(folder, new Date());
rmSync(folder, { recursive: true });

const onLoopback = (address: string) => address === '127.0.0.1';
const [key, seal = '', ca = ''] = process.argv.slice(2);
const push = key && {
  push: { keys: [key], seal: Buffer.from(seal, 'base64'), subject: 'mailto:alerte@tocsin.example' },
  pushTargets: { allow: onLoopback, resolve: async () => ['127.0.0.1'], ca, anyPort: true },
};
await createApp({
  databaseUrl: process.env.DATABASE_URL ?? '',
  host: '127.0.0.1',
  port: 0,
  territory: loadTerritory(),
  logger: createLogger('warn'),
  capSender: 'tocsin.example',
  signing,
  retentionDays: 30,
  webhookTargets: { allow: onLoopback, http: true },
  ...(push || {}),
});
console.log('serving');

import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { sqlOver } from '../../../src/database/sql.ts';
import { declareRestore } from '../../../src/journal/restore.commands.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { publishNew } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

/** docs/clients.md cannot rot: an app that has nothing but the packed client and its peers runs each example of it. */
const ROOT = path.resolve(import.meta.dirname, '../../..');
const run = promisify(execFile);
const { url } = await testDatabase();
const hub = await startHub({ url });
const app = await mkdtemp(path.join(os.tmpdir(), `tocsin-test-${process.pid}-`));
afterAll(async () => {
  await hub.close();
  await rm(app, { recursive: true, force: true });
});

const PEERS = [
  'graphql',
  'graphql-ws',
  'graphql-sse',
  'eventsource',
  '@apollo/client',
  '@urql/core',
  '@urql/exchange-graphcache',
  'rxjs',
];

beforeAll(async () => {
  await run(process.execPath, [path.join(ROOT, 'scripts', 'build.mjs')]);
  const { stdout } = await run('npm', ['pack', path.join(ROOT, 'dist', 'client'), '--json'], { cwd: app });
  const packed = Object.values(JSON.parse(stdout) as Record<string, { filename: string }>)[0];
  const client = path.join(app, 'node_modules', 'tocsin');
  await mkdir(client, { recursive: true });
  await run('tar', ['xzf', path.join(app, packed?.filename ?? ''), '-C', client, '--strip-components=1']);
  await mkdir(path.join(app, 'node_modules', '@apollo'));
  await mkdir(path.join(app, 'node_modules', '@urql'));
  for (const peer of PEERS)
    await symlink(path.join(ROOT, 'node_modules', peer), path.join(app, 'node_modules', peer), 'dir');
  await writeFile(path.join(app, 'package.json'), '{ "type": "module" }');
  // A browser has it, Node has not; and a page stays open while its EventSource waits to come back.
  const browser =
    "import { EventSource } from 'eventsource';\nglobalThis.EventSource = EventSource;\nsetInterval(() => {}, 60_000);\n";
  await writeFile(path.join(app, 'browser.js'), browser);
}, 180_000);

const docs = await readFile(path.join(ROOT, 'docs', 'clients.md'), 'utf8');
const examples = docs.split(/^## /m).flatMap((section) => {
  const code = /```js\n([\s\S]*?)```/.exec(section)?.[1];
  return code?.includes('subscription') ? [{ name: section.split('\n')[0] ?? '', code }] : [];
});

it('has an example for every client that it names', () => {
  expect(examples.map(({ name }) => name)).toEqual([
    'graphql-ws',
    'Apollo Client',
    'urql',
    'graphql-ws without our package',
    'EventSource in browsers',
    'graphql-sse',
  ]);
});

it.each(examples)('runs as it stands: $name', async ({ name, code }) => {
  const file = path.join(app, `${name.replaceAll(' ', '-')}.js`);
  await writeFile(file, code.replaceAll('localhost:4000', new URL(hub.url).host));
  const child = spawn(process.execPath, ['--import', path.join(app, 'browser.js'), file], { cwd: app });
  const ended = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk));
  await expect.poll(() => printed).toContain('CHECKPOINT (up to date)\n');
  const { id } = await publishNew(hub);
  await expect.poll(() => printed).toBe(`CHECKPOINT (up to date)\nPUBLISHED ${id}\n`);
  await withSession(url, (session) => declareRestore(sqlOver(session)));
  // A client may come back before or after the next publication: it follows again when it hears one.
  const heardAgain = async () => {
    const { id: next } = await publishNew(hub);
    await expect.poll(() => printed, { timeout: 1_000 }).toMatch(`PUBLISHED ${next}\n`);
  };
  await expect.poll(() => heardAgain().then(() => 'heard', String)).toBe('heard');
  expect(printed).not.toMatch(/Error/);
});

const ENTRIES = ['client', 'client/apollo', 'client/codegen', 'client/graphcache'];

it('is typed for apps, whether installed or linked to a clone', async () => {
  const linked = path.join(app, 'linked');
  await mkdir(path.join(linked, 'node_modules'), { recursive: true });
  await symlink(ROOT, path.join(linked, 'node_modules', 'tocsin'), 'dir');
  const code = `import { createClient } from 'graphql-ws';
    import { PATIENT, resuming } from 'tocsin/client';
    import { HubCache, typePolicies } from 'tocsin/client/apollo';
    import { scalars } from 'tocsin/client/codegen';
    import { hubCacheExchange, hubOfflineExchange } from 'tocsin/client/graphcache';
    const client = resuming(createClient({ ...PATIENT, url: 'ws://localhost' }), { onResync: async ({ cursor }) => cursor });
    client.subscribe<{ n: number }>({ query: '$after' }, { next: ({ data }) => data?.n.toFixed(), error() {}, complete() {} });
    scalars.Cursor satisfies string;
    new HubCache({ typePolicies: { ...typePolicies, Mine: { merge: true } } }).extract();
    [hubCacheExchange(), hubOfflineExchange] satisfies unknown[];
    // @ts-expect-error what to do about lost changes must be said
    resuming(createClient({ url: '' }), {});`;
  const settings = [
    '--strict',
    '--noEmit',
    '--module',
    'esnext',
    '--moduleResolution',
    'bundler',
    '--lib',
    'es2022,dom',
  ];
  for (const folder of [app, linked]) {
    await writeFile(path.join(folder, 'typed.ts'), code);
    await run(path.join(ROOT, 'node_modules', '.bin', 'tsc'), [...settings, '--types', '', 'typed.ts'], {
      cwd: folder,
    });
  }
  const imports = ENTRIES.map((entry) => `import 'tocsin/${entry}';`).join('');
  for (const folder of [app, linked])
    await run(process.execPath, ['--input-type=module', '-e', imports], { cwd: folder });
});

it('is found by tools of before `exports`, as is moduleResolution: node, by the file of each name', async () => {
  const file = path.join(app, 'old.js');
  await writeFile(file, ENTRIES.map((entry, n) => `export * as e${n} from 'tocsin/${entry}';`).join('\n'));
  const bundle = await rolldown({
    input: file,
    external: (id) => PEERS.some((peer) => id.startsWith(peer)),
    resolve: { exportsFields: [], mainFields: ['main'] },
    onLog: (_level, { message }) => {
      throw new Error(message);
    },
  });
  const { output } = await bundle.generate();
  await bundle.close();
  for (const name of ['resuming', 'HubCache', 'scalars', 'hubCacheExchange']) expect(output[0].code).toContain(name);
  for (const entry of ENTRIES) {
    const types = await readFile(path.join(app, 'node_modules', 'tocsin', `${entry}.d.ts`), 'utf8');
    const [, target = ''] = /^export \* from '(.*)\.js';/.exec(types) ?? [];
    await access(path.join(app, 'node_modules', 'tocsin', path.dirname(entry), `${target}.d.ts`));
  }
});

it('asks for the library of an entry only where an app uses that entry', async () => {
  const { dependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(
    await readFile(path.join(app, 'node_modules', 'tocsin', 'package.json'), 'utf8'),
  );
  expect(dependencies).toBeUndefined();
  expect(Object.keys(peerDependencies).filter((peer) => !peerDependenciesMeta[peer]?.optional)).toEqual(['graphql-ws']);
  const alone = await mkdtemp(path.join(os.tmpdir(), `tocsin-test-${process.pid}-`));
  onTestFinished(() => rm(alone, { recursive: true, force: true }));
  await mkdir(path.join(alone, 'node_modules'), { recursive: true });
  await cp(path.join(app, 'node_modules', 'tocsin'), path.join(alone, 'node_modules', 'tocsin'), { recursive: true });
  await run(process.execPath, ['--input-type=module', '-e', "import 'tocsin/client'; import 'tocsin/client/codegen'"], {
    cwd: alone,
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, expect, inject, it } from 'vitest';
import config from '../../mikro-orm.config.ts';
import { withSession } from '../support/database/cluster.ts';
import { openFolder } from '../support/database/embedded.ts';

/** Each run starts two programs, on a machine that may be busy. */
const RUNS_MS = 180_000;
const project = path.join(import.meta.dirname, '../..');
const { url: server } = inject('cluster');

/** A copy of the project in which a column may be added; its packages are ours. */
const copy = await openFolder();
afterAll(() => rm(copy, { recursive: true, force: true }));
for (const part of ['src', 'migrations', 'scripts', 'mikro-orm.config.ts', 'package.json'])
  await cp(path.join(project, part), path.join(copy, part), { recursive: true });
await symlink(path.join(project, 'node_modules'), path.join(copy, 'node_modules'));

const edit = async (file: string, from: string, to: string) => {
  const before = await readFile(path.join(copy, file), 'utf8');
  expect(before).toContain(from);
  await writeFile(path.join(copy, file), before.replace(from, to));
};

/** `npm run orm -- …args` in the copy. */
async function orm(args: string[], more: Record<string, string> = { TEST_DATABASE_URL: server }) {
  const environment = { ...process.env, NODE_OPTIONS: '', DATABASE_URL: '', TEST_DATABASE_URL: '', ...more };
  const script = path.join(copy, 'scripts/orm.mjs');
  const child = spawn(process.execPath, [script, ...args], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const [code] = await once(child, 'close');
  return { code, output };
}

const scratchDatabases = () =>
  withSession(server, async (session) => {
    const { rows } = await session.query("select datname from pg_database where datname like 'tocsin\\_scratch\\_%'");
    return rows;
  });

it(
  'checks without any database at hand, and leaves nothing behind',
  async () => {
    const temporary = path.join(copy, 'tmp');
    await mkdir(temporary);
    const checked = await orm(['migration:check'], { TMPDIR: temporary });
    expect(checked).toMatchObject({ code: 0, output: expect.stringContaining('No changes') });
    expect(await readdir(temporary)).toEqual([]);
  },
  RUNS_MS,
);

it(
  'finds an added column, writes its migration, and is content once that stands in the list',
  async () => {
    await edit('src/access/account.entity.ts', 'name: p.text(),', 'name: p.text(),\n    place: p.text().nullable(),');
    expect(await orm(['migration:check'])).toMatchObject({
      code: 1,
      output: expect.stringContaining('Changes detected'),
    });

    expect(await orm(['migration:create', '-n', 'm9000-place-of-account'])).toMatchObject({ code: 0 });
    expect(await readFile(path.join(copy, 'migrations/m9000-place-of-account.ts'), 'utf8')).toBe(
      `import { Migration } from '@mikro-orm/migrations';

export class M9000PlaceOfAccount extends Migration {
  override async up(): Promise<void> {
    this.addSql(\`alter table "account" add "place" text null\`);
  }
}
`,
    );

    expect(await orm(['migration:create', '-n', 'm9000-place-of-account'])).toMatchObject({
      code: 1,
      output: expect.stringContaining('m9000-place-of-account is there already'),
    });
    await edit(
      'migrations/list.ts',
      '\n\n',
      "\nimport { M9000PlaceOfAccount } from './m9000-place-of-account.ts';\n\n",
    );
    await edit('migrations/list.ts', '\n];', "\n  { name: 'm9000-place-of-account', class: M9000PlaceOfAccount },\n];");
    expect(await orm(['migration:check'])).toMatchObject({ code: 0 });
    expect(await scratchDatabases()).toEqual([]);
  },
  RUNS_MS,
);

it.each([
  ['no name', undefined, 'Give the migration a name like m'],
  ['a name without a number', 'place', 'Give the migration a name like m'],
  ['a number that came before', 'm0003-place', 'm0003-place would not come after m'],
])('writes no migration with %s', (_what, name, refusal) => {
  expect(() => config.migrations?.fileName?.('', name)).toThrow(refusal);
});

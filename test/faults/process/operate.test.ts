import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from 'vitest';
import { operate } from '../../../src/process/operate.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { FEW } from '../../support/generated/address-file.ts';
import { fileOf } from '../../support/generated/address-lines.ts';

const { url } = await testDatabase();
const printed: string[] = [];

beforeEach(() => {
  vi.stubEnv('DATABASE_URL', url);
  for (const way of ['log', 'error'] as const) vi.spyOn(console, way).mockImplementation((line) => printed.push(line));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  printed.length = 0;
});

const run = (...statements: string[]) =>
  withSession(url, async (session) => {
    for (const statement of statements) await session.query(statement);
  });
const epoch = () =>
  withSession(url, async (session) => (await session.query('select epoch from journal_head')).rows[0].epoch);

it('migrate says that there is nothing to do', async () => {
  expect(await operate('migrate')).toBe(0);
  expect(printed).toEqual(['The database is up to date.']);
});

it('account:sealed-keys prints two keys, once, and says how many it withdrew', async () => {
  expect(await operate('account:sealed-keys')).toBe(0);
  const [text = ''] = printed;
  const keys = text.match(/tocsin_sealed_[0-9A-Z-]{41}/g) ?? [];
  expect(new Set(keys).size).toBe(2);
  expect(text).not.toContain('withdrawn');
  expect(await operate('account:sealed-keys')).toBe(0);
  expect(printed.at(-1)).toContain('2 that nobody had opened are withdrawn');
  expect(await operate('audit:verify')).toBe(0);
});

it('audit:verify answers 1 where the log is broken, and 0 where it is sound', async () => {
  expect(await operate('audit:verify')).toBe(0);
  expect(printed.slice(-3)).toEqual([
    expect.stringMatching(/^All \d+ entries are sound\.$/),
    'No head of the log has been signed yet.',
    'All 0 lines of the logs of 0 incidents are sound.',
  ]);
  await run(`insert into audit_entry (id, at, action) values (gen_random_uuid(), now(), 'STARTED')`);
  await run('set session_replication_role = replica', `update audit_entry set action = 'ENDED'`);
  expect(await operate('audit:verify')).toBe(1);
  expect(printed.at(-3)).toMatch(/^The audit log is broken after 0 sound entries: /);
});

it('journal:restored begins the epoch that it prints', async () => {
  const before = await epoch();
  expect(await operate('journal:restored')).toBe(0);
  expect(await epoch()).not.toBe(before);
  expect(printed.at(-1)).toContain(`in a new epoch, ${await epoch()}:`);
});

it('account:invite invites an ADMIN while two lack, prints the secret once, and leaves an audit entry', async () => {
  const invite = (...args: string[]) => operate('account:invite', args);
  expect(await invite('--name', 'Zoë O’Neil')).toBe(0);
  const [secret = ''] = /invitation_[\w-]{43}/.exec(printed.join('\n')) ?? [];
  expect(printed.join('\n')).toContain('Zoë O’Neil may be an ADMIN');
  const read = (statement: string) => withSession(url, async (session) => (await session.query(statement)).rows);
  expect(await read('select name, roles, secret_hash, invited_by_id from invitation')).toEqual([
    {
      name: 'Zoë O’Neil',
      roles: ['ADMIN'],
      secret_hash: createHash('sha256').update(secret).digest('hex'),
      invited_by_id: null,
    },
  ]);
  expect(await read(`select e.actor from audit_entry e join invitation i on i.id = e.subject`)).toEqual([
    { actor: null },
  ]);
  printed.length = 0;
  for (const faulty of [[], ['--name', ' '], ['--nom', 'X'], ['--name', 'X', 'ADMIN']])
    expect(await invite(...faulty)).toBe(1);
  const account = (subject: string, issuer: string) =>
    `insert into account (id, version, issuer, subject, name, created_at, roles)
     values (gen_random_uuid(), 1, '${issuer}', '${subject}', 'X', now(), '{ADMIN}')`;
  await run(
    'set session_replication_role = replica',
    account('a', 'https://issuer.example'),
    account('b', 'https://issuer.example'),
    account('admin', 'development'),
    `update account set disabled_at = now() where subject = 'b'`,
  );
  expect(await invite('--name', 'Second')).toBe(0);
  await run('set session_replication_role = replica', 'update account set disabled_at = null');
  expect(await invite('--name', 'Third')).toBe(1);
  expect(printed.at(-1)).toBe('two administrators are there: they invite, by the mutation inviteAccount');
  expect(await read('select count(*)::int as count from invitation')).toEqual([{ count: 2 }]);
});

it('addresses loads the file that is named, whole or not at all', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'tocsin-addresses-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'adresses-91.csv.gz');
  const load = (content: string) => {
    writeFileSync(file, gzipSync(content));
    return operate('addresses', [file]);
  };
  expect(await load(fileOf(FEW))).toBe(0);
  expect(printed.at(-1)).toBe('24 addresses of 12 streets and places: hubs find these from now on.');
  expect(await load(fileOf(FEW).replaceAll('91345', '75056'))).toBe(1);
  expect(printed.at(-1)).toContain('the addresses stay as they were: line 2: code_insee');
  for (const faulty of [[], [file, file], [`${file}.none`]]) expect(await operate('addresses', faulty)).toBe(1);
  const counted = () =>
    withSession(
      url,
      async (session) => (await session.query('select count(*)::int as n from address_number')).rows[0].n,
    );
  expect(await counted()).toBe(24);
});

it('says in one line why a command came to nothing, with exit code 1', async () => {
  expect(await operate('audit:verfy')).toBe(1);
  vi.stubEnv('DATABASE_URL', url.replace(/\/[^/]*$/, '/not_there'));
  expect(await operate('journal:restored')).toBe(1);
  expect(printed).toEqual([
    'the commands are migrate, database:roles, account:sealed-keys, account:invite, addresses, archive:verify, audit:verify, mail:bounce, mail:try, journal:restored',
    expect.stringMatching(/^[^\n]*not_there[^\n]*$/),
  ]);
});

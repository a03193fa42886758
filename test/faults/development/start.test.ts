import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makePair } from '../../../src/formats/cap/signing-pair.ts';
import { kill, serversOf, supervisorsOf, temporaryFolder } from '../../support/database/embedded.ts';
import { given } from '../../support/given.ts';
import { addressOf, START, startHubProcess } from '../../support/hub/started-hub.ts';

const onLinux = given(existsSync('/proc/self/stat'), 'processes can be watched through /proc');
const leftovers = (dataDir: string) => [...serversOf(dataDir), ...supervisorsOf(dataDir)];

async function ready(url: string): Promise<number> {
  return (await fetch(`${url}/readyz`)).status;
}

it.runIf(onLinux)(
  'a started hub serves, shows where it is, ends at Ctrl-C with code 0 and leaves no process',
  async () => {
    const dataDir = await temporaryFolder();
    const hub = startHubProcess({ env: { PORT: '0', TOCSIN_DATA_DIR: dataDir } });
    const url = await addressOf(hub);
    expect(await ready(url)).toBe(200);
    expect(hub.printed()).toMatch(/development mode.*situation\(place.*subscription \{.*editor {6}\S{40}/s);
    // A developer signs in to the desk as one of the personas.
    expect(hub.printed()).toContain(`${url}/desk/signin`);
    const signedIn = await fetch(`${url}/desk/signin`, {
      method: 'POST',
      headers: { 'sec-fetch-site': 'same-origin' },
      body: new URLSearchParams({ persona: 'editor' }),
      redirect: 'manual',
    });
    const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const own = { cookie, 'sec-fetch-site': 'same-origin', 'x-tocsin-desk': '1' };
    const told = await (await fetch(`${url}/desk/session`, { headers: own })).json();
    expect([signedIn.status, told.roles]).toEqual([303, ['EDITOR']]);
    hub.process.kill('SIGINT');
    hub.process.kill('SIGINT');
    expect(await hub.ended).toBe(0);
    expect(leftovers(dataDir)).toEqual([]);
  },
);

it.runIf(onLinux)('a hub whose npm was killed ends by itself, and its PostgreSQL with it', async () => {
  const dataDir = await temporaryFolder();
  const command = ['/bin/sh', '-c', '"$@" & wait', 'sh', process.execPath, START];
  const npm = startHubProcess({ env: { PORT: '0', TOCSIN_DATA_DIR: dataDir, TOCSIN_DEMO: 'false' }, command });
  await addressOf(npm);
  npm.process.kill('SIGKILL');
  // the pipes close when the last process that holds them is gone
  await npm.ended;
  await expect.poll(() => leftovers(dataDir)).toEqual([]);
});

it.runIf(onLinux)('a hub whose output nobody reads any more ends when it next has something to say', async () => {
  const dataDir = await temporaryFolder();
  const hub = startHubProcess({ env: { PORT: '0', TOCSIN_DATA_DIR: dataDir, TOCSIN_DEMO: 'false' } });
  await addressOf(hub);
  hub.process.stdout?.destroy();
  // the loss of its PostgreSQL is something to say
  kill(...serversOf(dataDir));
  expect(await hub.ended).toBe(0);
  await expect.poll(() => leftovers(dataDir)).toEqual([]);
});

it('a hub without a good environment says everything that is wrong with it and ends with code 1', async () => {
  const hub = startHubProcess({ env: { PORT: 'many', TOCSIN_MODE: 'fast', TOCSIN_NOTHING: '1' } });
  expect(await hub.ended).toBe(1);
  for (const name of ['PORT', 'TOCSIN_MODE', 'TOCSIN_NOTHING']) expect(hub.printed()).toContain(`\n  ${name}: `);
  expect(hub.printed()).not.toContain('    at ');
});

it('a hub whose certificate is not that of its key says so in one line, before it starts a database', async () => {
  const dataDir = await temporaryFolder();
  const [key, certificate] = [path.join(dataDir, 'key.pem'), path.join(dataDir, 'certificate.pem')];
  for (const file of [key, certificate]) await writeFile(file, await makePair(new Date()));
  const hub = startHubProcess({ env: { TOCSIN_CAP_KEY: key, TOCSIN_CAP_CERT: certificate, TOCSIN_DATA_DIR: dataDir } });
  expect(await hub.ended).toBe(1);
  expect(hub.printed()).toContain(`Tocsin did not start: ${certificate} is not the certificate of ${key}`);
  expect((await readdir(dataDir)).sort()).toEqual(['certificate.pem', 'key.pem']);
});

it.runIf(onLinux)('a hub whose port is taken says so in one line, ends with code 1 and leaves no process', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const dataDir = await temporaryFolder();
  const hub = startHubProcess({ env: { PORT: String(port), TOCSIN_DATA_DIR: dataDir, TOCSIN_DEMO: 'false' } });
  expect(await hub.ended).toBe(1);
  expect(hub.printed()).toMatch(new RegExp(`Tocsin did not start: .*${port}; give another PORT`));
  await expect.poll(() => leftovers(dataDir)).toEqual([]);
});

it('a hub whose PostgreSQL does not answer says so in one line and ends with code 1', async () => {
  const hub = startHubProcess({ env: { PORT: '0', DATABASE_URL: 'postgresql://hub:secret@127.0.0.1:1/hub' } });
  expect(await hub.ended).toBe(1);
  expect(hub.printed()).toContain('Tocsin did not start: no PostgreSQL there');
  expect(hub.printed()).not.toContain('secret');
});

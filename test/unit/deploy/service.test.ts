import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { temporaryFolder } from '../../support/database/embedded.ts';
import { hasProgram, ran } from '../../support/docs/programs.ts';
import { given } from '../../support/given.ts';

const unit = readFileSync(path.join(import.meta.dirname, '../../../deploy/tocsin.service'), 'utf8');

/** What systemd says of a unit, with the Node.js of this machine in place of the one of /usr/bin. */
async function analyze(text: string, ...words: string[]) {
  const folder = await temporaryFolder();
  const file = path.join(folder, 'tocsin.service');
  await writeFile(file, text.replace('/usr/bin/node', process.execPath));
  return ran('systemd-analyze', [...words, file], { cwd: folder, env: { PATH: process.env.PATH ?? '' } });
}

describe.runIf(given(hasProgram('systemd-analyze'), 'systemd-analyze'))('the unit of systemd', () => {
  it('is understood line by line', async () => {
    expect(await analyze(unit, 'verify')).toMatchObject({ code: 0, printed: '' });
    const { printed } = await analyze(unit.replace('KillMode=mixed', 'KillMode=some'), 'verify');
    expect(printed).toContain('kill mode');
  });

  it('leaves the hub hardly a right: an exposure of at most 1.5 of 10', async () => {
    expect(await analyze(unit, 'security', '--offline=true', '--threshold=15')).toMatchObject({ code: 0 });
    const open = unit.replace(/^(Protect|Private|Restrict|System|Capability|DynamicUser).*$/gm, '');
    expect((await analyze(open, 'security', '--offline=true', '--threshold=15')).code).not.toBe(0);
  });
});

it('starts in production with what hub.env says, and shows metrics to this machine alone', () => {
  const set = [...unit.matchAll(/^Environment=(.*)$/gm)].flatMap(([, line = '']) => line.split(' '));
  const given = Object.fromEntries(set.map((one) => one.split('=')));
  const example = readFileSync(path.join(import.meta.dirname, '../../../deploy/hub.env.example'), 'utf8');
  const config = readConfig({
    ...given,
    ...Object.fromEntries([...example.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value])),
    DATABASE_URL: 'postgresql:///tocsin',
    TOCSIN_PUBLIC_URL: 'https://alerte.example.fr',
    TOCSIN_CAP_KEY: import.meta.filename,
    TOCSIN_CAP_CERT: import.meta.filename,
  });
  expect(config).toMatchObject({ mode: 'production', operators: { own: { host: '127.0.0.1', port: 9464 } } });
});

it('gives the hub the drain and 30 seconds to end, and lets V8 write code', () => {
  expect(unit).toMatch(/^TimeoutStopSec=40$/m);
  expect(unit).not.toMatch(/^MemoryDenyWriteExecute=/m);
});

it('refuses a lower priority to the process of a picture without ending it', () => {
  expect(unit).toMatch(/^SystemCallFilter=~@privileged @resources$/m);
  expect(unit).toMatch(/^SystemCallErrorNumber=EPERM$/m);
});

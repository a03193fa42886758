import { afterAll, expect, it } from 'vitest';
import { SetClock } from '../../../src/clock.ts';
import { testDatabase } from '../../support/database/database.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const clock = new SetClock('2026-11-27T09:30:00+01:00');
const securityContacts = ['mailto:securite@example.fr', 'https://example.fr/securite'];
const hub = await startHub({ url, clock, more: { securityContacts, publicUrl: 'https://alerte.example.fr' } });
const silent = await startHub({ url });
afterAll(async () => {
  await silent.close();
  await hub.close();
});
const PATH = '/.well-known/security.txt';

/** Read as RFC 9116 has it: names of fields in any case, each line a field. */
const fieldsOf = (text: string) =>
  text
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]);

it('says whom to tell of a hole, in which languages, and for how long that is true', async () => {
  const answer = await fetch(hub.url + PATH);
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
  expect(fieldsOf(await answer.text())).toEqual([
    ['contact', 'mailto:securite@example.fr'],
    ['contact', 'https://example.fr/securite'],
    ['expires', '2027-05-26T00:00:00.000Z'],
    ['preferred-languages', 'fr, en'],
    ['canonical', `https://alerte.example.fr${PATH}`],
  ]);
});

it('is good for longer when it is read later, and never for a year', async () => {
  const expires = async () => {
    const found = fieldsOf(await (await fetch(hub.url + PATH)).text()).find(([name]) => name === 'expires');
    return new Date(String(found?.[1])).getTime() - clock.now().getTime();
  };
  for (const now of ['2026-11-28T00:59:00+01:00', '2026-11-28T01:01:00+01:00', '2027-08-01T12:00:00+02:00']) {
    clock.set(new Date(now));
    const days = (await expires()) / 86_400_000;
    expect(days).toBeGreaterThan(179);
    expect(days).toBeLessThanOrEqual(180);
  }
});

it('is not there where nobody is named', async () => {
  expect((await fetch(silent.url + PATH)).status).toBe(404);
});

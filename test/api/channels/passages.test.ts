import ICAL from 'ical.js';
import { afterAll, expect, it } from 'vitest';
import { SetClock } from '../../../src/clock.ts';
import { testDatabase } from '../../support/database/database.ts';
import { eventInput, publishNew, release, revise } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const begin = Date.now();
const clock = new SetClock(new Date(begin));
const hub = await startHub({ url, clock });
afterAll(() => hub.close());

const inHours = (hours: number) => new Date(begin + hours * 3600_000).toISOString();
const RIDERS = { label: 'Coureurs', commune: '91421', expectedFrom: inHours(60) };
const CARAVAN = { label: 'Caravanne', commune: '91421', expectedFrom: inHours(58) };
const input = (...passages: object[]) => eventInput({ startsAt: inHours(50), endsAt: inHours(70), passages });

async function calendar(path: string) {
  const text = await (await fetch(hub.url + path)).text();
  const parts = new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent').map((part) => ({
    uid: String(part.getFirstPropertyValue('uid')),
    summary: String(part.getFirstPropertyValue('summary')),
    sequence: Number(part.getFirstPropertyValue('sequence')),
    status: String(part.getFirstPropertyValue('status')),
  }));
  return new Map(parts.map(({ summary, ...part }) => [summary, part]));
}

it('keeps the UID of a passage whose label is mended, and takes one that is dropped out of calendars, for a day', async () => {
  const first = await publishNew(hub, 'Event', input(RIDERS, CARAVAN));
  const single = `/events/${first.id}.ics`;
  const [before] = [await calendar('/feeds/events.ics')];
  const { uid: riders } = before.get('Coureurs') ?? {};
  const { uid: caravan } = before.get('Caravanne') ?? {};
  expect(before.size).toBe(3);

  const mended = { ...CARAVAN, label: 'Caravane publicitaire' };
  const second = await release(hub, await revise(hub, 'Event', first, input(mended, RIDERS)));
  const after = await calendar('/feeds/events.ics');
  expect(after.get('Caravane publicitaire')).toEqual({ uid: caravan, sequence: 1, status: 'CONFIRMED' });
  expect(after.get('Coureurs')).toEqual({ uid: riders, sequence: 1, status: 'CONFIRMED' });
  expect(after.size).toBe(3);

  // A draft that is saved twice on the way changes nothing of it; a key that is given back leads.
  const { publication } = await hub
    .as()
    .request<{ publication: { passages: { key: string; label: string }[] } }>(
      'query ($id: ID!) { publication(id: $id) { ... on EventPublication { passages { key label } } } }',
      { id: first.id },
    );
  const key = publication.passages.find(({ label }) => label === 'Coureurs')?.key;
  expect(riders).toBe(`${first.id}-${key}`);
  const renamed = { key, label: 'Peloton', commune: '91345', expectedFrom: inHours(61) };
  const draft = await revise(hub, 'Event', second, input({ ...RIDERS, label: 'Le peloton' }));
  await release(hub, await revise(hub, 'Event', draft, input(renamed)));
  for (const path of ['/feeds/events.ics', single]) {
    const now = await calendar(path);
    expect(now.get('Peloton')).toEqual({ uid: riders, sequence: 2, status: 'CONFIRMED' });
    expect(now.get('Caravane publicitaire')).toEqual({ uid: caravan, sequence: 2, status: 'CANCELLED' });
    expect(now.size).toBe(3);
  }

  clock.set(new Date(begin + 25 * 3600_000));
  for (const path of ['/feeds/events.ics', single])
    await expect
      .poll(async () => [...(await calendar(path)).keys()].sort())
      .toEqual(['Départ du Tour à Montgeron', 'Peloton']);
});

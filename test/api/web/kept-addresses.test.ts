import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { DOCUMENT_FORMATS, FEEDS } from '../../../src/channels/feeds/feeds.ts';
import { SetClock } from '../../../src/clock.ts';
import { testDatabase } from '../../support/database/database.ts';
import { type Answered, Asking } from '../../support/desk/asking.ts';
import { alertInput, publishNew, release, revise } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const NOON = '2026-11-24T12:00:00+01:00';
const END = '2026-11-26T18:00:00+01:00';
const clock = new SetClock(NOON);
const hub = await startHub({ url, clock });
const asking = new Asking(hub.url);
afterAll(async () => {
  asking.end();
  await hub.close();
});

const words = (headline: string, language = 'fr-FR') => ({
  language,
  headline,
  description: `${headline}. `.repeat(40),
  instruction: 'Montez à l’étage.',
});
const alert = await publishNew(
  hub,
  'Alert',
  alertInput({
    texts: [words('L’Yvette déborde'), words('The Yvette floods', 'en')],
    endsAt: '2026-11-24T18:00:00+01:00',
  }),
);
const event = await publishNew(hub, 'Event');
await publishNew(hub, 'Closure');
const { publication } = await hub
  .as()
  .request<{ publication: { capUrl: string } }>(
    'query ($id: ID!) { publication(id: $id) { ... on AlertPublication { capUrl } } }',
    { id: alert.id },
  );

const ADDRESSES = [
  '/',
  '/?commune=91345',
  '/?commune=Nulle%20part',
  `/publications/${alert.id}`,
  `/publications/${alert.id}/r/1`,
  `/publications/${alert.id}.jsonld`,
  `/events/${event.id}.ics`,
  new URL(publication.capUrl).pathname,
  `/cap/${alert.id}/latest.xml`,
  '/geo/reports.geojson',
  ...FEEDS.map(({ path }) => path),
  '/feeds/alerts.atom?commune=91345&language=en',
];
/** Two moments within one second share no date: from the next second on an answer may be kept. */
const later = () => clock.set(new Date(clock.now().getTime() + 2_000));
later();

const read = ({ headers, body }: Answered): Buffer => {
  if (headers['content-encoding'] === 'br') return brotliDecompressSync(body);
  return headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
};
const text = (answer: Answered) => read(answer).toString();
const figures = () => asking.figures('tocsin_address_cache');
const hitsOf = async (path: string, headers: Record<string, string> = {}) => {
  const before = await figures();
  await asking.at(path, headers);
  return (await figures()).hits - before.hits;
};

it('tries every kind of address that there is', () => {
  expect(DOCUMENT_FORMATS.map(({ path }) => path)).toHaveLength(2);
  expect(new Set(ADDRESSES).size).toBe(ADDRESSES.length);
});

describe.each(ADDRESSES)('%s', (path) => {
  it.each([
    ['', 'identity'],
    ['identity', 'identity'],
    ['deflate', 'identity'],
    ['br', 'br'],
    ['gzip', 'gzip'],
    ['gzip, deflate, br, zstd', 'br'],
    ['br;q=0, gzip', 'gzip'],
    ['gzip;q=0, br', 'br'],
    ['*', 'br'],
    ['gzip;q=0, *', 'br'],
    ['GZIP', 'gzip'],
    ['nonsense;;q=', 'identity'],
  ])('is the same under Accept-Encoding: %s', async (accepted, expected) => {
    const plain = await asking.at(path);
    const packed = await asking.at(path, accepted === '' ? {} : { 'accept-encoding': accepted });
    expect([plain.status, plain.headers['content-encoding'], plain.headers.vary]).toEqual([
      200,
      undefined,
      'accept-encoding',
    ]);
    // A few bytes gain nothing by compression.
    const encoding = plain.body.length < 1_024 ? 'identity' : expected;
    expect(packed.headers['content-encoding'] ?? 'identity').toBe(encoding);
    expect(text(packed)).toBe(plain.body.toString());
    expect(packed.headers.etag === plain.headers.etag).toBe(encoding === 'identity');
    const unchanged = await asking.at(path, {
      'accept-encoding': accepted || 'identity',
      'if-none-match': packed.headers.etag ?? '',
    });
    expect([unchanged.status, unchanged.body.length, unchanged.headers.etag]).toEqual([304, 0, packed.headers.etag]);
  });

  it('is compressed from the first client on, and answered from memory afterwards, cookie or not', async () => {
    if (path === '/geo/reports.geojson') return;
    await asking.at(path);
    const again = await asking.at(path);
    expect(await hitsOf(path)).toBe(1);
    expect(await hitsOf(path, { cookie: 'statistics=1' })).toBe(1);
    expect(await hitsOf(path, { authorization: 'Bearer nobody' })).toBe(1);
    expect((await asking.at(path)).headers).toMatchObject({ etag: again.headers.etag, vary: 'accept-encoding' });
  });
});

describe('what is kept is forgotten', () => {
  it.each(['/', '/?commune=91345', '/feeds/publications.rss', '/feeds/alerts.atom', '/geo/alerts.geojson'])(
    'at %s once something else is public',
    async (path) => {
      const headline = `La Rémarde déborde ${path.length}`;
      await asking.at(path);
      const { id } = await publishNew(hub, 'Alert', alertInput({ texts: [words(headline)], endsAt: END }));
      expect(text(await asking.at(path))).toContain(id);
    },
  );

  it('at a permalink once it is revised', async () => {
    const path = `/publications/${alert.id}`;
    await asking.at(path);
    const input = alertInput({ texts: [words('L’Yvette baisse')], endsAt: '2026-11-24T18:00:00+01:00' });
    await release(hub, await revise(hub, 'Alert', alert, input));
    expect(text(await asking.at(path))).toContain('L’Yvette baisse');
    expect(text(await asking.at(`/publications/${alert.id}/r/1`))).toContain('L’Yvette déborde');
  });

  it.each(['/', '/feeds/alerts.atom', '/geo/alerts.geojson'])('at %s when the clock ends it', async (path) => {
    const ends = new Date(clock.now().getTime() + 600_000);
    const { id } = await publishNew(
      hub,
      'Alert',
      alertInput({ texts: [words('Orage bref')], endsAt: ends.toISOString() }),
    );
    expect(text(await asking.at(path))).toContain(id);
    clock.set(new Date(ends.getTime() - 1_000));
    expect(text(await asking.at(path))).toContain(id);
    clock.set(new Date(ends.getTime() + 1_000));
    expect(text(await asking.at(path))).not.toContain(`${id}"`);
  });

  it('at an address whose words follow the clock in smaller steps', async () => {
    const path = '/closures/datex2.xml';
    await expect.poll(() => hitsOf(path)).toBe(1);
    clock.set(new Date(clock.now().getTime() + 61_000));
    expect(await hitsOf(path)).toBe(0);
  });
});

describe('strangers', () => {
  it('who invent addresses fill no memory, and drive no answer to an app out', async () => {
    const app = { query: '{ situation(place: { commune: "91345" }) { asOf } }' };
    // The timekeeper may tell of an end meanwhile, and so begin another version of what is public.
    await expect
      .poll(async () => {
        await asking.post(app);
        for (let number = 0; number < 1_000; number += 1) await asking.at(`/?commune=x${number}`);
        const { hits } = await asking.figures();
        await asking.post(app);
        return (await asking.figures()).hits - hits;
      })
      .toBe(1);
    const { bytes } = await figures();
    expect([bytes > 2 ** 20, bytes <= 64 * 2 ** 20]).toEqual([true, true]);
  });

  it('who write a long address are answered, and nothing is kept of it', async () => {
    const path = `/?commune=91345&x=${'y'.repeat(3_000)}`;
    await asking.at(path);
    expect(await hitsOf(path)).toBe(0);
  });
});

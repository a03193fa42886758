import { createHash } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { parisTime, SetClock } from '../../../src/clock.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, closureInput, publishNew, release, revise, type Written } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

/** CAP messages and their Atom feed over HTTP. */
const { url } = await testDatabase();
const begin = Date.now();
const at = (hours: number) => parisTime(new Date(begin + hours * 3600_000));
const clock = new SetClock(new Date(begin));
const hub = await startHub({ url, clock });
afterAll(() => hub.close());

const get = (path: string, init?: RequestInit) => fetch(new URL(path, hub.url), init);

async function capOf({ id }: Written): Promise<{ capIdentifier: string; capUrl: string }> {
  const query = 'query ($id: ID!) { publication(id: $id) { ... on AlertPublication { capIdentifier capUrl } } }';
  return (await hub.as().request<{ publication: { capIdentifier: string; capUrl: string } }>(query, { id }))
    .publication;
}

const entriesOf = (feed: string): string[] => [...feed.matchAll(/<entry[ >].*?<\/entry>/gs)].map(([entry]) => entry);
const idsOf = (feed: string): (string | undefined)[] => entriesOf(feed).map((entry) => /<id>([^<]*)</.exec(entry)?.[1]);
const feed = async (query = '') => (await get(`/feeds/alerts.atom${query}`)).text();

describe('a CAP message', () => {
  it('is served at its address as it was stored, for ever, and asked for again by its hash', async () => {
    const thread = await publishNew(hub);
    const { capUrl } = await capOf(thread);
    const plain = { 'accept-encoding': 'identity' };
    const answer = await get(capUrl, { headers: plain });
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'application/cap+xml',
      'cache-control': 'public, max-age=31536000, immutable',
      etag: `"${createHash('sha256').update(bytes).digest('hex')}"`,
      'x-content-type-options': 'nosniff',
    });
    await release(hub, await revise(hub, 'Alert', thread, alertInput({ contact: 'Mairie' })));
    expect(Buffer.from(await (await get(capUrl)).arrayBuffer())).toEqual(bytes);
    const same = await get(capUrl, { headers: { ...plain, 'if-none-match': answer.headers.get('etag') ?? '' } });
    expect([same.status, await same.text()]).toEqual([304, '']);
    const head = await get(capUrl, { method: 'HEAD', headers: plain });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([
      200,
      String(bytes.length),
      '',
    ]);
  });

  it('that is the newest of its thread is found by the thread, compared each time, and named', async () => {
    const thread = await publishNew(hub);
    const path = `/cap/${thread.id}/latest.xml`;
    const first = await get(path);
    expect(first.headers.get('content-location')).toBe(`/cap/${(await capOf(thread)).capIdentifier}.xml`);
    expect(first.headers.get('cache-control')).toBe('public, no-cache');
    const ask = () => get(path, { headers: { 'if-none-match': first.headers.get('etag') ?? '' } });
    expect((await ask()).status).toBe(304);
    await release(hub, await revise(hub, 'Alert', thread, alertInput({ contact: 'Mairie' })));
    const second = await ask();
    const { capIdentifier, capUrl } = await capOf(thread);
    expect(capIdentifier).toMatch(new RegExp(`^TOCSIN-${thread.id}-2-\\d{8}T\\d{6}Z$`));
    expect([second.status, second.headers.get('content-location')]).toEqual([200, `/cap/${capIdentifier}.xml`]);
    expect(await second.text()).toBe(await (await get(capUrl)).text());
  });

  it('that does not exist is told in JSON', async () => {
    const closure = await publishNew(hub, 'Closure');
    for (const path of ['x.xml', 'x', '%00.xml', `${closure.id}/latest.xml`, 'x/latest.xml', '..%2f..%2fetc.xml']) {
      const answer = await get(`/cap/${path}`);
      expect([path, answer.status, answer.headers.get('content-type')]).toEqual([
        path,
        404,
        'application/json; charset=utf-8',
      ]);
      expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
    }
  });
});

describe('the Atom feed of alerts', () => {
  it('names every live alert by the address of its message, which answers that message', async () => {
    const threads = [await publishNew(hub), await publishNew(hub, 'Alert', alertInput({ startsAt: at(5) }))];
    await publishNew(hub, 'Closure', closureInput());
    const xml = await feed();
    for (const thread of threads) expect(idsOf(xml)).toContain((await capOf(thread)).capUrl);
    const [first = ''] = entriesOf(xml);
    const [id = ''] = idsOf(xml);
    const message = await (await get(id!)).text();
    expect(first).toContain(`<link rel="alternate" type="application/cap+xml" href="${id}"/>`);
    for (const name of ['identifier', 'sent', 'expires', 'event', 'severity', 'msgType'])
      expect(first).toContain(`<cap:${name}>${new RegExp(`<${name}>([^<]*)<`).exec(message)?.[1]}</cap:${name}>`);
  });

  it('answers 304 until something changes, then the change', async () => {
    const first = await get('/feeds/alerts.atom');
    const ask = () => get('/feeds/alerts.atom', { headers: { 'if-none-match': first.headers.get('etag') ?? '' } });
    expect((await ask()).status).toBe(304);
    expect(first.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8');
    expect(first.headers.get('cache-control')).toContain('max-age=30');
    const thread = await publishNew(hub);
    const second = await ask();
    expect(second.status).toBe(200);
    expect(idsOf(await second.text())).toContain((await capOf(thread)).capUrl);
  });

  it('shows exercises and tests to nobody who did not ask for them (C17, I-10)', async () => {
    const texts = [{ language: 'fr-FR', headline: 'EXERCICE Crue', description: 'Crue fictive.' }];
    const { capUrl } = await capOf(await publishNew(hub, 'Alert', alertInput({ mode: 'EXERCISE', texts })));
    expect(await feed()).not.toContain('EXERCICE');
    expect(idsOf(await feed('?mode=EXERCISE'))).toEqual([capUrl]);
  });

  it('is filtered by commune, severity and language', async () => {
    const texts = [
      { language: 'fr-FR', headline: 'Fumées à Étampes', description: 'Un entrepôt brûle.' },
      { language: 'en-GB', headline: 'Smoke at Étampes', description: 'A warehouse is burning.' },
    ];
    const areas = [{ description: 'Étampes', communes: ['91223'] }];
    const { capUrl } = await capOf(await publishNew(hub, 'Alert', alertInput({ texts, areas, severity: 'MINOR' })));
    expect(idsOf(await feed('?commune=91223'))).toEqual([capUrl]);
    expect(idsOf(await feed('?commune=91223&severity=SEVERE'))).toEqual([]);
    expect(await feed('?commune=91223&language=en-GB')).toContain('<title>Smoke at Étampes</title>');
    expect(await feed('?commune=91223&language=de-DE')).toContain('<title>Fumées à Étampes</title>');
    const wrong = await get('/feeds/alerts.atom?commune=75056');
    expect([wrong.status, (await wrong.json()).errors[0].extensions.code]).toEqual([400, 'INVALID_INPUT']);
  });

  it('tells how an alert ended until that message expires', async () => {
    const areas = [{ description: 'Milly-la-Forêt', communes: ['91405'] }];
    const thread = await publishNew(hub, 'Alert', alertInput({ areas }));
    await hub
      .as('validator')
      .request(
        'mutation ($id: ID!, $version: Int!) { cancelPublication(id: $id, version: $version, reason: "Erreur") { publication { state } } }',
        {
          ...thread,
        },
      );
    const told = await feed('?commune=91405');
    expect(told).toContain('<cap:msgType>Cancel</cap:msgType>');
    expect(told).toContain('<title>Annulé : L’Yvette déborde à Longjumeau</title>');
    clock.set(at(21));
    const over = await feed('?commune=91405');
    expect(idsOf(over)).toEqual([]);
    expect(over).toMatch(/<updated>\d{4}-/);
    clock.set(new Date(begin));
  });

  it('is a valid feed where nothing was ever told', async () => {
    expect(await feed('?commune=91001')).toMatch(
      /<feed .*<id>http[^<]*commune=91001<\/id><title>[^<]+<\/title><updated>1970-01-01T01:00:00\+01:00<\/updated>.*<\/feed>$/,
    );
  });
});

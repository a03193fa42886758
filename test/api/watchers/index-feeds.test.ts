import { createHash } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { hoursFromNow } from '../../support/desk/desk.ts';
import { adoptMessage } from '../../support/desk/relaying.ts';
import { watchDesk } from '../../support/desk/watch-desk.ts';
import { startHub } from '../../support/hub/hub.ts';
import { feedServer } from '../../support/receivers/feed-server.ts';

const { url: databaseUrl } = await testDatabase();
const server = await feedServer();
const hub = await startHub({ url: databaseUrl, watchable: (address) => address === '127.0.0.1' });
afterAll(() => hub.close());
const desk = watchDesk({ hub, databaseUrl });

const CAP = 'urn:oasis:names:tc:emergency:cap:1.2';
const SENDER = 'vigilance@meteo.example';
const SENT = hoursFromNow(-1);
const triplet = (identifier: string) => `${SENDER},${identifier},${SENT}`;

interface Message {
  status?: string;
  msgType?: string;
  references?: string;
  expires?: string;
}
const message = (
  identifier: string,
  { status = 'Actual', msgType = 'Alert', references, expires = hoursFromNow(9) }: Message = {},
) => ({
  headers: { 'content-type': 'application/cap+xml', etag: `"${identifier}"` },
  body: `<alert xmlns="${CAP}"><identifier>${identifier}</identifier><sender>${SENDER}</sender><sent>${SENT}</sent>
    <status>${status}</status><msgType>${msgType}</msgType><scope>Public</scope>${references ? `<references>${references}</references>` : ''}
    <info><language>fr-FR</language><category>Met</category><event>Vigilance crues</event><urgency>Expected</urgency>
    <severity>Severe</severity><certainty>Likely</certainty><expires>${expires}</expires><senderName>Météo</senderName>
    <headline>Crue ${identifier}</headline><description>Débordements.</description><area><areaDesc>Yvette</areaDesc>
    <polygon>48.690,2.290 48.691,2.290 48.691,2.291 48.690,2.290</polygon></area></info></alert>`,
});

/** An entry that leads to a message of its name, if not elsewhere. */
const entry = (
  name: string,
  more = '',
  link = `<link type="application/cap+xml" href="${server.url(`/m/${name}`)}"/>`,
) => `<entry><id>urn:x:${name}</id><title>Avis ${name}</title><updated>${SENT}</updated>${link}${more}</entry>`;
const atom = (...entries: string[]) => ({
  headers: { etag: `"${createHash('sha256').update(entries.join('')).digest('hex')}"` },
  body: `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:cap="${CAP}"><title>Avis</title>${entries.join('')}</feed>`,
});

const referencesAt = async (path: string) =>
  (await desk.brought(server.url(path))).map(({ origin }) => origin.reference).sort();

describe('a feed whose entries lead to CAP messages', () => {
  it('is read with its messages: they are the reports, can be adopted, and are fetched once', async () => {
    server.serve('/m/A1', message('A1'));
    server.serve('/m/A2', message('A2'));
    server.serve('/a', atom(entry('A1')));
    const watcher = await desk.watch(server.url('/a'), { trustedSenders: [SENDER], communes: ['91345'] });
    expect(watcher).toMatchObject({ fault: null, reports: 1 });
    const [report] = await desk.brought(server.url('/a'));
    expect(report).toMatchObject({
      text: 'Crue A1\n\nDébordements.',
      url: server.url('/m/A1'),
      origin: { reference: triplet('A1'), msgType: 'Alert' },
    });
    expect(await adoptMessage(hub, report?.id ?? '')).toMatchObject({ stage: 'DRAFT' });
    server.serve('/a', atom(entry('A2'), entry('A1')));
    expect(await desk.again(watcher)).toMatchObject({ fault: null, reports: 2 });
    // The feed itself did not change, so that it is not even read.
    expect(await desk.again(watcher)).toMatchObject({ fault: null, reports: 2 });
    expect([server.asked('/m/A1').length, server.asked('/m/A2').length]).toEqual([1, 1]);
    expect(server.asked('/a').at(-1)?.headers['if-none-match']).toBeDefined();
  });

  it.each<[string, string]>([
    [
      'its id',
      `<entry><id>${server.url('/m/F1')}</id><title>F1</title><updated>${SENT}</updated><cap:event>Crue</cap:event></entry>`,
    ],
    ['a link without a type', entry('F2', '', `<link href="${server.url('/m/F2')}"/>`)],
    ['a link to XML', entry('F3', '', `<link type="application/xml" href="${server.url('/m/F3')}"/>`)],
    ['a relative link', entry('F4', '', '<link type="application/cap+xml" href="/m/F4"/>')],
    ['a redirection', entry('F5', '', `<link type="application/cap+xml" href="${server.url('/r/F5')}"/>`)],
    [
      'the second of its addresses',
      `<entry><id>${server.url('/m/F6')}</id><title>F6</title><updated>${SENT}</updated><link href="${server.url('/page')}"/><cap:event>Crue</cap:event></entry>`,
    ],
  ])('leads there by %s', async (_how, written) => {
    const name = /F\d/.exec(written)?.[0] ?? '';
    server.serve('/page', { body: '<html><body>Crue</body></html>' });
    server.serve(`/m/${name}`, message(name));
    server.serve(`/r/${name}`, { status: 302, headers: { location: `/m/${name}` } });
    server.serve(`/feed-${name}`, atom(written));
    expect(await desk.watch(server.url(`/feed-${name}`))).toMatchObject({ fault: null, reports: 1 });
    expect(await referencesAt(`/feed-${name}`)).toEqual([triplet(name)]);
  });

  it.each<[string, string]>([
    ['an enclosure', `<enclosure type="application/cap+xml" url="${server.url('/m/R1')}" length="1"/>`],
    ['its link', `<link>${server.url('/m/R2')}</link>`],
    ['its guid', `<guid>${server.url('/m/R3')}</guid>`],
  ])('leads there by %s in RSS', async (_how, inside) => {
    const name = /R\d/.exec(inside)?.[0] ?? '';
    server.serve(`/m/${name}`, message(name));
    server.serve(`/rss-${name}`, {
      body: `<rss version="2.0"><channel><title>x</title><item><title>Avis</title>${inside}<pubDate>${SENT}</pubDate></item></channel></rss>`,
    });
    expect(await desk.watch(server.url(`/rss-${name}`))).toMatchObject({ fault: null, reports: 1 });
    expect(await referencesAt(`/rss-${name}`)).toEqual([triplet(name)]);
  });

  it('makes no report of what is a test, an exercise or over by its own account, and asks for no message', async () => {
    const facts = [
      ...['Test', 'Exercise', 'Draft', 'System'].map((status) => `<cap:status>${status}</cap:status>`),
      `<cap:expires>${hoursFromNow(-2)}</cap:expires>`,
    ];
    server.serve('/x', atom(...facts.map((fact, index) => entry(`X${index}`, fact))));
    for (const index of facts.keys()) server.serve(`/m/X${index}`, message(`X${index}`));
    expect(await desk.watch(server.url('/x'))).toMatchObject({ fault: null, reports: 0 });
    expect(facts.flatMap((_, index) => server.asked(`/m/X${index}`))).toEqual([]);
    // The same without an address to follow.
    server.serve('/y', atom(...facts.map((fact, index) => entry(`Y${index}`, fact, ''))));
    expect(await desk.watch(server.url('/y'))).toMatchObject({ fault: null, reports: 0 });
  });

  it('heeds what the message says where the entry says nothing or something else', async () => {
    server.serve('/m/T1', message('T1', { status: 'Test' }));
    server.serve('/m/T2', message('T2', { expires: hoursFromNow(-2) }));
    server.serve('/t', atom(entry('T1'), entry('T2', `<cap:expires>${hoursFromNow(2)}</cap:expires>`)));
    expect(await desk.watch(server.url('/t'))).toMatchObject({ fault: null, reports: 0 });
  });

  it('brings the Cancel of a message that was taken, over by the entry’s account too', async () => {
    server.serve('/m/C1', message('C1'));
    server.serve('/c', atom(entry('C1')));
    const watcher = await desk.watch(server.url('/c'));
    const [first] = await desk.brought(server.url('/c'));
    server.serve('/m/C2', message('C2', { msgType: 'Cancel', references: triplet('C1'), expires: hoursFromNow(-1) }));
    const over = `<cap:msgType>Cancel</cap:msgType><cap:expires>${hoursFromNow(-1)}</cap:expires>`;
    server.serve('/c', atom(entry('C2', over), entry('C1')));
    expect(await desk.again(watcher)).toMatchObject({ fault: null, reports: 2 });
    expect((await desk.brought(server.url('/c')))[1]?.origin).toMatchObject({
      msgType: 'Cancel',
      firstReportId: first?.id,
    });
  });
});

describe('a message that cannot be fetched', () => {
  it.each<[string, string, Parameters<typeof server.serve>[1] | null, RegExp]>([
    ['W1', 'is not there yet', null, /« Avis W\d » : le serveur répond 404/],
    ['W2', 'is refused', { status: 503 }, /le serveur répond 503/],
    ['W3', 'never ends', { endless: `<alert xmlns="${CAP}">` }, /plus de 1000000 octets/],
    ['W4', 'is never answered', { silent: true }, /ne répond pas à temps/],
    ['W5', 'is a page', { body: '<html><body>Crue</body></html>' }, /pas un message CAP/],
    ['W6', 'is a feed', atom(entry('Z')), /pas un message CAP/],
    ['W7', 'has no sender', { body: message('W7').body.replace(/<sender>.*<\/sender>/, '') }, /sans sender/],
    [
      'W8',
      'leads into another network',
      { status: 302, headers: { location: 'http://127.0.0.2:8080/' } },
      /127\.0\.0\.2 n’est pas public/,
    ],
    ['W9', 'leads to itself', { status: 302, headers: { location: '/m/W9' } }, /redirect|ne peut être joint/],
  ])('%s: since it %s is told and tried again, and its entry waits for it', async (name, _what, answer, fault) => {
    const path = `/wait-${name}`;
    if (answer) server.serve(`/m/${name}`, answer);
    server.serve('/m/beside', message('beside'));
    server.serve(path, atom(entry(name), entry('beside')));
    const watcher = await desk.watch(server.url(path));
    expect(watcher.fault).toMatch(fault);
    expect((await referencesAt(path)).filter((reference) => !reference.includes('beside'))).toEqual([]);
    server.serve(`/m/${name}`, message(name));
    expect(await desk.again(watcher)).toMatchObject({ fault: null });
    expect(await referencesAt(path)).toContain(triplet(name));
  });

  it('is asked for less and less often, and told meanwhile', async () => {
    server.serve('/m/L1', { status: 503, headers: { 'retry-after': '7200' } });
    server.serve('/l', atom(entry('L1')));
    const watcher = await desk.watch(server.url('/l'));
    const [{ seconds }] = await desk.sql(
      'select extract(epoch from m.due_at - w.looked_at)::int as seconds from announced_message m join watcher w on w.id = m.watcher_id where w.id = $1',
      [watcher.id],
    );
    expect(seconds).toBeGreaterThan(7_000);
    expect(await desk.look(watcher)).toMatchObject({ fault: watcher.fault, reports: 0 });
    expect(server.asked('/m/L1')).toHaveLength(1);
  });

  it('leaves its place to the words of its entry after an hour, and comes as a report of its own later', async () => {
    server.serve('/m/H1', { status: 500 });
    server.serve('/h', atom(entry('H1')));
    const watcher = await desk.watch(server.url('/h'));
    expect(watcher.reports).toBe(0);
    await desk.sql("update announced_message set failing_since = now() - interval '61 minutes' where watcher_id = $1", [
      watcher.id,
    ]);
    expect(await desk.again(watcher)).toMatchObject({ fault: expect.stringContaining('500'), reports: 1 });
    expect((await desk.brought(server.url('/h')))[0]?.text).toBe('Avis H1');
    server.serve('/m/H1', message('H1'));
    expect(await desk.again(watcher)).toMatchObject({ fault: null, reports: 2 });
  });
});

describe('a mere address of which its server says nothing for now', () => {
  const plain = (...names: string[]) =>
    atom(...names.map((name) => entry(name, '', `<link href="${at.url(`/m/${name}`)}"/>`)));
  // A host of its own for each case: messages known of a host make the next ones sure.
  let at: Awaited<ReturnType<typeof feedServer>>;
  const reading = async (path: string, names: string[]) => {
    at.serve('/m/loop', { status: 302, headers: { location: '/m/loop' } });
    at.serve(path, plain(...names));
    return desk.watch(at.url(path));
  };
  beforeEach(async () => {
    at = await feedServer();
  });

  it.each<[string, Parameters<typeof server.serve>[1]]>([
    ['500', { status: 500 }],
    ['502', { status: 502 }],
    ['503', { status: 503, headers: { 'retry-after': '60' } }],
    ['429', { status: 429 }],
    ['408', { status: 408 }],
    ['403', { status: 403 }],
    ['a redirection without an end', { status: 302, headers: { location: '/m/loop' } }],
    ['a message that lacks its sender', { body: message('P1').body.replace(/<sender>.*<\/sender>/, '') }],
    ['more than may be read', { endless: `<alert xmlns="${CAP}">` }],
  ])('is asked again after %s, and so are the others of its host', async (what, answer) => {
    const names = ['P1', 'P2', 'P3'].map((name) => `${name}-${encodeURIComponent(what)}`);
    for (const name of names) at.serve(`/m/${name}`, answer);
    const path = `/plain-${encodeURIComponent(what)}`;
    const watcher = await reading(path, names);
    expect(watcher).toMatchObject({ reports: 0, fault: expect.stringContaining(`« Avis ${names[0]}`) });
    for (const name of names) at.serve(`/m/${name}`, message(name));
    expect(await desk.again(watcher)).toMatchObject({ fault: null, reports: 3 });
    const brought = await desk.brought(at.url(path));
    expect(brought.map(({ origin }) => origin.msgType)).toEqual(['Alert', 'Alert', 'Alert']);
  });

  it.each<[string, Parameters<typeof server.serve>[1]]>([
    ['404', { status: 404 }],
    ['410', { status: 410 }],
    ['a page', { body: '<html><body>Crue</body></html>' }],
  ])('is no lead after %s: its item is reported at once', async (what, answer) => {
    const name = `N1-${encodeURIComponent(what)}`;
    at.serve(`/m/${name}`, answer);
    const watcher = await reading(`/none-${encodeURIComponent(what)}`, [name]);
    expect(watcher).toMatchObject({ reports: 1, fault: null });
    at.serve(`/m/${name}`, message(name));
    await desk.again(watcher);
    expect(at.asked(`/m/${name}`)).toHaveLength(1);
  });

  it('that stands nowhere tells nothing of the others of its host', async () => {
    at.serve('/m/O2', message('O2'));
    const watcher = await reading('/others', ['O1', 'O2']);
    expect(watcher).toMatchObject({ reports: 2 });
    expect((await desk.brought(at.url('/others'))).map(({ origin }) => origin.msgType).sort()).toEqual(['Alert', null]);
  });

  it('leaves its place to the words of its item after five minutes, and keeps what is new at its host waiting no second time', async () => {
    for (const name of ['I1', 'I2']) at.serve(`/m/${name}`, { status: 503 });
    const watcher = await reading('/minutes', ['I1']);
    const failingFor = (minutes: number) =>
      desk.sql('update announced_message set failing_since = now() - make_interval(mins => $2) where watcher_id = $1', [
        watcher.id,
        minutes,
      ]);
    await failingFor(4);
    expect(await desk.again(watcher)).toMatchObject({ reports: 0 });
    await failingFor(6);
    at.serve('/minutes', plain('I2', 'I1'));
    expect(await desk.again(watcher)).toMatchObject({ reports: 2 });
  });
});

describe('worst cases', () => {
  it('a feed of 5,000 entries with a link each costs 50 messages a reading', async () => {
    const names = Array.from({ length: 5_000 }, (_, index) => `B${index}`);
    for (const name of names.slice(0, 200)) server.serve(`/m/${name}`, message(name));
    server.serve('/big', atom(...names.map((name) => entry(name))));
    const watcher = await desk.watch(server.url('/big'));
    const asked = () => names.filter((name) => server.asked(`/m/${name}`).length > 0).length;
    expect([asked(), watcher.reports]).toEqual([50, 50]);
    // The feed comes whole again, since not all of it was read.
    await desk.again(watcher);
    expect(server.asked('/big').at(-1)?.headers['if-none-match']).toBeUndefined();
    expect(asked()).toBe(100);
    expect(names.every((name) => server.asked(`/m/${name}`).length <= 1)).toBe(true);
  });

  it('dates that change at each look, and words without a date, fetch nothing anew; a later date with other words asks what changed', async () => {
    server.serve('/m/D1', message('D1'));
    const dated = (minutes: number, title: string) =>
      atom(`<entry><id>urn:x:D1</id><title>${title}</title><updated>${hoursFromNow(-1 + minutes / 60)}</updated>
        <link type="application/cap+xml" href="${server.url('/m/D1')}"/></entry>`);
    server.serve('/d', dated(0, 'Jaune'));
    const watcher = await desk.watch(server.url('/d'));
    for (const minutes of [1, 2, 3]) {
      server.serve('/d', dated(minutes, 'Jaune'));
      await desk.again(watcher);
    }
    expect(server.asked('/m/D1')).toHaveLength(1);
    server.serve('/d', dated(4, 'Rouge'));
    expect(await desk.again(watcher)).toMatchObject({ fault: null, reports: 1 });
    expect(server.asked('/m/D1').map(({ headers }) => headers['if-none-match'])).toEqual([undefined, '"D1"']);
  });

  it('a newspaper costs one page a reading, however many items are new', async () => {
    const items = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => {
        const link = server.url(`/page/${from + index}`);
        return `<item><title>Crue ${from + index}</title><link>${link}</link><pubDate>${SENT}</pubDate></item>`;
      }).join('');
    for (let page = 0; page < 40; page += 1) server.serve(`/page/${page}`, { body: '<html><body>Crue</body></html>' });
    const paper = (to: number) => ({
      body: `<rss version="2.0"><channel><title>Journal</title>${items(0, to)}</channel></rss>`,
    });
    const asked = () =>
      Array.from({ length: 40 }, (_, page) => server.asked(`/page/${page}`).length).reduce((a, b) => a + b);
    server.serve('/paper', paper(20));
    const watcher = await desk.watch(server.url('/paper'));
    expect([watcher.reports, watcher.fault, asked()]).toEqual([20, null, 1]);
    server.serve('/paper', paper(40));
    expect((await desk.again(watcher)).reports).toBe(40);
    expect(asked()).toBe(2);
  });

  it('forgets the messages of entries that left the feed, and those of a watcher that is removed', async () => {
    server.serve('/m/G1', message('G1'));
    server.serve('/m/G2', message('G2'));
    server.serve('/g', atom(entry('G1')));
    const watcher = await desk.watch(server.url('/g'));
    server.serve('/g', atom(entry('G2')));
    await desk.again(watcher);
    const kept = async () =>
      (await desk.sql('select url from announced_message where watcher_id = $1', [watcher.id])).map(({ url }) => url);
    expect(await kept()).toEqual([server.url('/m/G2')]);
    const { version } = await desk.seen(watcher.id);
    await hub
      .as('editor')
      .request('mutation ($id: ID!, $version: Int!) { removeWatcher(id: $id, version: $version) { removedId } }', {
        id: watcher.id,
        version,
      });
    expect(await kept()).toEqual([]);
  });
});

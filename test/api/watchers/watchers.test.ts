import { afterAll, describe, expect, it } from 'vitest';
import { SetClock } from '../../../src/clock.ts';
import type { Persona } from '../../../src/development/development-tokens.ts';
import { until } from '../../../src/development/embedded/processes.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { refusal } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { feedServer } from '../../support/receivers/feed-server.ts';

const { url } = await testDatabase();
const server = await feedServer();
const begin = Date.parse('2016-06-02T12:00:00+02:00');
const clock = new SetClock(new Date(begin));
const hub = await startHub({ url, clock, watchable: (address) => address === '127.0.0.1' });
afterAll(() => hub.close());
let minutes = 0;
const later = (more: number) => {
  minutes += more;
  clock.set(new Date(begin + minutes * 60_000));
};

interface Watcher {
  id: string;
  version: number;
  fault: string | null;
  lookedAt: string | null;
  reports: number;
}
const FIELDS = '{ id version name url keywords communes { code } everyMinutes active fault lookedAt reports }';
const inputOf = (path: string, more: object = {}) => ({ name: path, url: server.url(path), everyMinutes: 5, ...more });

async function add(path: string, more: object = {}, persona: Persona = 'checker'): Promise<Watcher> {
  const { addWatcher } = await hub
    .as(persona)
    .request<{ addWatcher: { watcher: Watcher } }>(
      `mutation ($input: WatcherInput!) { addWatcher(input: $input) { watcher ${FIELDS} } }`,
      { input: inputOf(path, more) },
    );
  return addWatcher.watcher;
}
async function seen(id: string): Promise<Watcher> {
  const { watchers } = await hub
    .as('editor')
    .request<{ watchers: { nodes: Watcher[] } }>(`{ watchers(first: 100) { nodes ${FIELDS} } }`);
  const found = watchers.nodes.find((one) => one.id === id);
  if (!found) throw new Error(`no watcher ${id}`);
  return found;
}
/** Waits until the server was asked so often, and the watcher shows what came of it. */
async function looked(path: string, id: string, times: number): Promise<Watcher> {
  const wanted = new Date(clock.now()).getTime();
  await until(async () => {
    const { lookedAt } = await seen(id);
    return server.asked(path).length >= times && lookedAt !== null && Date.parse(lookedAt) >= wanted;
  }, PATIENCE_MS);
  return seen(id);
}
/** How many seconds after now the hub looks at the feed again. */
const waitOf = (id: string): Promise<number> =>
  withSession(url, async (session) => {
    const { rows } = await session.query<{ due_at: Date }>('select due_at from watcher where id = $1', [id]);
    return Math.round(((rows[0]?.due_at.getTime() ?? 0) - clock.now().getTime()) / 1000);
  });
interface Report {
  text: string;
  channel: string;
  url: string | null;
  seenAt: string;
  commune: { code: string } | null;
  category: string | null;
  state: string;
  submittedBy: { name: string };
  origin: { watcher: string; feedUrl: string; feedTitle: string; reference: string; publishedAt: string } | null;
}
async function reportsOf(path: string): Promise<Report[]> {
  const { reports } = await hub.as('volunteer').request<{ reports: { nodes: Report[] } }>(
    `{ reports(first: 100) { nodes { text channel url seenAt commune { code } category state submittedBy { name }
           origin { watcher feedUrl feedTitle reference publishedAt } } } }`,
  );
  return reports.nodes.filter(({ origin }) => origin?.feedUrl === server.url(path));
}
const item = (guid: string, title: string, more = '') =>
  `<item><guid>${guid}</guid><title>${title}</title><link>/${guid}</link><pubDate>Thu, 02 Jun 2016 09:30:00 +0200</pubDate>${more}</item>`;
const rss = (...items: string[]) => ({
  body: `<rss version="2.0"><channel><title>Le Journal</title>${items.join('')}</channel></rss>`,
});
const cap = (identifier: string, more: { status?: string; expires?: string; polygon?: string } = {}) => ({
  body: `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>${identifier}</identifier>
    <sender>vigilance@meteo.example</sender><sent>2016-06-01T16:00:00+02:00</sent><status>${more.status ?? 'Actual'}</status>
    <msgType>Alert</msgType><scope>Public</scope><info><language>fr-FR</language><category>Met</category><event>Vigilance crues</event>
    <urgency>Immediate</urgency><severity>Severe</severity><certainty>Observed</certainty>
    <expires>${more.expires ?? '2016-06-03T16:00:00+02:00'}</expires><headline>Crue de l’Yvette</headline>
    <description>Débordements.</description><area><areaDesc>Yvette</areaDesc>
    <polygon>${more.polygon ?? '48.690,2.290 48.691,2.290 48.691,2.291 48.690,2.290'}</polygon></area></info></alert>`,
});

describe('a watcher', () => {
  it('turns what is wanted of a feed into reports that volunteers triage, once each, and says where they come from', async () => {
    server.serve(
      '/a',
      rss(item('1', 'Inondations à Longjumeau : appelez le 06 12 34 56 78'), item('2', 'Foire au gras à Longjumeau')),
    );
    const watcher = await add('/a', { keywords: ['inondation'], communes: ['91345'] });
    expect(await looked('/a', watcher.id, 1)).toMatchObject({ fault: null, reports: 1 });
    expect(await reportsOf('/a')).toEqual([
      {
        text: 'Inondations à Longjumeau : appelez le [téléphone 1]',
        channel: 'FEED',
        url: server.url('/1'),
        seenAt: '2016-06-02T09:30:00+02:00',
        commune: { code: '91345' },
        category: null,
        state: 'NEW',
        submittedBy: { name: 'Veille' },
        origin: {
          watcher: '/a',
          feedUrl: server.url('/a'),
          feedTitle: 'Le Journal',
          reference: '1',
          publishedAt: '2016-06-02T09:30:00+02:00',
        },
      },
    ]);
    server.serve('/a', rss(item('3', 'Inondation : Longjumeau évacue'), item('1', 'Inondations à Longjumeau, suite')));
    later(5);
    expect(await looked('/a', watcher.id, 2)).toMatchObject({ fault: null, reports: 2 });
    expect((await reportsOf('/a')).map(({ origin }) => origin?.reference).sort()).toEqual(['1', '3']);
  });

  it('asks only for what changed', async () => {
    server.serve('/b', {
      ...rss(item('b1', 'Crue')),
      headers: { etag: '"v1"', 'last-modified': 'Thu, 02 Jun 2016 07:00:00 GMT' },
    });
    const watcher = await add('/b');
    await looked('/b', watcher.id, 1);
    later(5);
    expect(await looked('/b', watcher.id, 2)).toMatchObject({ fault: null, reports: 1 });
    expect(server.asked('/b').map(({ headers }) => [headers['if-none-match'], headers['if-modified-since']])).toEqual([
      [undefined, undefined],
      ['"v1"', 'Thu, 02 Jun 2016 07:00:00 GMT'],
    ]);
  });

  it.each<[number, string | undefined, number]>([
    [503, '1800', 1_800],
    [429, '7200', 7_200],
    [500, '3600', 3_600],
    [404, '43200', 43_200],
    [503, '86400', 86_400],
    [503, '9999999', 86_400],
    [503, '10', 300],
    [503, 'soon', 300],
    [503, '-5', 300],
    [503, undefined, 300],
  ])('whose server answers %s with Retry-After: %s is asked again after %s s', async (status, header, expected) => {
    const path = `/busy-${status}-${header}`;
    server.serve(path, { status, headers: header ? { 'retry-after': header } : {} });
    const { id } = await add(path);
    expect(await looked(path, id, 1)).toMatchObject({ fault: `le serveur répond ${status}` });
    expect(await waitOf(id)).toBe(expected);
  });

  it('whose server names a date in Retry-After is asked again then', async () => {
    const at = new Date(clock.now().getTime() + 2 * 3600_000);
    server.serve('/busy-date', { status: 503, headers: { 'retry-after': at.toUTCString() } });
    const { id } = await add('/busy-date');
    await looked('/busy-date', id, 1);
    // The feed was looked at some time after the date was made.
    expect(await waitOf(id)).toBeGreaterThan(7_200 - PATIENCE_MS / 1_000);
    expect(await waitOf(id)).toBeLessThanOrEqual(7_200);
  });

  it('reports one CAP message once, whichever feed it comes by, with its commune and what it is', async () => {
    server.serve('/cap1', cap('C1'));
    server.serve('/cap2', cap('C1'));
    await looked('/cap1', (await add('/cap1', { communes: ['91345'] })).id, 1);
    expect(await looked('/cap2', (await add('/cap2')).id, 1)).toMatchObject({ fault: null, reports: 0 });
    expect(await reportsOf('/cap1')).toMatchObject([
      {
        text: 'Crue de l’Yvette\n\nDébordements.',
        category: 'Vigilance crues',
        commune: { code: '91345' },
        origin: { reference: 'vigilance@meteo.example,C1,2016-06-01T16:00:00+02:00' },
      },
    ]);
  });

  it('reports it once, too, when several feeds bring it at the same moment', async () => {
    const paths = ['/m1', '/m2', '/m3', '/m4'];
    for (const path of paths) server.serve(path, cap('C2'));
    const added = await Promise.all(paths.map((path) => add(path)));
    const ends = await Promise.all(added.map(({ id }, index) => looked(paths[index] ?? '', id, 1)));
    expect(ends.map(({ fault }) => fault)).toEqual([null, null, null, null]);
    expect(ends.reduce((sum, { reports }) => sum + reports, 0)).toBe(1);
    expect((await Promise.all(paths.map(reportsOf))).flat()).toHaveLength(1);
  });

  it.each([
    ['an exercise', cap('E1', { status: 'Exercise' })],
    ['a test', cap('E2', { status: 'Test' })],
    ['what has expired', cap('E3', { expires: '2016-06-02T10:00:00+02:00' })],
    ['what is elsewhere', cap('E4', { polygon: '45.1,5.1 45.2,5.1 45.2,5.2 45.1,5.1' })],
    [
      'what is days old',
      rss('<item><guid>E5</guid><title>Longjumeau</title><pubDate>Sat, 28 May 2016 09:30:00 +0200</pubDate></item>'),
    ],
  ])('does not report %s', async (what, answer) => {
    const path = `/${encodeURIComponent(what)}`;
    server.serve(path, answer);
    expect(await looked(path, (await add(path, { communes: ['91345'] })).id, 1)).toMatchObject({
      fault: null,
      reports: 0,
    });
  });

  it.each([
    ['is gone', { status: 410 }, 'le serveur répond 410'],
    ['expands entities', { body: '<!DOCTYPE r [<!ENTITY a "aaaa">]><rss>&a;</rss>' }, 'DOCTYPE'],
    [
      'leads to another network',
      { status: 302, headers: { location: 'http://127.0.0.2:8080/' } },
      '127.0.0.2 n’est pas public',
    ],
  ])('says in French why it cannot read a feed that %s, and goes on', async (what, answer, fault) => {
    const path = `/${encodeURIComponent(what)}`;
    server.serve(path, answer);
    const { id } = await add(path);
    expect((await looked(path, id, 1)).fault).toContain(fault);
    server.serve(path, rss(item(what.replaceAll(' ', '-'), 'Crue')));
    later(5);
    expect(await looked(path, id, 2)).toMatchObject({ fault: null, reports: 1 });
  });

  const undated = (guid: string, date = '') =>
    `<item><guid>${guid}</guid><title>Crue ${guid}</title>${date && `<pubDate>${date}</pubDate>`}</item>`;

  it('remembers what has no readable date when it reads a feed first; later it is news, also after a fault', async () => {
    server.serve('/u', { status: 503 });
    const { id, version } = await add('/u');
    await looked('/u', id, 1);
    server.serve('/u', rss(undated('u1'), undated('u2', 'hier'), undated('u3', '02/06/2016 09:00')));
    later(5);
    expect(await looked('/u', id, 2)).toMatchObject({ fault: 'date illisible : « hier »', reports: 1 });
    server.serve('/u', rss(undated('u4'), undated('u1'), undated('u2', 'hier')));
    later(5);
    expect(await looked('/u', id, 3)).toMatchObject({ reports: 2 });
    expect((await reportsOf('/u')).map(({ origin }) => origin?.reference).sort()).toEqual(['u3', 'u4']);
    // Another address is another feed, and read for the first time.
    server.serve('/v', rss(undated('v1')));
    const input = inputOf('/v');
    await hub
      .as('editor')
      .request(
        `mutation ($id: ID!, $version: Int!, $input: WatcherInput!) { reviseWatcher(id: $id, version: $version, input: $input) { watcher { version } } }`,
        { id, version, input },
      );
    expect(await looked('/v', id, 1)).toMatchObject({ fault: null, reports: 2 });
  });

  it.each([
    'unknown',
    'jusqu’à nouvel ordre',
    '2016-13-45T10:00:00+02:00',
    '30/02/2016',
    '0001-01-01T00:00:00Z',
    '-',
    'null',
    '2016-06-03T25:00:00+02:00',
  ])('reports a warning whose end is “%s” as if it had none, and says so', async (expires) => {
    const path = `/end-${encodeURIComponent(expires)}`;
    server.serve(path, { ...cap(`END ${expires}`, { expires }), headers: { etag: '"end"' } });
    const { id } = await add(path);
    const told = { fault: `expires illisible : « ${expires} »`, reports: 1 };
    expect(await looked(path, id, 1)).toMatchObject(told);
    // A feed that did not change has its fault still.
    later(5);
    expect(await looked(path, id, 2)).toMatchObject(told);
  });

  it('is changed by whoever saw its last version, and reads anew what it wanted not before', async () => {
    server.serve('/c', { ...rss(item('c1', 'Route coupée à Igny')), headers: { etag: '"c"' } });
    const { id, version } = await add('/c', { keywords: ['neige'] });
    expect(await looked('/c', id, 1)).toMatchObject({ reports: 0 });
    const change = (input: object) =>
      hub
        .as('editor')
        .request(
          `mutation ($id: ID!, $version: Int!, $input: WatcherInput!) { reviseWatcher(id: $id, version: $version, input: $input) { watcher { version } } }`,
          { id, version, input },
        );
    expect(await change(inputOf('/c', { keywords: ['rout*'] }))).toEqual({
      reviseWatcher: { watcher: { version: 2 } },
    });
    await until(async () => (await seen(id)).reports === 1, PATIENCE_MS);
    expect(await refusal(change(inputOf('/c')))).toMatchObject({ code: 'CONFLICT', currentVersion: 2 });
  });

  it('is asked no more once it is removed, and its reports stay', async () => {
    server.serve('/d', rss(item('d1', 'Crue')));
    const { id } = await add('/d');
    const { version } = await looked('/d', id, 1);
    const remove = `mutation ($id: ID!, $version: Int!) { removeWatcher(id: $id, version: $version) { removedId } }`;
    expect(await hub.as('checker').request(remove, { id, version })).toEqual({ removeWatcher: { removedId: id } });
    expect(await reportsOf('/d')).toMatchObject([{ origin: { watcher: null, feedUrl: server.url('/d') } }]);
    expect((await refusal(hub.as('checker').request(remove, { id, version }))).code).toBe('NOT_FOUND');
  });

  it('is for staff alone', async () => {
    for (const [persona, code] of [
      [undefined, 'UNAUTHENTICATED'],
      ['volunteer', 'FORBIDDEN'],
      ['scheduler', 'FORBIDDEN'],
      ['admin', 'FORBIDDEN'],
    ] as const) {
      expect((await refusal(hub.as(persona).request('{ watchers { nodes { url } } }'))).code).toBe(code);
      if (persona) expect((await refusal(add('/e', {}, persona))).code).toBe(code);
    }
  });

  it('is refused with every faulty field named', async () => {
    const wrong = { url: 'ftp://x', communes: ['75056'], everyMinutes: 0, keywords: ['…'] };
    const { code, fields } = await refusal(add('/f', wrong));
    expect(code).toBe('INVALID_INPUT');
    expect((fields as { path: string }[]).map(({ path }) => path)).toEqual([
      'input.url',
      'input.keywords.0',
      'input.everyMinutes',
    ]);
    expect(await refusal(add('/f', { communes: ['75056'] }))).toMatchObject({ fields: [{ path: 'input.communes.0' }] });
    expect((await refusal(add('/f', { url: 'https://me:secret@a.example/' }))).code).toBe('INVALID_INPUT');
  });
});

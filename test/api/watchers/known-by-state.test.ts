import { createHash } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { parisTime } from '../../../src/clock.ts';
import { capKey } from '../../../src/watchers/references.rules.ts';
import { testDatabase } from '../../support/database/database.ts';
import { hoursFromNow, refusal, release } from '../../support/desk/desk.ts';
import { adoptMessage, confirmReport } from '../../support/desk/relaying.ts';
import { watchDesk } from '../../support/desk/watch-desk.ts';
import { startHub } from '../../support/hub/hub.ts';
import { feedServer } from '../../support/receivers/feed-server.ts';

const { url: databaseUrl } = await testDatabase();
const [here, there] = [await feedServer(), await feedServer()];
const hub = await startHub({ url: databaseUrl, watchable: (address) => address === '127.0.0.1' });
afterAll(() => hub.close());
const desk = watchDesk({ hub, databaseUrl });
for (const { serve } of [here, there])
  for (const page of ['/', '/p1', '/p2', '/p3']) serve(page, { body: '<html><body>Accueil</body></html>' });

/** A date of the feeds here, so many minutes after the first. */
const begin = Date.now() - 6 * 3600_000;
const at = (minutes: number) => parisTime(new Date(begin + minutes * 60_000));
interface Item {
  guid?: string;
  link?: string;
  /** Minutes after the first date of the feeds here. */
  date?: number;
}
const item = (title: string, { guid, link, date }: Item) =>
  `<item>${guid ? `<guid isPermaLink="false">${guid}</guid>` : ''}${link ? `<link>${link}</link>` : ''}<title>${title}</title>${
    date === undefined ? '' : `<pubDate>${at(date)}</pubDate>`
  }</item>`;
const rss = (...items: string[]) => ({
  body: `<rss version="2.0"><channel><title>Fil</title>${items.join('')}</channel></rss>`,
});

const CHANGED = 'Nouvel état d’un élément déjà signalé';
let feeds = 0;

/** Has a feed watched that says these items one after another, and answers the texts that each reading brought. */
async function readings(steps: readonly string[][], wanted: object = {}): Promise<string[][]> {
  feeds += 1;
  const path = `/rss-${feeds}`;
  const brought: string[][] = [];
  let id = '';
  let count = 0;
  for (const items of steps) {
    here.serve(path, rss(...items));
    const watched = id === '' ? await desk.watch(here.url(path), wanted) : await desk.look({ id });
    expect(watched.fault).toBeNull();
    id = watched.id;
    const texts = (await desk.brought(here.url(path))).map(({ text }) => text);
    brought.push(texts.slice(count));
    count = texts.length;
  }
  return brought;
}

describe('an item that is known', () => {
  it('whose words change at a later date is news that leads to the first report', async () => {
    here.serve('/state', rss(item('Vigilance jaune', { guid: 'v', date: 0 })));
    const watcher = await desk.watch(here.url('/state'));
    for (const [title, date] of [
      ['Vigilance orange', 10],
      ['Vigilance rouge', 20],
    ] as const) {
      here.serve('/state', rss(item(title, { guid: 'v', date })));
      await desk.look(watcher);
    }
    const [first, second, third] = await desk.brought(here.url('/state'));
    expect(first?.origin.firstReportId).toBeNull();
    expect(second).toMatchObject({
      text: `${CHANGED}\n\nVigilance orange`,
      origin: { firstReportId: first?.id, reference: 'v' },
    });
    expect(third).toMatchObject({ text: `${CHANGED}\n\nVigilance rouge`, origin: { firstReportId: first?.id } });
  });

  const A = 'Vigilance jaune';
  const B = 'Vigilance rouge';
  const on = (title: string, date?: number) => [item(title, { guid: 'g', ...(date === undefined ? {} : { date }) })];
  it.each<[string, string[][], string[][]]>([
    ['a later date with the same words', [on(A, 0), on(A, 10), on(A, 20)], [[A], [], []]],
    ['a later date with other blanks and case', [on(A, 0), on('VIGILANCE  jaune ', 10)], [[A], []]],
    ['other words at the same date', [on(A, 0), on(B, 0)], [[A], []]],
    ['other words at an earlier date', [on(A, 10), on(B, 0)], [[A], []]],
    ['other words that lose their date', [on(A, 10), on(B)], [[A], []]],
    ['an old answer that comes once more', [on(A, 0), on(B, 10), on(A, 0), on(B, 10)], [[A], [B], [], []]],
    ['a state that comes back at a later date', [on(A, 0), on(B, 10), on(A, 20)], [[A], [B], [A]]],
    ['a date after the reading that stays', [on(A, 9_000), on(B, 9_000)], [[A], []]],
    ['a date after the reading, then one before it', [on(A, 9_000), on(B, 10)], [[A], []]],
    ['a date after the reading, then a nearer one', [on(A, 9_000), on(B, 5_000)], [[A], [B]]],
    ['words that change when the date has gone on before', [on(A, 0), on(A, 10), on(B, 20)], [[A], [], [B]]],
    ['its absence, and its return with other words', [on(A, 0), [], on(A, 5), on(B, 10)], [[A], [], [], [B]]],
  ])('and %s', async (_what, steps, expected) => {
    const brought = await readings(steps);
    expect(brought.map((texts) => texts.map((text) => text.replace(`${CHANGED}\n\n`, '')))).toEqual(expected);
  });

  it('and has no date, then other words, is no news: not for one item, nor for all of a feed', async () => {
    const all = (word: string) => ['u1', 'u2', 'u3'].map((guid) => item(`${word} ${guid}`, { guid }));
    const dated = item('Daté', { guid: 'd', date: 0 });
    // The first reading passes over what has no date; what comes later without one is news.
    expect(
      await readings([[dated], [dated, ...all('Crue')], [dated, ...all('Vu 3 fois')], [dated, ...all('Vu 4 fois')]]),
    ).toEqual([['Daté'], ['Crue u1', 'Crue u2', 'Crue u3'], [], []]);
  });

  it('that was passed over since it had no date is news once it has one and other words', async () => {
    const bare = item('Vigilance jaune', { guid: 'p' });
    expect(
      await readings([
        [bare],
        [item('Vigilance orange', { guid: 'p' })],
        [item('Vigilance jaune', { guid: 'p', date: 5 })],
        [item('Vigilance rouge', { guid: 'p', date: 10 })],
      ]),
    ).toEqual([[], [], [], ['Vigilance rouge']]);
  });

  it('that leaves what its watcher wants is told once, and again when it comes back', async () => {
    const brought = await readings(
      [
        on('Inondation à Longjumeau', 0),
        on('Retour à la normale', 10),
        on('Marché de Noël', 20),
        on('Inondation encore', 30),
      ],
      { keywords: ['inondation'] },
    );
    expect(brought).toEqual([
      ['Inondation à Longjumeau'],
      [`${CHANGED}\n\nRetour à la normale`],
      [],
      [`${CHANGED}\n\nInondation encore`],
    ]);
  });

  it('and was never wanted is news when it says what is wanted', async () => {
    expect(await readings([on('Marché', 0), on('Inondation', 0)], { keywords: ['inondation'] })).toEqual([
      [],
      ['Inondation'],
    ]);
  });
});

describe('a name that stands twice in a feed', () => {
  const twice = (name: Item) => (title: string, date?: number) =>
    item(title, { ...name, ...(date === undefined ? {} : { date }) });

  it.each<[string, Item]>([
    ['a guid', { guid: 'same' }],
    ['a link', { link: here.url('/p1') }],
    ['a guid that is an address', { guid: here.url('/p2') }],
    ['a guid that is a tag', { guid: 'tag:same.example,2026:1' }],
  ])('identifies nothing: %s', async (_what, name) => {
    const of = twice(name);
    const [one, two, three] = [of('Crue à Igny', 0), of('Crue à Longjumeau', 5), of('Crue à Massy', 3)];
    expect(await readings([[one, two], [two, one], [two], [one], [one, two, three], [three], [one, two]])).toEqual([
      ['Crue à Igny', 'Crue à Longjumeau'],
      [],
      [],
      [],
      ['Crue à Massy'],
      [],
      [],
    ]);
  });

  it('takes the words of every item, with one date for all and without any', async () => {
    const of = twice({ link: here.url('/') });
    expect(await readings([[of('Un', 0), of('Deux', 0), of('Un', 0)]])).toEqual([['Un', 'Deux']]);
    expect(
      await readings([
        [of('Trois'), of('Quatre')],
        [of('Cinq'), of('Trois'), of('Quatre')],
        [of('Six')],
        [of('Trois')],
      ]),
    ).toEqual([[], ['Cinq'], ['Six'], []]);
    const once = twice({ guid: 'once' });
    expect(await readings([[once('Sept')], [once('Huit'), once('Sept')]])).toEqual([[], ['Huit']]);
  });

  it('though it stood there once before: what was reported is not reported again', async () => {
    const of = twice({ guid: 'later' });
    expect(await readings([[of('Un', 0)], [of('Deux', 0), of('Un', 0)], [of('Deux', 0)], [of('Trois', 0)]])).toEqual([
      ['Un'],
      ['Deux'],
      [],
      ['Trois'],
    ]);
  });
});

describe('a name that another host gives too', () => {
  it.each([[here.url('/p3')], ['urn:uuid:6a1b'], ['tag:elsewhere.example,2026:crue'], ['1']])(
    'silences nothing there: %s',
    async (guid) => {
      const path = `/host-${encodeURIComponent(guid)}`;
      for (const { serve } of [here, there]) serve(path, rss(item('Crue à Igny', { guid, date: 0 })));
      expect([await desk.watch(here.url(path)), await desk.watch(there.url(path))]).toMatchObject([
        { reports: 1 },
        { reports: 1 },
      ]);
    },
  );

  it('is one thing in two feeds of one host, and two where it means something in its feed alone', async () => {
    for (const path of ['/a', '/b']) {
      here.serve(path, rss(item('Une', { guid: 'urn:x:1', date: 0 }), item('Deux', { guid: '2', date: 0 })));
    }
    expect([await desk.watch(here.url('/a')), await desk.watch(here.url('/b'))]).toMatchObject([
      { reports: 2 },
      { reports: 1 },
    ]);
  });
});

describe('a feed that was known before states were', () => {
  const former = (guid: string, path: string) =>
    createHash('sha256')
      .update(`${here.url(path)}\n${guid}`)
      .digest('hex');

  it('brings nothing anew, and later what changes in it', async () => {
    const known = (word: string, date: number) => [
      item(`${word} f1`, { guid: 'f1', date }),
      item(`${word} f2`, { guid: 'f2', date }),
    ];
    const bare = (word: string) => item(word, { guid: 'f3' });
    here.serve('/former', rss(...known('Jaune', 0), bare('Sans date')));
    const watcher = await desk.watch(here.url('/former'));
    expect(watcher.reports).toBe(2);
    for (const guid of ['f1', 'f2'])
      await desk.sql(
        'update feed_origin set key = $1, thing = null, words = null where feed_url = $2 and reference = $3',
        [former(guid, '/former'), here.url('/former'), guid],
      );
    await desk.sql('update first_reading set undated = $1 where watcher_id = $2', [
      [former('f3', '/former')],
      watcher.id,
    ]);
    const reports = async () => (await desk.look(watcher)).reports;
    // A feed that sets its dates at each reading, before and after its words are learnt.
    for (const date of [10, 20]) {
      here.serve('/former', rss(...known('Jaune', date), bare('Sans date')));
      expect(await reports()).toBe(2);
    }
    here.serve('/former', rss(...known('Rouge', 30), bare('Sans date, autres mots')));
    expect(await reports()).toBe(4);
    expect(await reports()).toBe(4);
    const brought = await desk.brought(here.url('/former'));
    expect(
      brought
        .slice(2)
        .map(({ origin }) => origin.firstReportId)
        .sort(),
    ).toEqual(
      brought
        .slice(0, 2)
        .map(({ id }) => id)
        .sort(),
    );
  });

  it('whose names stood twice brings what was silenced, and what was reported not again', async () => {
    const [one, two] = [item('Un', { guid: 'twice', date: 0 }), item('Deux', { guid: 'twice', date: 5 })];
    here.serve('/former-twice', rss(one));
    const watcher = await desk.watch(here.url('/former-twice'));
    await desk.sql('update feed_origin set key = $1, thing = null, words = null where feed_url = $2', [
      former('twice', '/former-twice'),
      here.url('/former-twice'),
    ]);
    here.serve('/former-twice', rss(two, one));
    await desk.look(watcher);
    await desk.look(watcher);
    expect((await desk.brought(here.url('/former-twice'))).map(({ text }) => text)).toEqual(['Un', 'Deux']);
  });
});

const SENDER = 'vigilance@meteo.example';
const cap = (identifier: string, headline: string, more: { msgType?: string; references?: string } = {}) => ({
  body: `<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>${identifier}</identifier><sender>${SENDER}</sender>
    <sent>${at(0)}</sent><status>Actual</status><msgType>${more.msgType ?? 'Alert'}</msgType><scope>Public</scope>
    ${more.references ? `<references>${more.references}</references>` : ''}
    <info><language>fr-FR</language><category>Met</category><event>Crue</event><urgency>Expected</urgency>
    <severity>Severe</severity><certainty>Likely</certainty><expires>${hoursFromNow(9)}</expires><senderName>Météo</senderName>
    <headline>${headline}</headline><description>Débordements.</description><area><areaDesc>Yvette</areaDesc>
    <polygon>48.690,2.290 48.691,2.290 48.691,2.291 48.690,2.290</polygon></area></info></alert>`,
});
const triplet = (identifier: string) => `${SENDER},${identifier},${at(0)}`;
const TRUST = { trustedSenders: [SENDER] };

/** The last report that a feed brought. */
async function reportOf(url: string) {
  const report = (await desk.brought(url)).at(-1);
  if (!report) throw new Error(`${url} brought nothing`);
  return report;
}
const linksOf = async (id: string) =>
  (
    await hub
      .as('editor')
      .request<{ report: { origin: { replacesReportId: string; replacedByReportId: string } } }>(
        'query ($id: ID!) { report(id: $id) { origin { replacesReportId replacedByReportId } } }',
        { id },
      )
  ).report.origin;

const revise = (id: string, version: number, input: { url: string; trustedSenders?: string[] }) =>
  hub
    .as('editor')
    .request(
      'mutation ($id: ID!, $version: Int!, $input: WatcherInput!) { reviseWatcher(id: $id, version: $version, input: $input) { watcher { id } } }',
      { id, version, input: { name: input.url, everyMinutes: 5, ...input } },
    );

describe('a CAP message that somebody forged', () => {
  it('is replaced by what a trusted watcher brings: the report says so, and the dossier has the genuine words', async () => {
    there.serve('/t1', cap('T1', 'Tout va bien'));
    here.serve('/t1', cap('T1', 'Crue de l’Yvette'));
    await desk.watch(there.url('/t1'));
    const forged = await reportOf(there.url('/t1'));
    const watcher = await desk.watch(here.url('/t1'), TRUST);
    const genuine = await reportOf(here.url('/t1'));
    expect(genuine.text).toBe(
      'Remplace un message reçu d’une source qui n’est pas de confiance\n\nCrue de l’Yvette\n\nDébordements.',
    );
    expect([await linksOf(forged.id), await linksOf(genuine.id)]).toEqual([
      { replacesReportId: null, replacedByReportId: genuine.id },
      { replacesReportId: forged.id, replacedByReportId: null },
    ]);
    expect((await refusal(adoptMessage(hub, forged.id))).code).toBe('FORBIDDEN');
    const adopted = await adoptMessage(hub, genuine.id);
    await confirmReport(hub, genuine.id);
    const { id } = await release(hub, adopted);
    const { publication } = await hub
      .as()
      .request<{ publication: object }>('query ($id: ID!) { publication(id: $id) { text { headline } } }', { id });
    expect(publication).toEqual({ text: { headline: 'Crue de l’Yvette' } });
    // Neither feed brings it again, nor does a third host that copies or forges it now.
    there.serve('/t1', cap('T1', 'Autre faux'));
    there.serve('/t1-copy', cap('T1', 'Crue de l’Yvette'));
    await desk.watch(there.url('/t1-copy'));
    await desk.look(watcher);
    expect(await desk.brought(there.url('/t1-copy'))).toEqual([]);
    expect((await desk.brought(here.url('/t1'))).length).toBe(1);
  });

  it('is replaced even where the trusted watcher wants nothing that the genuine one says', async () => {
    there.serve('/t2', cap('T2', 'Crue à Longjumeau'));
    here.serve('/t2', cap('T2', 'Fausse alerte'));
    await desk.watch(there.url('/t2'));
    expect(await desk.watch(here.url('/t2'), { ...TRUST, keywords: ['verglas'] })).toMatchObject({ reports: 1 });
  });

  it('after the genuine one came is no news, whatever it says', async () => {
    here.serve('/t11', cap('T11', 'Crue'));
    there.serve('/t11', cap('T11', 'Tout va bien'));
    await desk.watch(here.url('/t11'), TRUST);
    expect(await desk.watch(there.url('/t11'))).toMatchObject({ fault: null, reports: 0 });
  });

  it('does not silence what another host says under its name, and a mere copy is told once', async () => {
    here.serve('/t3', cap('T3', 'Crue'));
    there.serve('/t3', cap('T3', 'Crue'));
    there.serve('/t3-other', cap('T3', 'Tout va bien'));
    await desk.watch(here.url('/t3'));
    expect(await desk.watch(there.url('/t3'))).toMatchObject({ reports: 0 });
    expect(await desk.watch(there.url('/t3-other'))).toMatchObject({ reports: 1 });
    const first = await reportOf(here.url('/t3'));
    // The same host may mend its copy.
    there.serve('/t3-third', cap('T3', 'Presque bien'));
    expect(await desk.watch(there.url('/t3-third'))).toMatchObject({ reports: 0 });
    expect(await reportOf(there.url('/t3-other'))).toMatchObject({
      text: expect.stringContaining('Autre texte sous les références d’un message déjà reçu'),
      origin: { firstReportId: first.id },
    });
  });

  it('whose host stands in trust later is the message itself, and is reported once', async () => {
    here.serve('/t4', cap('T4', 'Crue'));
    const { id, version } = await desk.watch(here.url('/t4'));
    await hub
      .as('editor')
      .request(
        'mutation ($id: ID!, $version: Int!, $input: WatcherInput!) { reviseWatcher(id: $id, version: $version, input: $input) { watcher { id } } }',
        { id, version, input: { name: 't4', url: here.url('/t4'), everyMinutes: 5, ...TRUST } },
      );
    expect(await desk.look({ id })).toMatchObject({ reports: 1 });
    expect(await adoptMessage(hub, (await reportOf(here.url('/t4'))).id)).toMatchObject({ stage: 'DRAFT' });
  });

  it('and whose watcher was removed is adopted while another trusts the sender, once', async () => {
    here.serve('/t5', cap('T5', 'Crue'));
    const { id, version } = await desk.watch(here.url('/t5'), TRUST);
    await hub
      .as('editor')
      .request('mutation ($id: ID!, $version: Int!) { removeWatcher(id: $id, version: $version) { removedId } }', {
        id,
        version,
      });
    const again = await desk.watch(here.url('/t5'), TRUST);
    expect(again.reports).toBe(0);
    const { id: report } = await reportOf(here.url('/t5'));
    expect(await adoptMessage(hub, report)).toMatchObject({ stage: 'DRAFT' });
    expect((await refusal(adoptMessage(hub, report))).code).toBe('CONFLICT');
  });

  it('and that was adopted is not adopted again from a copy in the same words that replaces it', async () => {
    here.serve('/t10', cap('T10', 'Crue'));
    there.serve('/t10', cap('T10', 'Crue'));
    const { id, version } = await desk.watch(here.url('/t10'), TRUST);
    await adoptMessage(hub, (await reportOf(here.url('/t10'))).id);
    await revise(id, version, { url: here.url('/t10') });
    expect(await desk.watch(there.url('/t10'), TRUST)).toMatchObject({ reports: 1 });
    expect((await refusal(adoptMessage(hub, (await reportOf(there.url('/t10'))).id))).code).toBe('CONFLICT');
  });

  it('leads no Cancel to the dossier of another message', async () => {
    here.serve('/t6', cap('T6', 'Crue'));
    await desk.watch(here.url('/t6'), TRUST);
    await adoptMessage(hub, (await reportOf(here.url('/t6'))).id);
    // A forged message says that it updates that one; a genuine Cancel of its name does not mean it.
    there.serve('/t7', cap('T7', 'Faux', { msgType: 'Update', references: triplet('T6') }));
    await desk.watch(there.url('/t7'));
    here.serve('/t8', cap('T8', 'Fin', { msgType: 'Cancel', references: triplet('T7') }));
    await desk.watch(here.url('/t8'), TRUST);
    expect((await refusal(adoptMessage(hub, (await reportOf(here.url('/t8'))).id))).code).toBe('INVALID_INPUT');
  });

  it('stands twice under one name in a feed: both are told', async () => {
    const both = ['Crue à Igny', 'Crue à Massy'].map(
      (headline) => `<item><title>x</title>${cap('T9', headline).body}</item>`,
    );
    here.serve('/t9', rss(...both));
    const watcher = await desk.watch(here.url('/t9'), TRUST);
    expect(watcher.reports).toBe(2);
    here.serve('/t9', rss(...both.toReversed()));
    expect((await desk.look(watcher)).reports).toBe(2);
  });
});

it('a report that somebody else made at the same moment costs no feed its news: it comes whole at the next look', async () => {
  here.serve('/other', rss(item('Autre', { guid: 'o', date: 0 })));
  await desk.watch(here.url('/other'));
  // The key that the next report would have, under another name, as if it had been written a moment ago.
  const key = capKey({ sender: SENDER, identifier: 'M1', sent: at(0) });
  const [{ before }] = await desk.sql('select key as before from feed_origin where feed_url = $1', [
    here.url('/other'),
  ]);
  await desk.sql('update feed_origin set key = $1 where key = $2', [key, before]);
  here.serve('/m1', { ...cap('M1', 'Crue'), headers: { etag: '"m1"' } });
  const watcher = await desk.watch(here.url('/m1'));
  expect(watcher.reports).toBe(0);
  await desk.sql('update feed_origin set key = $2 where key = $1', [key, before]);
  expect((await desk.look(watcher)).reports).toBe(1);
});

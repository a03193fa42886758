import type { SerializedEntries, StorageAdapter } from '@urql/exchange-graphcache';
import { afterAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { HubCache } from '../../../src/client/apollo.ts';
import { hubCacheExchange, hubOfflineExchange } from '../../../src/client/graphcache.ts';
import { encodeCursor } from '../../../src/journal/cursor.rules.ts';
import { testDatabase } from '../../support/database/database.ts';
import { adviceInput, alertInput, publishNew, release, revise, type Written } from '../../support/desk/desk.ts';
import { apolloClient, type CachingClient, graphcacheClient } from '../../support/following/caching-clients.ts';
import { startHub } from '../../support/hub/hub.ts';

/** What tocsin/client/apollo and tocsin/client/graphcache promise, with the libraries themselves and a real hub. */
const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

const words = (headline: string, instruction = 'Éloignez-vous des berges.') => ({
  texts: [{ language: 'fr-FR', headline, description: 'Voir la carte.', instruction }],
});
const advice = await publishNew(hub, 'Advice', adviceInput());
let alert = await publishNew(hub, 'Alert', alertInput({ ...words('Crue 1'), adviceIds: [advice.id] }));
for (const n of [2, 3, 4, 5]) await publishNew(hub, 'Alert', alertInput(words(`Crue ${n}`)));

/** The network of an app: it counts, and can be told to answer what it answered before. */
const network = {
  requests: 0,
  down: false,
  replayed: undefined as string | undefined,
  async fetch(...[input, init]: Parameters<typeof fetch>): Promise<Response> {
    network.requests += 1;
    if (network.down) throw new TypeError('Failed to fetch');
    if (network.replayed === undefined) return fetch(input, init);
    return new Response(network.replayed, { headers: { 'content-type': 'application/json' } });
  },
};
/** The answer of the hub as it stands now, as it stands on the wire. */
async function onTheWire(query: string, variables: object = {}): Promise<string> {
  const data = await hub.as().request<object>(query, variables);
  return JSON.stringify({ data });
}

const CLIENTS: [string, () => CachingClient][] = [
  ['Apollo Client', () => apolloClient({ url: `${hub.url}/graphql`, fetch: network.fetch }, new HubCache())],
  ['graphcache', () => graphcacheClient({ url: `${hub.url}/graphql`, fetch: network.fetch }, hubCacheExchange())],
];

const warnings = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
const errors = vi.spyOn(console, 'error').mockImplementation(() => undefined);
beforeEach(() => {
  network.requests = 0;
  network.down = false;
  network.replayed = undefined;
  warnings.mockClear();
  errors.mockClear();
});

const PLACE = '(place: { commune: "91345" })';
const LIST = `{ __typename situation${PLACE} { __typename asOf position stale alerts { __typename id thread position state severity
  text { __typename headline language } source { __typename name } areas { __typename id description } } } }`;
const DETAIL = `{ __typename situation${PLACE} { __typename asOf position alerts { __typename id position endsAt verifiedAt
  text { __typename headline description instruction } source { __typename name url relayed }
  history { __typename id number publishedAt text { __typename headline } }
  areas { __typename id communes { __typename id name } } translations { __typename language headline }
  hazard { __typename code label { __typename text } } advice { __typename id dos } } } }`;
const BADGE = `{ __typename situation${PLACE} { __typename position alerts { __typename id position vigilance text { __typename headline }
  history { __typename id number } translations { __typename language } hazard { __typename label { __typename language text } } } } }`;
const PAGE = `query ($after: PageCursor) { __typename publications(first: 2, after: $after, where: { kinds: [ALERT] }) {
  __typename asOf position nodes { __typename id position text { __typename headline } }
  edges { __typename cursor node { __typename id } } pageInfo { __typename endCursor hasNextPage startCursor hasPreviousPage } } }`;
const ONE = `query ($id: ID!) { __typename publication(id: $id) { __typename id position severity: state
  text { __typename headline } source { __typename name } } }`;

interface Listed {
  situation: { position: number; alerts: { id: string; position: number; text: { headline: string } }[] };
}
interface Paged {
  publications: { nodes: { id: string }[]; edges: object[]; pageInfo: { endCursor: string; hasNextPage: boolean } };
}

describe.each(CLIENTS)('%s with the policies of tocsin/client', (_name, start) => {
  it('opens three screens over the same alerts with three requests at most, and reads all of them offline', async () => {
    const app = start();
    const queries = [LIST, DETAIL, BADGE];
    const screens = queries.map((query) => app.open<Listed>(query));
    for (const screen of screens) await expect.poll(() => screen.shown()?.situation.alerts.length).toBeGreaterThan(4);
    await expect.poll(() => queries.every((query) => app.kept(query) !== null)).toBe(true);
    expect(network.requests).toBeLessThanOrEqual(3);
    for (const query of queries) expect(app.kept(query)).toEqual(await hub.as().request(query));
    for (const screen of screens) screen.close();
    expect([...warnings.mock.calls, ...errors.mock.calls]).toEqual([]);
  });

  it('keeps the first page when the next one is read', async () => {
    const app = start();
    const list = app.open<Paged>(PAGE);
    const pages = async (): Promise<Paged> => {
      await expect.poll(list.shown).toBeTruthy();
      return list.shown() as Paged;
    };
    const all = await hub.as().request<Paged>(PAGE.replace('first: 2', 'first: 6'));
    let { publications } = await pages();
    while (publications.pageInfo.hasNextPage) {
      const before = publications.nodes.length;
      await list.more({ after: publications.pageInfo.endCursor });
      await expect.poll(() => list.shown()?.publications.nodes.length).toBeGreaterThan(before);
      ({ publications } = await pages());
    }
    expect(publications.nodes).toEqual(all.publications.nodes);
    expect(publications.edges).toEqual(all.publications.edges);
    expect(publications.pageInfo).toEqual(all.publications.pageInfo);
    list.close();
  });

  it.each([
    ['that names no argument', '{ __typename alerts { __typename asOf nodes { __typename id } } }'],
    [
      'whose variables are not given',
      'query ($first: Int, $after: PageCursor) { __typename alerts(first: $first, after: $after) { __typename asOf nodes { __typename id } } }',
    ],
  ])('reads a list again %s', async (_, query) => {
    const app = start();
    const answer = await app.ask<{ alerts: { nodes: object[] } }>(query);
    expect(answer.alerts.nodes.length).toBeGreaterThan(4);
    expect(app.kept(query)).toEqual(answer);
  });

  it('keeps a first page that was asked for without any argument when the next one is read', async () => {
    const app = start();
    const query = `query ($after: PageCursor) { __typename alerts(after: $after) { __typename
      nodes { __typename id } edges { __typename cursor node { __typename id } }
      pageInfo { __typename endCursor hasNextPage startCursor hasPreviousPage } } }`;
    const first = await onTheWire(query.replace('(after: $after)', '(first: 2)').replace('($after: PageCursor)', ''));
    network.replayed = first;
    const { alerts } = await app.ask<{ alerts: Paged['publications'] }>(query);
    network.replayed = undefined;
    await app.ask(query, { after: alerts.pageInfo.endCursor });
    const all = await hub.as().request<{ alerts: Paged['publications'] }>(query);
    expect(app.kept<typeof all>(query)?.alerts.nodes).toEqual(all.alerts.nodes);
  });

  it('reads what `publication` would answer from a list that it knows, without asking', async () => {
    const app = start();
    expect(app.kept(ONE, { id: alert.id })).toBeNull();
    await app.ask(LIST);
    const screen = app.open<{ publication: object }>(ONE, { id: alert.id });
    await expect.poll(() => screen.shown()).toEqual(await hub.as().request(ONE, { id: alert.id }));
    expect(network.requests).toBe(1);
    screen.close();
  });

  it('leaves what is public as it is, whatever view of it is looked at', async () => {
    const app = start();
    const revised = await release(hub, await revise(hub, 'Alert', alert, alertInput(words('Crue 1, plus grave'))));
    const now = await app.ask(LIST);
    const view = `query ($id: ID!) { __typename publication(id: $id) { __typename id thread position text { __typename headline } } }`;
    expect(await app.ask(view, { id: `${alert.id}@r1` })).toMatchObject({ publication: { id: `${alert.id}@r1` } });
    expect(app.kept(LIST)).toEqual(now);
    expect(app.kept(view, { id: `${alert.id}@r1` })).toMatchObject({ publication: { text: { headline: 'Crue 1' } } });
    alert = await release(hub, await revise(hub, 'Alert', revised, alertInput(words('Crue 1'))));
  });

  it('never goes back to an answer that comes late', async () => {
    const app = start();
    const early = { list: await onTheWire(LIST), detail: await onTheWire(DETAIL) };
    await app.ask(LIST);
    alert = await changed(alert);
    const now = await app.ask<Listed>(LIST);
    expect(now).toEqual(await hub.as().request(LIST));
    network.replayed = early.list;
    expect(await app.ask(LIST)).toEqual(now);
    expect(app.kept(LIST)).toEqual(now);
    network.replayed = early.detail;
    expect(await app.ask<Listed>(DETAIL)).toEqual(JSON.parse(early.detail).data);
    expect(app.kept(LIST)).toEqual(now);
    expect(app.kept(DETAIL)).toBeNull();
  });

  it('never forgets a new alert for a list that comes late, though nothing on it has changed', async () => {
    const app = start();
    const early = await onTheWire(LIST);
    const { id } = await publishNew(hub, 'Alert', alertInput(words('Crue soudaine')));
    const now = await app.ask<Listed>(LIST);
    expect(now.situation.alerts.map((one) => one.id)).toContain(id);
    network.replayed = early;
    await app.ask(LIST);
    expect(app.kept(LIST)).toEqual(now);
    network.replayed = undefined;
    expect(await app.ask(LIST)).toEqual(await hub.as().request(LIST));
  });

  it('takes what it is answered after a restore, though positions count anew', async () => {
    const app = start();
    const now = await app.ask<Listed>(LIST);
    const asOf = encodeCursor({ epoch: '01a218d5-9608-761d-8740-98a0ada0ef78', position: 1 });
    const situation = { ...now.situation, asOf, position: 1, alerts: [] };
    network.replayed = JSON.stringify({ data: { ...now, situation } });
    expect(await app.ask(LIST)).toEqual({ ...now, situation });
    expect(app.kept(LIST)).toEqual({ ...now, situation });
  });
});

let revisions = 0;
async function changed(written: Written): Promise<Written> {
  revisions += 1;
  return release(hub, await revise(hub, 'Alert', written, alertInput(words(`Crue 1, révisée ${revisions}`))));
}

describe('Apollo Client with the policies of tocsin/client', () => {
  it('puts no instruction of yesterday under the headline of today', async () => {
    const app = apolloClient({ url: `${hub.url}/graphql` }, new HubCache());
    const [whole, short] = ['headline instruction', 'headline'].map(
      (fields) =>
        `{ __typename situation${PLACE} { __typename position alerts { __typename id position text { __typename ${fields} } } } }`,
    ) as [string, string];
    const before = await app.ask(whole);
    await app.ask(short);
    expect(app.kept(whole)).toEqual(before);
    alert = await changed(alert);
    const now = await app.ask(short);
    expect(app.kept(short)).toEqual(now);
    expect(app.kept(whole)).toBeNull();
  });

  it('reads a stored cache offline, and does not go back behind it', async () => {
    const settings = { url: `${hub.url}/graphql`, fetch: network.fetch };
    const yesterday = new HubCache();
    const early = await onTheWire(LIST);
    alert = await changed(alert);
    const now = await apolloClient(settings, yesterday).ask(LIST);
    const app = apolloClient(settings, new HubCache().restore(JSON.parse(JSON.stringify(yesterday.extract()))));
    expect(app.kept(LIST)).toEqual(now);
    network.replayed = early;
    await app.ask(LIST);
    expect(app.kept(LIST)).toEqual(now);
  });
});

it('starts offline with graphcache from what it stored', async () => {
  // In tests graphcache stores nothing.
  vi.stubEnv('NODE_ENV', 'development');
  onTestFinished(() => void vi.unstubAllEnvs());
  let stored: SerializedEntries = {};
  const storage: StorageAdapter = {
    readData: async () => stored,
    writeData: async (entries) => {
      stored = { ...stored, ...entries };
    },
    readMetadata: async () => [],
    writeMetadata: () => undefined,
    onOnline: () => undefined,
  };
  const start = () =>
    graphcacheClient({ url: `${hub.url}/graphql`, fetch: network.fetch }, hubOfflineExchange({ storage }));
  const now = await start().ask(LIST);
  await expect.poll(() => Object.keys(stored).length).toBeGreaterThan(0);
  network.down = true;
  const app = start();
  const screen = app.open(LIST);
  await expect.poll(screen.shown).toEqual(now);
  expect(app.kept(ONE, { id: alert.id })).toEqual(await hub.as().request(ONE, { id: alert.id }));
  screen.close();
});

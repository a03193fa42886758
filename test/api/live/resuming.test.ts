import { type Client, createClient } from 'graphql-ws';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { PATIENT, type ResumingOptions, resuming } from '../../../src/client/resuming.ts';
import { testDatabase } from '../../support/database/database.ts';
import { FaultProxy } from '../../support/database/fault-proxy.ts';
import { publishNew } from '../../support/desk/desk.ts';
import { CHANGES, followByApollo, Listener } from '../../support/following/transports.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

interface Change {
  cursor: string;
  type: string;
  publication: { id: string } | null;
}

/** A stock client, patient but quick, and its proxy; both end with the test. */
async function connect(more: object = {}): Promise<{ client: Client; proxy: FaultProxy }> {
  const proxy = await FaultProxy.to(hub.url);
  const client = createClient({
    ...PATIENT,
    url: `${proxy.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryWait: () => new Promise((resolve) => setTimeout(resolve, 20)),
    ...more,
  });
  onTestFinished(async () => {
    await client.dispose();
    await proxy.close();
  });
  return { client, proxy };
}

/** Follows; `heard` grows with each change, `ends` says how it ended. */
function follow(client: Client, variables: object = {}, query = CHANGES) {
  const heard: Change[] = [];
  const ends: unknown[] = [];
  const stop = client.subscribe<{ changes: Change }>(
    { query, variables: { ...variables } },
    {
      next: ({ data }) => data && heard.push(data.changes),
      error: (error) => ends.push(error),
      complete: () => ends.push('complete'),
    },
  );
  return { heard, ends, stop };
}

const noResync: ResumingOptions = {
  onResync: () => {
    throw new Error('nothing was lost');
  },
};
const publications = (heard: Change[]) => heard.flatMap(({ publication }) => publication?.id ?? []);
const present = async () =>
  (await hub.as().request<{ situation: { asOf: string } }>('{ situation(place: { commune: "91345" }) { asOf } }'))
    .situation;

describe('resuming', () => {
  it('goes on behind the last change after a cut, where the client alone would go on from then', async () => {
    const { client, proxy } = await connect();
    const alone = follow(client);
    const resumed = follow(resuming(client, noResync));
    await expect.poll(() => [alone.heard.length, resumed.heard.length]).toEqual([1, 1]);
    const closed = new Promise<void>((resolve) => client.on('closed', () => resolve()));
    proxy.fallSilent();
    const missed = await publishNew(hub);
    proxy.cut();
    await closed;
    proxy.hear();
    await expect.poll(() => publications(resumed.heard)).toEqual([missed.id]);
    const after = await publishNew(hub);
    await expect.poll(() => publications(resumed.heard)).toEqual([missed.id, after.id]);
    await expect.poll(() => publications(alone.heard)).toEqual([after.id]);
  });

  it('cures Apollo Client’s own link, which tells its client nothing of where it is', async () => {
    const { client, proxy } = await connect();
    const [cured, stock] = [new Listener('cured'), new Listener('stock')];
    followByApollo(cured, resuming(client, noResync));
    followByApollo(stock, client);
    await expect.poll(() => cured.cursor && stock.cursor).toBeTruthy();
    const closed = new Promise<void>((resolve) => client.on('closed', () => resolve()));
    proxy.fallSilent();
    await publishNew(hub);
    proxy.cut();
    await closed;
    proxy.hear();
    await expect.poll(() => cured.positions).toHaveLength(1);
    await publishNew(hub);
    await expect.poll(() => cured.positions).toHaveLength(2);
    await expect.poll(() => stock.positions).toEqual(cured.positions.slice(1));
  });

  it('goes on from where it is told, without changing what it was given', async () => {
    const { asOf: after } = await present();
    const { id } = await publishNew(hub);
    const { client } = await connect();
    const variables = Object.freeze({ after });
    const { heard } = follow(resuming(client, noResync), variables);
    await expect.poll(() => publications(heard)).toEqual([id]);
    expect(variables).toEqual({ after });
  });

  it('starts over from the cursor of a refusal, and tells', async () => {
    const { client } = await connect();
    const told: string[] = [];
    const { heard, ends } = follow(resuming(client, { onResync: ({ cursor }) => told.push(cursor) }), { after: 'old' });
    await expect.poll(() => heard.map(({ cursor }) => cursor)).toEqual(told);
    const { id } = await publishNew(hub);
    await expect.poll(() => publications(heard)).toEqual([id]);
    expect([told.length, ends]).toEqual([1, []]);
  });

  it('waits until what is public was read again, and goes on from its asOf', async () => {
    const { client } = await connect();
    const before = await present();
    const { id } = await publishNew(hub);
    const { heard } = follow(resuming(client, { onResync: async () => before.asOf }), { after: 'old' });
    await expect.poll(() => publications(heard)).toEqual([id]);
  });

  it('ends with the error where reading again fails', async () => {
    const { client } = await connect();
    const { ends } = follow(resuming(client, noResync), { after: 'old' });
    await expect.poll(() => ends).toEqual([new Error('nothing was lost')]);
  });

  it('tells a refusal that comes again and again', async () => {
    const { client } = await connect();
    const { ends } = follow(resuming(client, { onResync: () => 'old again' }), { after: 'old' });
    await expect.poll(() => ends).toMatchObject([[{ extensions: { code: 'RESYNC_REQUIRED' } }]]);
  });

  it('passes every other error on', async () => {
    const { client } = await connect();
    const query = 'subscription ($after: Cursor) { changes(after: $after, where: { communes: ["0"] }) { cursor } }';
    const { ends } = follow(resuming(client, noResync), {}, query);
    await expect.poll(() => ends).toMatchObject([[{ extensions: { code: 'INVALID_INPUT' } }]]);
  });

  it('drops what comes twice', async () => {
    const { client } = await connect();
    const twice = {
      ...client,
      subscribe: ((payload, sink) =>
        client.subscribe(payload, {
          ...sink,
          next: (result) => {
            sink.next(result as never);
            sink.next(result as never);
          },
        })) as Client['subscribe'],
    };
    const { heard } = follow(resuming(twice, noResync));
    const ids = [(await publishNew(hub)).id, (await publishNew(hub)).id];
    await expect.poll(() => publications(heard)).toEqual(ids);
  });

  it('refuses what cannot resume: without $after at once, without cursor at the first change', async () => {
    const { client } = await connect();
    const resumed = resuming(client, noResync);
    expect(() => follow(resumed, {}, 'subscription { changes { cursor } }')).toThrow(TypeError);
    const query = 'subscription ($after: Cursor) { changes(after: $after) { type } }';
    const { ends } = follow(resumed, {}, query);
    await expect.poll(() => ends).toEqual([expect.any(TypeError)]);
  });

  it('gives up a connection that answers no ping, and comes back by another', async () => {
    const { client, proxy } = await connect({ keepAlive: 50 });
    const { heard } = follow(resuming(client, { ...noResync, pongWithinMs: 100 }));
    await expect.poll(() => heard.length).toBe(1);
    proxy.swallow();
    const { id } = await publishNew(hub);
    await expect.poll(() => publications(heard)).toEqual([id]);
    expect(proxy.taken).toBeGreaterThan(1);
  });

  it('completes when it is stopped, also while it starts over', async () => {
    const { client } = await connect();
    const running = follow(resuming(client, noResync));
    await expect.poll(() => running.heard.length).toBe(1);
    running.stop();
    await expect.poll(() => running.ends).toEqual(['complete']);
    const { promise, resolve } = Promise.withResolvers<void>();
    const onResync = async () => {
      starting.stop();
      resolve();
    };
    const starting = follow(resuming(client, { onResync }), { after: 'old' });
    await promise;
    await expect.poll(() => starting.ends).toEqual(['complete']);
  });

  it('can be iterated, and left while the next change is waited for', async () => {
    const { client, proxy } = await connect();
    const changes = resuming(client, noResync).iterate<{ changes: Change }>({ query: CHANGES });
    expect((await changes.next()).value?.data?.changes.type).toBe('CHECKPOINT');
    proxy.cut();
    const { id } = await publishNew(hub);
    expect((await changes.next()).value?.data?.changes.publication?.id).toBe(id);
    const waiting = changes.next();
    await changes.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
  });
});

import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  aTurn,
  type CallingDesk,
  callingDesk,
  callsOf,
  rungOf,
  type SeenCall,
  takeCall,
} from '../../support/crisis-cell/calling-desk.ts';
import { withSession } from '../../support/database/cluster.ts';
import { hoursFromNow } from '../../support/desk/desk.ts';

/** People are called to a watched feed that cannot be read. */
let desk: CallingDesk;
beforeAll(async () => {
  desk = await callingDesk();
  await desk.onDuty('editor2', 'WATCHER');
});
afterAll(() => desk.close());

const run = (statement: string, ...values: unknown[]) =>
  withSession(desk.url, (session) => session.query(statement, values));

/** A watcher whose looks are written here, and never made. */
async function watcher(): Promise<string> {
  const { added } = await desk.hub
    .as('editor')
    .request<{ added: { watcher: { id: string } } }>(
      'mutation ($input: WatcherInput!) { added: addWatcher(input: $input) { watcher { id } } }',
      { input: { name: 'Vigilance', url: 'https://feeds.example/vigilance', active: false } },
    );
  const { id } = added.watcher;
  await run('update watcher set due_at = $2, active = true where id = $1', id, hoursFromNow(1000));
  return id;
}
const look = (id: string, failures: number) =>
  run('update watcher set failures = $2, looked_at = $3 where id = $1', id, failures, desk.clock.now());
const about = async (): Promise<SeenCall[]> => callsOf(desk.hub, { reasons: ['SOURCE_FAULT'] });

it('after 30 minutes of failures, once, until it is read again (I-51)', async () => {
  const { account, pass } = desk;
  const id = await watcher();
  await look(id, 1);
  pass(29);
  await look(id, 2);
  await aTurn(desk);
  expect(await about()).toEqual([]);
  pass(1);
  await expect.poll(async () => (await about())[0]?.steps.length).toBe(1);
  const [call] = await about();
  expect(call && rungOf(call)).toEqual([account('editor2')]);
  await look(id, 0);
  expect(await about()).toMatchObject([{ id: call?.id, state: 'DONE' }]);
  await look(id, 1);
  await aTurn(desk);
  expect(await about()).toHaveLength(1);
  pass(31);
  await expect.poll(async () => (await about()).length).toBe(2);
  await look(id, 0);
});

it('is done where somebody took the call, and goes with its watcher', async () => {
  const { hub, pass } = desk;
  const before = (await about()).length;
  const id = await watcher();
  await look(id, 1);
  pass(30);
  await expect.poll(async () => (await about()).length).toBe(before + 1);
  const call = (await about()).at(-1);
  await takeCall(hub, 'editor', call?.id ?? '');
  pass(15);
  await expect.poll(async () => (await about()).at(-1)?.state).toBe('DONE');
  pass(60);
  await aTurn(desk);
  expect(await about()).toHaveLength(before + 1);
  const named = await hub
    .as('editor')
    .request<{ calls: { nodes: { watcher: { id: string; version: number } }[] } }>(
      '{ calls(where: { reasons: [SOURCE_FAULT] }, first: 1) { nodes { watcher { id version } } } }',
    );
  expect(named.calls.nodes).toMatchObject([{ watcher: { id } }]);
  await hub
    .as('editor')
    .request('mutation ($id: ID!, $version: Int!) { removeWatcher(id: $id, version: $version) { removedId } }', {
      ...named.calls.nodes[0]?.watcher,
    });
  expect(await about()).toHaveLength(before);
});

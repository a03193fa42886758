import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { publishNew, refusal } from '../../support/desk/desk.ts';
import { addHook, hookNow, LOOPBACK, logged, logOf, onHook, payloadOf } from '../../support/desk/webhook-desk.ts';
import { startHub } from '../../support/hub/hub.ts';
import { confirmOften } from '../../support/hub/many-entries.ts';
import { startReceiver } from '../../support/receivers/receiver.ts';

/** Two hubs on one database: the owner is disabled at the first, and both have a courier. */
const { url } = await testDatabase();
const hub = await startHub({ url, webhookTargets: LOOPBACK });
const other = await startHub({ url, webhookTargets: LOOPBACK });
afterAll(async () => {
  await hub.close();
  await other.close();
});

async function change(mutation: 'disableAccount' | 'enableAccount', id: string): Promise<string | null> {
  const admin = hub.as('admin');
  const { accounts } = await admin.request<{
    accounts: { nodes: { id: string; administration: { version: number } }[] };
  }>('{ accounts(first: 100) { nodes { id administration { version } } } }');
  const version = accounts.nodes.find((account) => account.id === id)?.administration.version;
  const { done } = await admin.request<{ done: { account: { administration: { disabledAt: string | null } } } }>(
    `mutation ($id: ID!, $version: Int!) {
       done: ${mutation}(id: $id, version: $version) { account { administration { disabledAt } } } }`,
    { id, version },
  );
  return done.account.administration.disabledAt;
}

const schedulerId = async (): Promise<string> =>
  (await hub.as('scheduler').request<{ viewer: { id: string } }>('{ viewer { id } }')).viewer.id;

/** Webhooks that a hub counts as paused. */
async function pausedAt({ url: address }: { url: string }): Promise<number> {
  const text = await (await fetch(`${address}/metrics`)).text();
  return Number(/^tocsin_webhook_paused (\S+)$/m.exec(text)?.[1]);
}

describe('webhooks of an account that is disabled', () => {
  it('get nothing more, from neither hub, and an ADMIN sees why; once it is enabled they lose nothing', async () => {
    const { url: to, received, status } = await startReceiver();
    const { url: toAdmin, received: byAdmin } = await startReceiver();
    const { webhook } = await addHook(hub, to);
    await addHook(hub, toAdmin, {}, 'admin');
    const owner = await schedulerId();
    // One message waits for its next attempt, five seconds later.
    status(500);
    const { id } = await publishNew(hub, 'Advice');
    const [failed] = await logged(hub, webhook.id, ([one]) => one?.status === 500);
    status(204);
    const disabledAt = await change('disableAccount', owner);
    const before = received.length;
    await confirmOften(url, id, 3);
    for (const one of [hub, other]) {
      expect(await hookNow(one, webhook.id)).toMatchObject({
        paused: 'OWNER_DISABLED',
        pausedAt: disabledAt,
        pending: 1,
      });
      await expect.poll(() => pausedAt(one)).toBe(1);
      const ping = payloadOf(one, 'pingWebhook', { id: webhook.id }, 'delivery { id }');
      expect((await refusal(ping)).code).toBe('WRONG_STAGE');
      const replay = payloadOf(one, 'replayWebhookDelivery', { id: String(failed?.id) }, 'delivery { id }');
      expect((await refusal(replay)).code).toBe('WRONG_STAGE');
    }
    await expect.poll(() => Date.now()).toBeGreaterThan(Date.parse(String(failed?.dueAt)) + 2_000);
    // Couriers go on for the ADMIN: what was due to the other webhook would have gone before this.
    await publishNew(hub, 'Advice');
    await expect.poll(() => byAdmin.length).toBe(5);
    const resting = await logOf(hub, webhook.id);
    expect(resting.map(({ state, attempts }) => [state, attempts])).toEqual([['PENDING', 1]]);
    expect(received.length).toBe(before);
    expect(await change('enableAccount', owner)).toBeNull();
    const log = await logged(
      hub,
      webhook.id,
      (all) => all.length === 5 && all.every((one) => one.state === 'DELIVERED'),
    );
    expect(received.slice(before).map(({ signed }) => signed['webhook-id'])).toEqual(log.map((one) => one.id));
    expect(await hookNow(other, webhook.id)).toMatchObject({ paused: null, pausedAt: null, pending: 0 });
  });

  it('stay paused where somebody paused them before', async () => {
    const { url: to } = await startReceiver();
    const { webhook } = await addHook(hub, to, { name: 'Pausé' });
    const owner = await schedulerId();
    await onHook(hub, 'pauseWebhook', { id: webhook.id, version: webhook.version });
    await change('disableAccount', owner);
    expect((await hookNow(hub, webhook.id)).paused).toBe('OWNER_DISABLED');
    await change('enableAccount', owner);
    expect((await hookNow(hub, webhook.id)).paused).toBe('BY_HAND');
  });
});

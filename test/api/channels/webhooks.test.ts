import { createPublicKey, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { afterAll, describe, expect, it } from 'vitest';
import { parisTime, SetClock } from '../../../src/clock.ts';
import { until } from '../../../src/development/embedded/processes.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, publishNew } from '../../support/desk/desk.ts';
import {
  addHook,
  DELIVERY,
  type Delivery,
  hookNow,
  type Issued,
  LOOPBACK,
  logged,
  logOf,
  onHook,
  payloadOf,
  WAIT_MS,
} from '../../support/desk/webhook-desk.ts';
import { startHub } from '../../support/hub/hub.ts';
import { type Received, startReceiver } from '../../support/receivers/receiver.ts';

const { url } = await testDatabase();
const clock = new SetClock(new Date());
const hub = await startHub({ url, clock, webhookTargets: LOOPBACK });
afterAll(() => hub.close());

interface Told {
  type: string;
  timestamp: string;
  data: {
    cursor: string;
    position: number;
    change: string;
    changedFields: string[];
    ring: boolean;
    publication: { id: string; kind: string; state: string; texts: object[] };
    social?: Record<string, { text: string; url: string }>;
  };
}
const told = ({ body }: Received): Told => JSON.parse(body);
const later = (ms: number) => clock.set(new Date(clock.now().getTime() + ms));
const heard = (received: readonly unknown[], count: number) => until(() => received.length >= count, WAIT_MS);

describe('a webhook', () => {
  it('is told what is published, signed as the stock verifier wants it', async () => {
    const { url: to, received } = await startReceiver();
    const { webhook, key } = await addHook(hub, to);
    const { id } = await publishNew(hub);
    await heard(received, 1);
    const [message] = received as [Received];
    expect(new Webhook(key).verify(message.body, message.signed)).toMatchObject({
      type: 'publication.published',
      data: {
        change: 'PUBLISHED',
        ring: true,
        changedFields: [],
        publication: { id, kind: 'ALERT', state: 'IN_FORCE' },
      },
    });
    expect(() => new Webhook(key).verify(`${message.body} `, message.signed)).toThrow();
    expect(message.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(await logged(hub, webhook.id, ([first]) => first?.state === 'DELIVERED')).toMatchObject([
      { id: message.signed['webhook-id'], attempts: 1, status: 204, fault: null, publicationId: id },
    ]);
  });

  it('is told the facts of the Change that the API answers', async () => {
    const { url: to, received } = await startReceiver();
    const { webhook } = await addHook(hub, to);
    await publishNew(hub, 'Closure');
    await heard(received, 1);
    const { data, timestamp } = told(received[0] as Received);
    const { changes } = await hub.as().request<{ changes: { nodes: object[] } }>(
      `query ($after: Cursor!) { changes(after: $after) { nodes { at cursor type changedFields ring publication {
         id kind url mode state revision publishedAt revisedAt verifiedAt startsAt endsAt
         translations { language headline description instruction outdated } source { name relayed url reference }
         ... on ClosurePublication { restriction direction observed { state observedAt note } } } } } }`,
      { after: webhook.cursor },
    );
    const { cursor, change, changedFields, ring, publication } = data;
    expect(changes.nodes.at(-1)).toMatchObject({ at: timestamp, cursor, type: change, changedFields, ring });
    expect({ publication }).toMatchObject({
      publication: (changes.nodes.at(-1) as { publication: object }).publication,
    });
    expect(JSON.stringify(data)).not.toMatch(/hash|reportIds|incidentId/i);
  });

  it('is told what its filter lets through, and no exercise that it did not ask for', async () => {
    const [all, drills, elsewhere] = [await startReceiver(), await startReceiver(), await startReceiver()];
    await addHook(hub, all.url, { where: { kinds: ['ALERT'] } });
    await addHook(hub, drills.url, { where: { modes: ['EXERCISE'] } });
    await addHook(hub, elsewhere.url, { where: { communes: ['91421'], severityAtLeast: 'EXTREME' } });
    const text = { language: 'fr-FR', headline: 'EXERCICE Crue', description: 'Exercice.', instruction: 'Rien.' };
    const { id: drill } = await publishNew(hub, 'Alert', alertInput({ mode: 'EXERCISE', texts: [text] }));
    await publishNew(hub, 'Closure');
    const { id } = await publishNew(hub);
    const { id: event } = await publishNew(hub, 'Event');
    await Promise.all([all, drills, elsewhere].map(({ received }) => heard(received, 1)));
    const idsOf = ({ received }: { received: Received[] }) => received.map((one) => told(one).data.publication.id);
    expect([all, drills, elsewhere].map(idsOf)).toEqual([[id], [drill], [event]]);
  });

  it('is given the posts that it asked for, as socialPosts answers them', async () => {
    const { url: to, received } = await startReceiver();
    await addHook(hub, to, { networks: ['MASTODON', 'SMS'] });
    const { id } = await publishNew(hub);
    await heard(received, 1);
    const { social } = told(received[0] as Received).data;
    for (const network of ['MASTODON', 'SMS']) {
      const { socialPosts } = await hub
        .as()
        .request<{ socialPosts: { nodes: ({ publication: { id: string } } & object)[] } }>(
          `query ($network: SocialNetwork!) { socialPosts(network: $network) { nodes {
             publication { id } revision phase language outdated text length limit segments url imageUrl imageAlt } } }`,
          { network },
        );
      const { publication, ...post } = socialPosts.nodes.find((one) => one.publication.id === id) ?? {
        publication: null,
      };
      expect(publication).toEqual({ id });
      expect(social?.[network]).toEqual(post);
    }
  });

  it('is signed with Ed25519 where that was asked for, to be verified by the public key alone', async () => {
    const { url: to, received } = await startReceiver();
    const { key, webhook } = await addHook(hub, to, { signature: 'ED25519' });
    expect(key).toMatch(/^whpk_/);
    expect(webhook.keys).toMatchObject([{ signature: 'ED25519', publicKey: key }]);
    await publishNew(hub);
    await heard(received, 1);
    const { signed, body } = received[0] as Received;
    const [version, signature = ''] = signed['webhook-signature']?.split(',') ?? [];
    const x = Buffer.from(key.slice('whpk_'.length), 'base64').toString('base64url');
    const publicKey = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } });
    const holds = (text: string) =>
      verify(
        null,
        Buffer.from(`${signed['webhook-id']}.${signed['webhook-timestamp']}.${text}`),
        publicKey,
        Buffer.from(signature, 'base64'),
      );
    expect([version, holds(body), holds(`${body} `)]).toEqual(['v1a', true, false]);
  });

  it('is signed with the key before, too, until the overlap of a rotation ends', async () => {
    const { url: to, received } = await startReceiver();
    const { webhook, key: old } = await addHook(hub, to);
    const { id, version } = webhook;
    const rotated = await payloadOf<Issued>(
      hub,
      'rotateWebhookKey',
      { id, version, overlapHours: 2, signature: 'HMAC' },
      'key webhook { version keys { expiresAt } }',
    );
    expect(rotated.webhook.keys).toEqual([
      { expiresAt: null },
      { expiresAt: parisTime(new Date(clock.now().getTime() + 2 * 3600_000)) },
    ]);
    /** By the library's own hand, which verifies nothing older than five minutes. */
    const signedBy = (key: string, { body, signed }: Received) =>
      signed['webhook-signature']
        ?.split(' ')
        .includes(
          new Webhook(key).sign(signed['webhook-id'] ?? '', new Date(Number(signed['webhook-timestamp']) * 1000), body),
        );
    await publishNew(hub);
    await heard(received, 1);
    expect([old, rotated.key].map((key) => signedBy(key, received[0] as Received))).toEqual([true, true]);
    later(2 * 3600_000 + 1);
    await publishNew(hub);
    await heard(received, 2);
    expect([old, rotated.key].map((key) => signedBy(key, received[1] as Received))).toEqual([false, true]);
    const after = { id, version: rotated.webhook.version };
    const { key } = await payloadOf<Issued>(hub, 'rotateWebhookKey', { ...after, overlapHours: 0 }, 'key');
    await publishNew(hub);
    await heard(received, 3);
    expect([rotated.key, key].map((one) => signedBy(one, received[2] as Received))).toEqual([false, true]);
  });

  it('can be pinged, even while it is paused and something waits', async () => {
    const { url: to, received } = await startReceiver();
    const { webhook, key } = await addHook(hub, to);
    await onHook(hub, 'pauseWebhook', { id: webhook.id, version: webhook.version });
    const { delivery: ping } = await payloadOf<{ delivery: Delivery }>(
      hub,
      'pingWebhook',
      { id: webhook.id },
      `delivery { ${DELIVERY} }`,
    );
    expect(ping).toMatchObject({ type: 'webhook.ping', position: null, publicationId: null });
    await heard(received, 1);
    const { body, signed } = received[0] as Received;
    expect(signed['webhook-id']).toBe(ping.id);
    const signature = new Webhook(key).sign(ping.id, new Date(Number(signed['webhook-timestamp']) * 1000), body);
    expect(signed['webhook-signature']).toBe(signature);
    expect(JSON.parse(body)).toMatchObject({ type: 'webhook.ping', data: { webhook: webhook.id } });
    await logged(hub, webhook.id, ([first]) => first?.state === 'DELIVERED');
  });

  it('is paused at 410, and resumed from where it stood with nothing lost, under the same ids', async () => {
    const { url: to, received, status } = await startReceiver();
    status(410);
    const { webhook } = await addHook(hub, to);
    const { id } = webhook;
    await publishNew(hub);
    await until(async () => (await hookNow(hub, id)).paused === 'GONE', WAIT_MS);
    await publishNew(hub, 'Closure');
    const gone = await hookNow(hub, id);
    expect([received.length, gone.pending]).toEqual([1, 0]);
    status(204);
    await onHook(hub, 'resumeWebhook', { id, version: gone.version, after: gone.cursor });
    await heard(received, 3);
    expect(received.map((one) => told(one).data.publication.kind)).toEqual(['ALERT', 'ALERT', 'CLOSURE']);
    expect(received[1]?.signed['webhook-id']).toBe(received[0]?.signed['webhook-id']);
    expect(await logged(hub, id, (log) => log.every(({ state }) => state === 'DELIVERED'))).toHaveLength(2);
  });

  it('resumed without a cursor is told nothing of what happened meanwhile', async () => {
    const { url: to, received } = await startReceiver();
    const { webhook } = await addHook(hub, to);
    const { id, version } = webhook;
    const paused = await onHook(hub, 'pauseWebhook', { id, version });
    expect(paused).toMatchObject({ paused: 'BY_HAND', version: version + 1 });
    await publishNew(hub);
    await onHook(hub, 'resumeWebhook', { id, version: paused.version });
    const { id: next } = await publishNew(hub, 'Closure');
    await heard(received, 1);
    expect(received.map((one) => told(one).data.publication.id)).toEqual([next]);
  });

  it('is sent a message once more by hand, with the same id and the same words', async () => {
    const { url: to, received } = await startReceiver();
    const { webhook } = await addHook(hub, to);
    await publishNew(hub);
    const [sent] = await logged(hub, webhook.id, ([first]) => first?.state === 'DELIVERED');
    const delivery = sent?.id ?? '';
    await hub
      .as('admin')
      .request('mutation ($id: ID!) { replayWebhookDelivery(id: $id) { delivery { id } } }', { id: delivery });
    await heard(received, 2);
    expect(received[1]).toMatchObject({ body: received[0]?.body, signed: { 'webhook-id': delivery } });
    await logged(hub, webhook.id, (log) => log.length === 1 && log[0]?.state === 'DELIVERED');
  });

  it('shares its log page by page, newest first', async () => {
    const { url: to } = await startReceiver();
    const { webhook } = await addHook(hub, to);
    for (const kind of ['Alert', 'Closure', 'Advice'] as const) await publishNew(hub, kind);
    const log = await logged(hub, webhook.id, (all) => all.filter(({ state }) => state === 'DELIVERED').length === 3);
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { page }: { page: { nodes: { id: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } } } =
        await hub
          .as('scheduler')
          .request(
            `query ($webhook: ID!, $after: PageCursor) { page: webhookDeliveries(webhookId: $webhook, first: 2, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }`,
            { webhook: webhook.id, after },
          );
      seen.unshift(...page.nodes.map(({ id }) => id).reverse());
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after);
    expect(seen).toEqual(log.map(({ id }) => id));
    expect(await logOf(hub, webhook.id)).toHaveLength(3);
  });
});

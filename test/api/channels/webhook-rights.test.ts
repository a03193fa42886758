import { randomUUID } from 'node:crypto';
import { GraphQLClient } from 'graphql-request';
import { pino } from 'pino';
import { afterAll, describe, expect, it } from 'vitest';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { publishNew, refusal } from '../../support/desk/desk.ts';
import {
  addHook,
  HOOK,
  hooks,
  type Issued,
  LOOPBACK,
  logged,
  logOf,
  onHook,
  payloadOf,
} from '../../support/desk/webhook-desk.ts';
import { startHub } from '../../support/hub/hub.ts';
import { inSeconds, startIssuer } from '../../support/hub/issuer.ts';
import { startReceiver } from '../../support/receivers/receiver.ts';

const lines: string[] = [];
const { url } = await testDatabase();
const issuer = await startIssuer();
const hub = await startHub({
  url,
  webhookTargets: LOOPBACK,
  oidc: { issuer: issuer.url, audience: issuer.audience },
  logger: pino({ level: 'trace' }, { write: (line) => void lines.push(line) }),
});
afterAll(async () => {
  await hub.close();
  await issuer.close();
});
const TO = 'http://127.0.0.1:9/hook';

describe('a webhook', () => {
  it('is seen and changed by the scheduler that owns it and by an admin, and is not there for another scheduler', async () => {
    const { webhook } = await addHook(hub, TO, { name: 'A' });
    const token = await issuer.token({ sub: 'other', roles: ['SCHEDULER'], exp: inSeconds(3_600) });
    const other = new GraphQLClient(`${hub.url}/graphql`, { headers: { authorization: `Bearer ${token}` } });
    expect(await other.request('{ webhooks { totalCount nodes { id } } }')).toEqual({
      webhooks: { totalCount: 0, nodes: [] },
    });
    const { id, version } = webhook;
    const { delivery: ping } = await payloadOf<{ delivery: { id: string } }>(
      hub,
      'pingWebhook',
      { id },
      'delivery { id }',
    );
    const foreign: [string, Record<string, unknown>][] = [
      ['query ($id: ID!) { webhookDeliveries(webhookId: $id) { nodes { id } } }', { id }],
      ['mutation ($id: ID!) { pingWebhook(id: $id) { delivery { id } } }', { id }],
      ['mutation ($id: ID!) { replayWebhookDelivery(id: $id) { delivery { id } } }', { id: ping.id }],
      ['mutation ($id: ID!, $version: Int!) { removeWebhook(id: $id, version: $version) { asOf } }', { id, version }],
      [
        'mutation ($id: ID!, $version: Int!) { pauseWebhook(id: $id, version: $version) { webhook { id } } }',
        { id, version },
      ],
      [
        'mutation ($id: ID!, $version: Int!) { resumeWebhook(id: $id, version: $version) { webhook { id } } }',
        { id, version },
      ],
      ['mutation ($id: ID!, $version: Int!) { rotateWebhookKey(id: $id, version: $version) { key } }', { id, version }],
      [
        `mutation ($id: ID!, $version: Int!) { reviseWebhook(id: $id, version: $version, input: { name: "x", url: "${TO}" }) { webhook { id } } }`,
        { id, version },
      ],
    ];
    for (const [operation, variables] of foreign)
      expect([operation, (await refusal(other.request(operation, variables))).code]).toEqual([operation, 'NOT_FOUND']);
    expect((await hooks(hub, 'scheduler')).map((one) => one.id)).toEqual([id]);
    const { webhook: admins } = await addHook(hub, TO, { name: 'B' }, 'admin');
    expect((await hooks(hub, 'admin')).map((one) => one.id)).toEqual([id, admins.id]);
    expect((await hooks(hub, 'scheduler')).map((one) => one.id)).toEqual([id]);
    expect(await payloadOf(hub, 'removeWebhook', { id, version }, 'removedId')).toEqual({ removedId: id });
    expect((await hooks(hub)).map((one) => one.id)).toEqual([admins.id]);
  });

  it('is refused with every faulty field named, and changed by whoever saw its last version', async () => {
    const faultsOf = async (attempt: Promise<unknown>) =>
      ((await refusal(attempt)).fields as { path: string }[]).map(({ path }) => path);
    expect(await faultsOf(addHook(hub, 'https://10.0.0.1/', { name: ' ' }))).toEqual(['input.name', 'input.url']);
    expect(await faultsOf(addHook(hub, TO, { where: { communes: ['75056'] } }))).toEqual(['where.communes.0']);
    const { webhook } = await addHook(hub, TO, { where: { kinds: ['ALERT'], communes: ['91182'] } });
    expect(webhook).toMatchObject({
      owner: { name: 'Planificateur' },
      kinds: ['ALERT'],
      // Courcouronnes became part of Évry-Courcouronnes.
      communes: [{ code: '91228' }],
      severityAtLeast: null,
      modes: ['ACTUAL'],
      networks: [],
      language: 'fr-FR',
      pending: 0,
    });
    const { id, version } = webhook;
    const { delivery: ping } = await payloadOf<{ delivery: { id: string } }>(
      hub,
      'pingWebhook',
      { id },
      'delivery { id }',
    );
    await onHook(hub, 'pauseWebhook', { id, version });
    const late = onHook(hub, 'pauseWebhook', { id, version });
    expect(await refusal(late)).toMatchObject({ code: 'CONFLICT', currentVersion: version + 1 });
    const replay = hub
      .as('scheduler')
      .request('mutation ($id: ID!) { replayWebhookDelivery(id: $id) { delivery { id } } }', { id: ping.id });
    expect((await refusal(replay)).code).toBe('WRONG_STAGE');
    const resume = onHook(hub, 'resumeWebhook', { id, version: version + 1, after: 'nonsense' });
    expect((await refusal(resume)).code).toBe('RESYNC_REQUIRED');
  });

  it('has five keys at most, and an overlap of a week at most', async () => {
    const { webhook } = await addHook(hub, TO);
    const { id } = webhook;
    const rotate = (version: number, overlapHours: number) =>
      payloadOf<Issued>(hub, 'rotateWebhookKey', { id, version, overlapHours }, `key webhook { ${HOOK} }`);
    expect((await refusal(rotate(1, 169))).code).toBe('INVALID_INPUT');
    expect((await refusal(rotate(1, -1))).code).toBe('INVALID_INPUT');
    for (let version = 1; version <= 4; version += 1) await rotate(version, 168);
    expect((await refusal(rotate(5, 168))).code).toBe('INVALID_INPUT');
    expect((await rotate(5, 0)).webhook.keys).toMatchObject([{ signature: 'HMAC', expiresAt: null }]);
  });

  it('shows its secret once, and nothing else of the hub does: no query, no log, no audit entry, no other table', async () => {
    const receiver = await startReceiver();
    const { webhook, key } = await addHook(hub, receiver.url, { name: 'Secret' });
    const { id, version } = webhook;
    const next = await payloadOf<Issued>(
      hub,
      'rotateWebhookKey',
      { id, version, overlapHours: 1 },
      `key webhook { ${HOOK} }`,
    );
    await payloadOf(hub, 'pingWebhook', { id }, 'asOf');
    await publishNew(hub);
    receiver.status(500);
    await publishNew(hub);
    await logged(hub, id, (log) => log.length === 3 && log.some(({ status }) => status === 500));
    const secrets = [key, next.key].map((one) => one.replace(/^whsec_/, ''));
    expect(new Set(secrets).size).toBe(2);

    const tables = await withSession(url, async (session) => {
      const { rows } = await session.query<{ name: string }>(
        `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
      );
      const found: string[] = [];
      for (const { name } of rows) {
        const { rows: all } = await session.query<{ text: string }>(
          `select to_jsonb(t)::text as text from "${name}" t`,
        );
        if (all.some(({ text }) => secrets.some((secret) => text.includes(secret)))) found.push(name);
      }
      return found;
    });
    expect(tables).toEqual(['webhook_key']);
    const said = JSON.stringify([await hooks(hub), await logOf(hub, id), next.webhook, lines, receiver.received]);
    expect(lines.length).toBeGreaterThan(0);
    for (const secret of secrets) expect(said).not.toContain(secret);
    const metrics = await (await fetch(`${hub.url}/metrics`)).text();
    expect(metrics).toMatch(/^tocsin_webhook_attempts_total\{outcome="retry"\} [1-9]/m);
    expect(metrics).toMatch(/^tocsin_webhook_pending [1-9]/m);
  });

  it('leaves in the audit log who did what to it', async () => {
    const { webhook } = await addHook(hub, TO);
    const { id, version } = webhook;
    await onHook(hub, 'pauseWebhook', { id, version });
    await payloadOf(hub, 'rotateWebhookKey', { id, version: version + 1 }, 'key');
    await payloadOf(hub, 'pingWebhook', { id }, 'asOf');
    await payloadOf(hub, 'removeWebhook', { id, version: version + 2 }, 'removedId');
    const entries = await withSession(url, async (session) => {
      const { rows } = await session.query<{ action: string; before: string | null; after: string | null }>(
        'select action, state_before as before, state_after as after from audit_entry where subject = $1 order by position',
        [id],
      );
      return rows;
    });
    expect(entries.map(({ action }) => action)).toEqual([
      'addWebhook',
      'pauseWebhook',
      'rotateWebhookKey',
      'pingWebhook',
      'removeWebhook',
    ]);
    entries.forEach(({ before }, index) => {
      expect(before).toBe(index === 0 ? null : entries[index - 1]?.after);
    });
    expect(entries.at(-1)?.after).toBeNull();
    expect(new Set(entries.map(({ after }) => after)).size).toBe(4);
  });
});

it('takes no filter by what comes and goes, and names each field', async () => {
  const id = randomUUID();
  const where = { publications: [id], incidents: [id], hazards: ['OET-081'] };
  expect(await refusal(addHook(hub, 'http://127.0.0.1:9/', { where }))).toMatchObject({
    code: 'INVALID_INPUT',
    fields: Object.keys(where).map((field) => ({ path: `where.${field}` })),
  });
});

import type { WebhookTargets } from '../../../src/channels/webhooks/target.ts';
import type { Persona } from '../../../src/development/development-tokens.ts';
import { until } from '../../../src/development/embedded/processes.ts';
import type { Hub } from '../hub/hub.ts';
import { PATIENCE_MS } from '../patience.ts';

export const WAIT_MS = PATIENCE_MS;

/** Lets webhooks lead to loopback, over http, and gives an attempt two seconds. */
export const LOOPBACK: WebhookTargets = { allow: (address) => address === '127.0.0.1', http: true, timeoutMs: 2_000 };

export interface Hook {
  id: string;
  version: number;
  paused: string | null;
  failingSince: string | null;
  pending: number;
  cursor: string;
  keys: { signature: string; publicKey: string | null; expiresAt: string | null }[];
}
export const HOOK =
  'id version owner { name } name url kinds communes { code } severityAtLeast modes networks language paused pausedAt failingSince pending cursor keys { id signature publicKey createdAt expiresAt }';

export interface Issued {
  webhook: Hook;
  key: string;
}

export interface Wish {
  where?: object;
  signature?: 'HMAC' | 'ED25519';
  networks?: string[];
  name?: string;
}

export async function addHook(hub: Hub, url: string, wish: Wish = {}, persona: Persona = 'scheduler'): Promise<Issued> {
  const { where = null, signature = 'HMAC', networks = [], name = 'Réseaux' } = wish;
  const { issued } = await hub.as(persona).request<{ issued: Issued }>(
    `mutation ($input: WebhookInput!, $where: ChangeFilter, $signature: WebhookSignature!) {
       issued: addWebhook(input: $input, where: $where, signature: $signature) { key webhook { ${HOOK} } } }`,
    { input: { name, url, networks }, where, signature },
  );
  return issued;
}

type HookArguments = { id: string; version?: number } & Record<string, unknown>;

/** A mutation on one webhook, by what it was last seen as; the webhook as it then stood. */
export const onHook = async (hub: Hub, mutation: string, args: HookArguments): Promise<Hook> =>
  (await payloadOf<{ webhook: Hook }>(hub, mutation, args, `webhook { ${HOOK} }`)).webhook;

/** The same, with other fields of its payload. */
export async function payloadOf<T>(hub: Hub, mutation: string, args: HookArguments, fields: string): Promise<T> {
  const types: Record<string, string> = {
    id: 'ID!',
    version: 'Int!',
    after: 'Cursor',
    overlapHours: 'Int!',
    signature: 'WebhookSignature!',
    input: 'WebhookInput!',
    where: 'ChangeFilter',
  };
  const names = Object.keys(args);
  const declared = names.map((name) => `$${name}: ${types[name]}`).join(', ');
  const passed = names.map((name) => `${name}: $${name}`).join(', ');
  const body = `mutation (${declared}) { done: ${mutation}(${passed}) { ${fields} } }`;
  return (await hub.as('admin').request<{ done: T }>(body, args)).done;
}

export async function hooks(hub: Hub, persona: Persona = 'admin'): Promise<Hook[]> {
  const { webhooks } = await hub
    .as(persona)
    .request<{ webhooks: { nodes: Hook[] } }>(`{ webhooks(first: 100) { nodes { ${HOOK} } } }`);
  return webhooks.nodes;
}

export async function hookNow(hub: Hub, id: string): Promise<Hook> {
  const found = (await hooks(hub)).find((one) => one.id === id);
  if (!found) throw new Error(`no webhook ${id}`);
  return found;
}

export interface Delivery {
  id: string;
  type: string;
  position: number | null;
  publicationId: string | null;
  state: string;
  attempts: number;
  dueAt: string | null;
  attemptedAt: string | null;
  endedAt: string | null;
  status: number | null;
  fault: string | null;
}
export const DELIVERY = 'id type position publicationId state attempts dueAt attemptedAt endedAt status fault';

/** The log of a webhook, oldest message first. */
export async function logOf(hub: Hub, webhook: string): Promise<Delivery[]> {
  const { log } = await hub
    .as('admin')
    .request<{ log: { nodes: Delivery[] } }>(
      `query ($webhook: ID!) { log: webhookDeliveries(webhookId: $webhook, first: 100) { nodes { ${DELIVERY} } } }`,
      { webhook },
    );
  return log.nodes.reverse();
}

/** Waits until the log is as wanted, and answers it. */
export async function logged(hub: Hub, webhook: string, is: (log: Delivery[]) => boolean): Promise<Delivery[]> {
  let log: Delivery[] = [];
  await until(async () => {
    log = await logOf(hub, webhook);
    return is(log);
  }, WAIT_MS);
  if (!is(log)) throw new Error(`the log stayed ${JSON.stringify(log)}`);
  return log;
}

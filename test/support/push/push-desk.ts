import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { PushSeal } from '../../../src/channels/push/envelope/push-seal.ts';
import { SenderKey } from '../../../src/channels/push/envelope/sender-keys.ts';
import type { PushSecrets } from '../../../src/channels/push/push-setting.ts';
import { until } from '../../../src/development/embedded/processes.ts';
import { withSession } from '../database/cluster.ts';
import type { Hub } from '../hub/hub.ts';
import { PATIENCE_MS } from '../patience.ts';
import type { PushReader, PushServiceDouble, ReceivedPush } from '../receivers/push-service.ts';

export const newPushKey = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** Keys and seal of a hub that pushes, of this process alone. */
export const pushSecrets = (more: Partial<PushSecrets> = {}): PushSecrets => ({
  keys: [newPushKey()],
  seal: randomBytes(32),
  subject: 'mailto:alerte@tocsin.example',
  ...more,
});

export const pushKeyOf = async (hub: Hub): Promise<string> =>
  (await hub.as().request<{ pushKey: string }>('{ pushKey }')).pushKey;

export interface SavedAs {
  subscription: { id: string; confirmed: boolean };
  secret: string;
}

const FIELDS = 'id confirmed kinds communes { code } severityAtLeast modes language expiresAt';

/** The input of an app for a reader's subscription. */
export const pushInput = async (hub: Hub, reader: PushReader, more: object = {}) => {
  const { endpoint, p256dh, auth } = reader;
  return { endpoint, p256dh, auth, key: await pushKeyOf(hub), where: {}, ...more };
};

export async function savePushAs(hub: Hub, input: object): Promise<SavedAs> {
  const { savePush } = await hub
    .as()
    .request<{ savePush: SavedAs }>(
      `mutation ($input: PushInput!) { savePush(input: $input) { secret subscription { ${FIELDS} } } }`,
      { input },
    );
  return savePush;
}

export const confirmPushAs = (hub: Hub, id: string, code: string) =>
  hub
    .as()
    .request<{ confirmPush: { subscription: object } }>(
      `mutation ($id: ID!, $code: String!) { confirmPush(id: $id, code: $code) { subscription { ${FIELDS} } } }`,
      { id, code },
    );

export const removePushAs = (hub: Hub, id: string, secret: string) =>
  hub
    .as()
    .request<{ removePush: { removedId: string } }>(
      'mutation ($id: ID!, $secret: String!) { removePush(id: $id, secret: $secret) { removedId } }',
      { id, secret },
    );

/** The pushes that a reader got, as soon as there are so many. */
export async function pushesTo(service: PushServiceDouble, reader: PushReader, count: number): Promise<ReceivedPush[]> {
  const own = () => service.received.filter(({ path }) => path === reader.path);
  await until(() => own().length >= count, PATIENCE_MS);
  return own();
}

/** Saves a subscription, reads the code of its first push, and sends it back. */
export async function subscribed(
  hub: Hub,
  service: PushServiceDouble,
  reader: PushReader,
  more: object = {},
): Promise<SavedAs> {
  const before = service.received.filter(({ path }) => path === reader.path).length;
  const saved = await savePushAs(hub, await pushInput(hub, reader, more));
  const first = (await pushesTo(service, reader, before + 1)).at(-1);
  const { tocsin } = await reader.read(first as ReceivedPush);
  await confirmPushAs(hub, saved.subscription.id, tocsin.confirm?.code ?? '');
  return saved;
}

/** Subscriptions that are confirmed, as the table holds them: so many, all of one reader's keys, each with a path of its own. */
export async function plantReaders(
  url: string,
  secrets: PushSecrets,
  {
    origin,
    reader,
    count,
    communes = null,
  }: { origin: string; reader: PushReader; count: number; communes?: string[] | null },
): Promise<string[]> {
  const seal = new PushSeal(secrets.seal);
  const keyId = new SenderKey(secrets.keys[0] ?? '').id;
  const keys = { p256dh: Buffer.from(reader.p256dh, 'base64url'), auth: Buffer.from(reader.auth, 'base64url') };
  const rows = Array.from({ length: count }, () => {
    const id = randomUUID();
    const endpoint = `${origin}/planted/${id}`;
    const service = seal.serviceOf(endpoint);
    return { id, digest: seal.digestOf(endpoint), sealed: seal.seal(id, { endpoint, ...keys }), service };
  });
  await withSession(url, (session) =>
    session.query(
      `insert into push_subscription (id, digest, sealed, key_id, service, communes, least, modes, language, secret_hash,
         created_at, renewed_at, confirmed_at, since, greeted, failed)
       select w.id, w.digest, w.sealed, $2, w.service, $3::text[], 0, '{ACTUAL}', 'fr-FR', '', now(), now(), now(),
         (select position from journal_head where id = 1), 1, 0
       from jsonb_to_recordset($1::jsonb) as w(id uuid, digest text, sealed text, service text)`,
      [JSON.stringify(rows), keyId, communes],
    ),
  );
  return rows.map(({ id }) => `/planted/${id}`);
}

/** Jobs on their way, of one publication or of all; undefined while there are entries of which none was made yet. */
export async function pushJobs(url: string, thread: string | null = null): Promise<{ again: string[] }[] | undefined> {
  return withSession(url, async (session) => {
    const { rows: behind } = await session.query(
      'select from push_progress p, journal_head h where p.position < h.position',
    );
    const { rows } = await session.query<{ again: string[] }>(
      'select again from push_job where $1::uuid is null or thread = $1',
      [thread],
    );
    return behind.length > 0 ? undefined : rows;
  });
}

/** Waits until every job, of one publication or of all, is done. */
export const allPushed = async (url: string, thread: string | null = null): Promise<void> => {
  if (!(await until(async () => (await pushJobs(url, thread))?.length === 0, PATIENCE_MS)))
    throw new Error('jobs of pushes are left');
};

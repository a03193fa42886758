import { createHash, randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pino } from 'pino';
import { afterAll, describe, expect, it } from 'vitest';
import { newApiKey } from '../../src/access/keys/api-key.rules.ts';
import { newSealedKey } from '../../src/access/sealed/sealed-key.rules.ts';
import { withSession } from '../support/database/cluster.ts';
import { testDatabase } from '../support/database/database.ts';
import { refusal } from '../support/desk/desk.ts';
import { bearing, inDays, newMachine } from '../support/desk/machines.ts';
import { RawSocket } from '../support/following/raw-socket.ts';
import { startHub } from '../support/hub/hub.ts';
import { startIssuer } from '../support/hub/issuer.ts';

/** Attacks by keys of machines, and by those who have found one. Behind each: how it was seen to succeed. */
const { url } = await testDatabase();
const issuer = await startIssuer();
const log = new PassThrough();
const hub = await startHub({
  url,
  oidc: { issuer: issuer.url, audience: issuer.audience },
  logger: pino({ level: 'trace' }, log),
});
const counting = await startHub({ url, limits: { failedTokens: 1 } });
afterAll(async () => {
  await hub.close();
  await counting.close();
  await issuer.close();
});

const VIEWER = encodeURIComponent('{viewer{id}}');
const machine = await newMachine(hub, { roles: ['EDITOR', 'SCHEDULER'] });
const { apiKey, secret } = machine;

async function isRefused(token: string): Promise<void> {
  const answer = await fetch(`${hub.url}/graphql?query=${VIEWER}`, { headers: { authorization: `Bearer ${token}` } });
  const body = await answer.text();
  expect([answer.status, body]).toEqual([401, expect.stringContaining('UNAUTHENTICATED')]);
  expect(body).not.toContain(token);
  const socket = await new RawSocket(hub.url).init({ authorization: `Bearer ${token}` });
  expect((await socket.ended()).code).toBe(4403);
}

describe('a key that nobody was given', () => {
  it('guessed with a good checksum, is refused', async () => {
    // Not seen: 256 bits.
    for (let n = 0; n < 5; n += 1) await isRefused(newApiKey().key);
  });

  it('made of what is stored or shown, is refused: its hash, its beginning, its id', async () => {
    // Not seen yet; its guard is taken out with the token itself looked up in place of its hash.
    const hash = createHash('sha256').update(secret).digest('hex');
    for (const token of [hash, `tocsin_${hash}`, `tocsin_${hash.slice(0, 49)}`, apiKey.prefix, apiKey.id])
      await isRefused(token);
  });

  it.each([
    "tocsin_' or true --",
    `tocsin_${'0'.repeat(49)}`,
    `tocsin_${'x'.repeat(7_000)}`,
    'tocsin_%00',
    'tocsin___proto__',
    'tocsin_',
  ])('and that cannot be one, %s, is refused', async (token) => {
    // Not seen: only what has the form and the checksum of a key is looked for at all.
    await isRefused(token);
  });

  it('is the good one in another case, with more behind it, or cut', async () => {
    // Not seen: keys are compared by their hash.
    for (const near of [secret.toUpperCase(), secret.toLowerCase(), `${secret}0`, secret.slice(0, -1)])
      await isRefused(near);
  });

  it('is looked at no more of an address that sent many: keys count as tokens do', async () => {
    // Seen with tokens identified outside of `checked`.
    const statuses: number[] = [];
    for (let n = 0; n < 40; n += 1) {
      const headers = { authorization: `Bearer ${newApiKey().key}` };
      statuses.push((await fetch(`${counting.url}/graphql?query=${VIEWER}`, { headers })).status);
    }
    expect(statuses.filter((status) => status === 401).length).toBeLessThan(30);
    expect(statuses.at(-1)).toBe(429);
  });
});

describe('a sealed key that nobody was given', () => {
  it.each(['tocsin_sealed_', "tocsin_sealed_'or'1'='1", `TOCSIN_SEALED_${'0'.repeat(35)}`, newSealedKey().key])(
    '%s, opens nothing',
    async (token) => {
      // Not seen: 140 bits, and only what has the form and the checksum of a key is looked for at all.
      await isRefused(token);
      expect(
        (await refusal(bearing(hub, token).request('mutation { openSealedKey(name: "x") { secret } }'))).code,
      ).toBe('UNAUTHENTICATED');
    },
  );

  it('is looked at no more of an address that sent many', async () => {
    // Seen with tokens identified outside of `checked`.
    const headers = () => ({ authorization: `Bearer ${newSealedKey().key}` });
    const ask = async () => (await fetch(`${counting.url}/graphql?query=${VIEWER}`, { headers: headers() })).status;
    await expect.poll(ask, { interval: 1 }).toBe(429);
  });
});

describe('a good key', () => {
  it('opens nothing where no token belongs', async () => {
    // Not seen: no door reads these.
    const asked = async (headers: Record<string, string>, more = '') => {
      const answer = await fetch(`${hub.url}/graphql?query=${VIEWER}${more}`, { headers });
      return ((await answer.json()) as { data?: { viewer: object | null } }).data?.viewer ?? null;
    };
    expect(await asked({ authorization: `Bearer ${secret}` })).not.toBeNull();
    expect(await asked({ cookie: `authorization=Bearer ${secret}; token=${secret}` })).toBeNull();
    expect(await asked({ 'x-api-key': secret })).toBeNull();
    expect(await asked({}, `&access_token=${secret}`)).toBeNull();
    expect(await asked({ authorization: `Basic ${btoa(`${secret}:`)}` })).toBeNull();
    expect(await asked({ authorization: secret })).toBeNull();
  });

  it('makes no keys, sees no accounts, and approves nothing', async () => {
    // Seen with `createApiKey` of PERMISSIONS open to EDITOR.
    const machineAsks = (query: string) => refusal(bearing(hub, secret).request(query));
    for (const query of [
      '{ apiKeys { totalCount } }',
      '{ accounts { totalCount } }',
      `mutation { createApiKey(input: { name: "x", roles: [EDITOR], expiresAt: "${inDays(1)}" }) { secret } }`,
      `mutation { rotateApiKey(id: "${apiKey.id}", version: 1, expiresAt: "${inDays(300)}") { secret } }`,
      `mutation { approveDossier(id: "${apiKey.id}", version: 1) { asOf } }`,
      `mutation { readPersonalData(id: "${apiKey.id}") { asOf } }`,
    ])
      expect([query, (await machineAsks(query)).code]).toEqual([query, 'FORBIDDEN']);
  });

  it('is nobody’s but its machine’s: a person whose issuer calls them by its id is somebody else', async () => {
    // Not seen: accounts are known by issuer and subject.
    const token = await issuer.token({ sub: apiKey.id });
    const { viewer } = await bearing(hub, token).request<{ viewer: { id: string } }>('{ viewer { id } }');
    expect(viewer.id).not.toBe(apiKey.account.id);
  });

  it('is over when it is over, with what was opened by it', async () => {
    // Seen with `expiresAt` left out of what `admitMachine` answers.
    const brief = await newMachine(hub, { expiresAt: inDays(5 / 86_400) });
    const socket = await new RawSocket(hub.url).init({ authorization: `Bearer ${brief.secret}` });
    await socket.subscribe('1', 'subscription { changes { cursor } }');
    expect(await socket.ended()).toEqual({ code: 4403, reason: 'The token has expired' });
    const refused = () => isRefused(brief.secret).then(() => true);
    await expect.poll(refused).toBe(true);
  });

  it('cannot be given by whoever writes into the database as a hub does: more than a machine may', async () => {
    // Seen with the trigger api_key_guarded taken out.
    await withSession(url, async (session) => {
      const grant = session.query(
        `insert into api_key (id, version, account_id, name, roles, prefix, hash, created_by_id, created_at, issued_at, expires_at)
         select gen_random_uuid(), 1, account_id, 'x', '{VALIDATOR}', 'x', $2, created_by_id, now(), now(), now() + interval '1 day'
         from api_key where id = $1`,
        [apiKey.id, randomBytes(32).toString('hex')],
      );
      await expect(grant).rejects.toThrow(/neither approves nor publishes nor manages/);
    });
  });
});

it('nothing of any key stands in the log', async () => {
  // Not seen yet; its guard is taken out with the headers of each request logged.
  const fresh = await newMachine(hub);
  for (const { secret: one } of [fresh, machine]) await bearing(hub, one).request('{ viewer { id } }');
  await hub.close();
  log.end();
  const written = await text(log);
  for (const { secret: one, apiKey: made } of [fresh, machine]) {
    expect(written).not.toContain(one.slice(made.prefix.length));
    expect(written).not.toContain(createHash('sha256').update(one).digest('hex'));
  }
  expect(written).not.toMatch(/tocsin_[0-9A-Za-z]{20}/);
});

import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ROLES } from '../../src/access/actor.ts';
import { ConfigFault, readConfig } from '../../src/config.ts';

const folder = await mkdtemp(path.join(os.tmpdir(), 'tocsin-config-'));
afterAll(() => rm(folder, { recursive: true }));

const faults = (environment: Record<string, string>): readonly string[] => {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigFault) return error.faults;
    throw error;
  }
  return [];
};

const production = {
  TOCSIN_MODE: 'production',
  DATABASE_URL: 'postgresql://tocsin@db.example.fr/tocsin',
  TOCSIN_PUBLIC_URL: 'https://alerte.example.fr',
  TOCSIN_DATA_DIR: folder,
  TOCSIN_OIDC_ISSUER: 'https://login.example.fr',
  TOCSIN_OIDC_AUDIENCE: 'tocsin',
  TOCSIN_CAP_SENDER: 'alerte@essonne.example',
  TOCSIN_CAP_KEY: import.meta.filename,
  TOCSIN_CAP_CERT: import.meta.filename,
};

it('an empty environment is a development hub on port 4000 with the demo and a database of its own', () => {
  expect(readConfig({})).toEqual({
    mode: 'development',
    port: 4000,
    host: '127.0.0.1',
    databaseUrl: undefined,
    connections: { all: 10, public: 3 },
    hubDatabaseUrl: undefined,
    dataDir: path.resolve('.tocsin'),
    demo: true,
    allowLoopback: false,
    publicUrl: undefined,
    operators: { key: undefined, own: undefined, atHome: true },
    securityContacts: [],
    explorer: true,
    territoryFile: undefined,
    geocoder: undefined,
    heartbeat: undefined,
    gateway: undefined,
    issuers: [],
    rolesFrom: 'accounts',
    tokenRules: {
      types: ['at+jwt'],
      algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'],
      longestHours: 12,
      strong: { roles: [], signs: ['mfa'] },
    },
    desk: { client: undefined, times: { idleMinutes: 120, longestHours: 12 } },
    cap: { sender: 'tocsin.example', pair: undefined },
    mail: undefined,
    push: undefined,
    logLevel: 'info',
    retentionDays: 30,
    recent: { entries: 10_000, bytes: 128 * 2 ** 20 },
    drainSeconds: 10,
    tracing: undefined,
    workers: 1,
    hangSeconds: 10,
    startSeconds: 300,
    trustedProxies: [],
    limits: {
      identityPoints: 500_000,
      addressPoints: 400_000,
      anonymousPoints: 700_000,
      addressStreams: 20_000,
      addressHandshakes: 500,
      failedTokens: 5,
      connectionPoints: 5,
      connectionBurst: 500,
      pushSaves: 10,
    },
  });
});

it('an empty value counts as not given, other variables are nobody’s business', () => {
  expect(readConfig({ PORT: '', TOCSIN_DEMO: ' ', PATH: '/bin', PGSSLMODE: 'require' })).toEqual(readConfig({}));
});

it('every fault is listed at once, unknown names included', () => {
  const found = faults({
    PORT: '70000',
    DATABASE_URL: 'mysql://root:secret@db/hub',
    TOCSIN_PROT: '1',
    TOCSIN_DEMO: 'yes',
    TOCSIN_DRAIN_SECONDS: '1.5',
    TOCSIN_CAP_KEY: '/no/such/file.pem',
    TOCSIN_OIDC_AUDIENCE: 'tocsin',
  });
  expect([...found].sort()).toEqual([
    'DATABASE_URL: expected an address that begins with postgresql:// or postgres://',
    'PORT: expected a whole number from 0 to 65535',
    'TOCSIN_CAP_CERT: expected, because TOCSIN_CAP_KEY is given',
    'TOCSIN_CAP_KEY: expected a file that can be read',
    'TOCSIN_DEMO: expected true, false',
    'TOCSIN_DRAIN_SECONDS: expected a whole number from 0 to 600',
    'TOCSIN_OIDC_ISSUER: expected, because TOCSIN_OIDC_AUDIENCE is given',
    'TOCSIN_PROT: there is no such setting',
  ]);
});

it('spans go to a collector where there is one, and nothing else of OpenTelemetry’s variables matters without', () => {
  const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://127.0.0.1:4318/';
  const url = 'http://127.0.0.1:4318/v1/traces';
  const tracingOf = (more: Record<string, string> = {}) => readConfig({ OTEL_EXPORTER_OTLP_ENDPOINT, ...more }).tracing;
  expect(tracingOf()).toEqual({ url, service: 'tocsin', share: 1 });
  const some = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' };
  expect(tracingOf({ ...some, OTEL_SERVICE_NAME: 'hub-1' })).toEqual({ url, service: 'hub-1', share: 0.25 });
  expect(tracingOf({ OTEL_TRACES_SAMPLER: 'always_off' })?.share).toBe(0);
  expect(tracingOf({ OTEL_SDK_DISABLED: 'true' })).toBeUndefined();
  expect(readConfig({ ...some, OTEL_SERVICE_NAME: 'hub-1' }).tracing).toBeUndefined();
  expect(faults({ OTEL_EXPORTER_OTLP_ENDPOINT: 'grpc://collector', OTEL_TRACES_SAMPLER_ARG: '2' })).toEqual([
    'OTEL_EXPORTER_OTLP_ENDPOINT: expected an address that begins with https:// or http://',
    'OTEL_TRACES_SAMPLER_ARG: expected a number from 0 to 1',
  ]);
});

it('a fault never repeats a password', () => {
  expect(faults({ DATABASE_URL: 'mysql://root:secret@db/hub' }).join()).not.toContain('secret');
});

it('a public address loses the slash at its end', () => {
  expect(readConfig({ TOCSIN_PUBLIC_URL: 'https://alerte.example.fr/' }).publicUrl).toBe('https://alerte.example.fr');
});

describe('production', () => {
  it('starts with an https issuer, a sender and no demo', () => {
    expect(readConfig(production)).toMatchObject({
      mode: 'production',
      demo: false,
      issuers: [{ audience: 'tocsin' }],
    });
  });

  it('refuses to start without an issuer', () => {
    const { TOCSIN_OIDC_ISSUER: _, TOCSIN_OIDC_AUDIENCE: __, ...rest } = production;
    expect(faults(rest)).toEqual([expect.stringContaining('TOCSIN_OIDC_ISSUER')]);
  });

  it('refuses an http issuer, the demo, a missing sender and messages that nobody could sign', () => {
    const { TOCSIN_CAP_SENDER: _, TOCSIN_CAP_KEY: __, TOCSIN_CAP_CERT: ___, ...rest } = production;
    const found = faults({ ...rest, TOCSIN_OIDC_ISSUER: 'http://login.example.fr', TOCSIN_DEMO: 'true' });
    expect(found).toEqual([
      'TOCSIN_OIDC_ISSUER: expected https in production',
      'TOCSIN_DEMO: refused in production',
      'TOCSIN_CAP_SENDER: expected in production',
      'TOCSIN_CAP_KEY, TOCSIN_CAP_CERT: expected in production',
    ]);
  });

  it('refuses to start without a PostgreSQL of its own keeping', () => {
    const { DATABASE_URL: _, ...rest } = production;
    const words = 'DATABASE_URL: expected in production, where no hub has a database of its own';
    expect(faults(rest)).toEqual([words]);
    expect(faults({ ...rest, DATABASE_URL: ' ' })).toEqual([words]);
  });

  it.each([undefined, '', 'http://alerte.example.fr', 'HTTP://alerte.example.fr'])(
    'refuses %s as its public address: it must be https',
    (address) => {
      const { TOCSIN_PUBLIC_URL: _, ...rest } = production;
      expect(faults(address === undefined ? rest : { ...rest, TOCSIN_PUBLIC_URL: address })).toEqual([
        'TOCSIN_PUBLIC_URL: expected in production, an address that begins with https://: CAP messages name it for ever',
      ]);
      expect(faults({ ...production, TOCSIN_PUBLIC_URL: 'HTTPS://alerte.example.fr' })).toEqual([]);
    },
  );

  it('refuses an issuer without TLS however its address is written', () => {
    expect(faults({ ...production, TOCSIN_OIDC_ISSUER: 'HTTP://login.example.fr' })).toEqual([
      'TOCSIN_OIDC_ISSUER: expected https in production',
    ]);
  });

  it('refuses webhooks and watchers to the machine itself', () => {
    expect(faults({ ...production, TOCSIN_ALLOW_LOOPBACK: 'true' })).toEqual([
      'TOCSIN_ALLOW_LOOPBACK: refused in production, where nobody may reach this machine through the hub',
    ]);
    expect(readConfig({ ...production, TOCSIN_ALLOW_LOOPBACK: 'false' }).allowLoopback).toBe(false);
    expect(readConfig({ TOCSIN_ALLOW_LOOPBACK: 'true' }).allowLoopback).toBe(true);
    expect(faults({ TOCSIN_ALLOW_LOOPBACK: '127.0.0.1' })).toEqual(['TOCSIN_ALLOW_LOOPBACK: expected true, false']);
  });

  it('refuses to start where development tokens lie', async () => {
    await writeFile(path.join(folder, 'dev-tokens.json'), '{}');
    expect(faults(production)).toEqual([expect.stringContaining('holds development tokens')]);
    await rm(path.join(folder, 'dev-tokens.json'));
  });
});

it.each(['0.0.0.0/0', '::/0', 'proxy.example.fr', '10.0.0.0/33', '10.0.0.7,', '7'])(
  'refuses %s as a trusted proxy',
  (value) =>
    expect(faults({ TOCSIN_TRUSTED_PROXIES: value })).toEqual([expect.stringMatching('TOCSIN_TRUSTED_PROXIES')]),
);

it('reads trusted proxies as a list', () => {
  const { trustedProxies } = readConfig({ TOCSIN_TRUSTED_PROXIES: '10.0.0.7, fd00::/8' });
  expect(trustedProxies).toEqual(['10.0.0.7', 'fd00::/8']);
});

it('reads whom to tell of a hole, in the order of preference', () => {
  const value = 'mailto:securite@example.fr, https://example.fr/securite?a=b,tel:+33-1-60-91-00-00';
  expect(readConfig({ TOCSIN_SECURITY_CONTACT: value }).securityContacts).toEqual([
    'mailto:securite@example.fr',
    'https://example.fr/securite?a=b',
    'tel:+33-1-60-91-00-00',
  ]);
});

it.each([
  'securite@example.fr',
  'http://example.fr',
  'mailto:',
  'mailto:a@b.fr,',
  'mailto:a@b.fr\nExpires: 2099',
  'tel:a',
])('refuses %j as an address of somebody to tell', (value) =>
  expect(faults({ TOCSIN_SECURITY_CONTACT: value })).toEqual([expect.stringMatching('TOCSIN_SECURITY_CONTACT')]),
);

it('operators have a port of their own, a key, both or neither', () => {
  const key = 'k'.repeat(32);
  const own = { host: '127.0.0.1', port: 9464 };
  expect(readConfig({ ...production, TOCSIN_METRICS_PORT: '9464' }).operators).toEqual({ own, atHome: false });
  expect(readConfig({ ...production, TOCSIN_METRICS_KEY: key }).operators).toEqual({ key, atHome: false });
  const everywhere = { TOCSIN_METRICS_PORT: '9464', TOCSIN_METRICS_HOST: '0.0.0.0', TOCSIN_METRICS_KEY: key };
  expect(readConfig(everywhere).operators).toEqual({ key, own: { ...own, host: '0.0.0.0' }, atHome: true });
  expect(readConfig(production).operators).toEqual({ atHome: false });
});

it.each([
  [
    { TOCSIN_METRICS_KEY: 'secret' },
    'TOCSIN_METRICS_KEY: expected 32 characters or more, without space, that nobody can guess',
  ],
  [{ TOCSIN_METRICS_PORT: '0' }, 'TOCSIN_METRICS_PORT: expected a whole number from 1 to 65535'],
  [{ TOCSIN_METRICS_PORT: '4000' }, 'TOCSIN_METRICS_PORT: expected another port than PORT'],
  [{ TOCSIN_METRICS_HOST: '0.0.0.0' }, 'TOCSIN_METRICS_PORT: expected, because TOCSIN_METRICS_HOST is given'],
])('refuses doors of operators such as %j', (given, words) => expect(faults(given)).toEqual([words]));

describe('tokens', () => {
  it('of two issuers are taken, those of volunteers for their roles alone, by the rules that are set', () => {
    const { issuers, tokenRules } = readConfig({
      TOCSIN_OIDC_ISSUER: 'https://login.example.fr',
      TOCSIN_OIDC_AUDIENCE: 'tocsin',
      TOCSIN_VOLUNTEERS_ISSUER: 'https://compte.example.org',
      TOCSIN_VOLUNTEERS_AUDIENCE: 'tocsin-benevoles',
      TOCSIN_TOKEN_TYPES: 'JWT, at+jwt',
      TOCSIN_TOKEN_ALGORITHMS: 'ES256',
      TOCSIN_TOKEN_HOURS: '8',
      TOCSIN_STRONG_ROLES: 'VALIDATOR,DUTY_OFFICER',
      TOCSIN_STRONG_SIGNS: 'mfa,https://proconnect.example/acr/2',
      TOCSIN_ROLES: 'token',
    });
    expect(issuers).toEqual([
      { address: 'https://login.example.fr', audience: 'tocsin', roles: expect.arrayContaining(['ADMIN', 'EDITOR']) },
      { address: 'https://compte.example.org', audience: 'tocsin-benevoles', roles: ['VOLUNTEER', 'CHECKER'] },
    ]);
    expect(tokenRules).toEqual({
      types: ['jwt', 'at+jwt'],
      algorithms: ['ES256'],
      longestHours: 8,
      strong: { roles: ['VALIDATOR', 'DUTY_OFFICER'], signs: ['mfa', 'https://proconnect.example/acr/2'] },
    });
  });

  it.each([
    ['TOCSIN_ROLES', 'issuer'],
    ['TOCSIN_TOKEN_TYPES', 'logout+jwt'],
    ['TOCSIN_TOKEN_TYPES', 'at+jwt,'],
    ['TOCSIN_TOKEN_ALGORITHMS', 'HS256'],
    ['TOCSIN_TOKEN_ALGORITHMS', 'none'],
    ['TOCSIN_TOKEN_HOURS', '0'],
    ['TOCSIN_STRONG_ROLES', 'VALIDATER'],
    ['TOCSIN_STRONG_SIGNS', 'mfa,,otp'],
    ['TOCSIN_VOLUNTEERS_ISSUER', 'https://compte.example.org'],
    ['HUB_DATABASE_URL', 'mysql://root:secret@db/hub'],
  ])('%s is refused as %s', (name, value) => {
    expect(faults({ [name]: value })).toEqual([expect.stringMatching(/^(HUB|TOCSIN)_\w+: expected/)]);
  });

  it('of volunteers may be for every role where roles are those of accounts', () => {
    const [, volunteers] = readConfig({
      ...production,
      TOCSIN_VOLUNTEERS_ISSUER: 'https://compte.example.org',
      TOCSIN_VOLUNTEERS_AUDIENCE: 'tocsin-benevoles',
    }).issuers;
    expect(volunteers?.roles).toEqual(ROLES);
  });

  it('of one issuer are not those of two', () => {
    const twice = { TOCSIN_VOLUNTEERS_ISSUER: production.TOCSIN_OIDC_ISSUER, TOCSIN_VOLUNTEERS_AUDIENCE: 'other' };
    expect(faults({ ...production, ...twice })).toEqual([expect.stringMatching(/^TOCSIN_VOLUNTEERS_ISSUER: /)]);
    const open = { ...twice, TOCSIN_VOLUNTEERS_ISSUER: 'http://compte.example.org' };
    expect(faults({ ...production, ...open })).toEqual(['TOCSIN_VOLUNTEERS_ISSUER: expected https in production']);
  });
});

describe('signing in to the desk', () => {
  const client = {
    TOCSIN_OIDC_ISSUER: 'https://login.example.fr',
    TOCSIN_OIDC_AUDIENCE: 'tocsin',
    TOCSIN_ROLES: 'accounts',
    TOCSIN_DESK_CLIENT_ID: 'tocsin',
    TOCSIN_DESK_CLIENT_SECRET: 'sixteen-letters-',
  };

  it('is by the staff’s issuer, with the secret from the environment or a file, and openid among the scopes', async () => {
    const file = path.join(folder, 'secret');
    await writeFile(file, 'a-secret-in-a-file\n');
    const { TOCSIN_DESK_CLIENT_SECRET: _, ...rest } = client;
    const more = { TOCSIN_DESK_SCOPES: 'given_name, openid', TOCSIN_DESK_ACR: 'eidas2,https://acr.example/2' };
    const times = { TOCSIN_DESK_IDLE_MINUTES: '30', TOCSIN_DESK_HOURS: '8' };
    const own = { issuer: 'https://login.example.fr', id: 'tocsin' };
    expect(readConfig(client).desk.client).toEqual({
      ...own,
      secret: 'sixteen-letters-',
      scopes: ['openid', 'profile'],
      acr: [],
    });
    expect(readConfig({ ...rest, ...more, ...times, TOCSIN_DESK_CLIENT_SECRET_FILE: file }).desk).toEqual({
      client: {
        ...own,
        secret: 'a-secret-in-a-file',
        scopes: ['openid', 'given_name'],
        acr: ['eidas2', 'https://acr.example/2'],
      },
      times: { idleMinutes: 30, longestHours: 8 },
    });
  });

  it.each([
    [
      'without a secret',
      { TOCSIN_DESK_CLIENT_SECRET: '' },
      /^TOCSIN_DESK_CLIENT_SECRET, \w+_FILE: expected one of both/,
    ],
    ['without an id', { TOCSIN_DESK_CLIENT_ID: '' }, /^TOCSIN_DESK_CLIENT_ID: expected, because/],
    [
      'with two secrets',
      { TOCSIN_DESK_CLIENT_SECRET_FILE: import.meta.filename },
      /TOCSIN_DESK_CLIENT_SECRET\w*: expected/,
    ],
    [
      'with a short secret',
      { TOCSIN_DESK_CLIENT_SECRET: 'short' },
      /^TOCSIN_DESK_CLIENT_SECRET: expected 16 characters/,
    ],
    ['with a scope of two words', { TOCSIN_DESK_SCOPES: 'openid profile' }, /^TOCSIN_DESK_SCOPES: expected scopes/],
    ['where roles come with tokens', { TOCSIN_ROLES: 'token' }, /^TOCSIN_DESK_CLIENT_ID: refused/],
    ['that lasts for a week', { TOCSIN_DESK_HOURS: '168' }, /^TOCSIN_DESK_HOURS: expected a whole number/],
  ])('%s is refused, and no secret is repeated', (_what, change, words) => {
    const found = faults({ ...client, ...change });
    expect(found).toContainEqual(expect.stringMatching(words));
    expect(found.join()).not.toMatch(/sixteen-letters|: short/);
  });

  it('without an issuer is refused', () => {
    const { TOCSIN_OIDC_ISSUER: _, TOCSIN_OIDC_AUDIENCE: __, ...rest } = client;
    expect(faults(rest)).toEqual(['TOCSIN_OIDC_ISSUER: expected, because TOCSIN_DESK_CLIENT_ID is given']);
  });
});

describe('letters', () => {
  const TOCSIN_SMTP_URL = 'smtps://alerte:s%3Acret@mail.example.fr';
  const TOCSIN_MAIL_FROM = 'Alerte Essonne <alerte@essonne.example>';

  it('leave by a relay, signed where there is a key', async () => {
    const { privateKey: key } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    const TOCSIN_DKIM_KEY = path.join(folder, 'dkim.pem');
    await writeFile(TOCSIN_DKIM_KEY, key);
    const relay = {
      ...{ host: 'mail.example.fr', port: 465, isSecure: true, isHere: false },
      login: { user: 'alerte', password: 's:cret' },
    };
    const from = { name: 'Alerte Essonne', address: 'alerte@essonne.example' };
    expect(readConfig({ TOCSIN_SMTP_URL, TOCSIN_MAIL_FROM }).mail).toEqual({ relay, from, dkim: undefined });
    const signed = { TOCSIN_SMTP_URL, TOCSIN_MAIL_FROM, TOCSIN_DKIM_KEY, TOCSIN_DKIM_SELECTOR: '2026' };
    expect(readConfig(signed).mail).toEqual({ relay, from, dkim: { selector: '2026', key } });
  });

  it('leave by nothing that is half set, and a password is never repeated', () => {
    expect(faults({ TOCSIN_SMTP_URL })).toEqual(['TOCSIN_MAIL_FROM: expected, because TOCSIN_SMTP_URL is given']);
    expect(faults({ TOCSIN_DKIM_SELECTOR: '2026', TOCSIN_SMTP_URL, TOCSIN_MAIL_FROM })).toEqual([
      'TOCSIN_DKIM_KEY: expected, because TOCSIN_DKIM_SELECTOR is given',
    ]);
    const wrong = faults({
      TOCSIN_SMTP_URL: 'smtp://alerte:secret@mail.example.fr/?requireTLS=false',
      TOCSIN_MAIL_FROM: 'a@b.example, c@d.example',
      TOCSIN_DKIM_KEY: import.meta.filename,
      TOCSIN_DKIM_SELECTOR: 'a b',
    });
    expect([...wrong].sort()).toEqual([
      'TOCSIN_DKIM_KEY: expected a file with an RSA private key of 1024 bits or more, as PEM, without a password',
      'TOCSIN_DKIM_SELECTOR: expected a label of a domain, such as 2026',
      'TOCSIN_MAIL_FROM: expected one address, as alerte@example.fr, or Nom <alerte@example.fr>',
      'TOCSIN_SMTP_URL: expected smtp://user:password@host:587, or smtps:// for TLS from the first byte, and nothing behind it',
    ]);
  });
});

describe('pushes', () => {
  const TOCSIN_PUSH_SUBJECT = 'mailto:alerte@essonne.fr';
  const pemOf = (namedCurve: string) =>
    generateKeyPairSync('ec', { namedCurve }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const write = async (name: string, text: string) => {
    const file = path.join(folder, name);
    await writeFile(file, text);
    return file;
  };

  it('leave by the keys of a file, today’s first, and a seal', async () => {
    const [today, before] = [pemOf('P-256'), pemOf('P-256')];
    const parameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';
    const TOCSIN_PUSH_KEY = await write('push.pem', `${parameters}${today}${before}`);
    const TOCSIN_PUSH_SEAL = await write('seal', `${Buffer.alloc(32, 7).toString('base64')}\n`);
    expect(readConfig({ TOCSIN_PUSH_KEY, TOCSIN_PUSH_SEAL, TOCSIN_PUSH_SUBJECT }).push).toEqual({
      ...{ keys: [today.trim(), before.trim()], seal: Buffer.alloc(32, 7), subject: TOCSIN_PUSH_SUBJECT },
    });
  });

  it('leave by nothing that is half set or wrong, and no secret is repeated', async () => {
    const TOCSIN_PUSH_KEY = await write('good.pem', pemOf('P-256'));
    const ofSubject = (subject: string) =>
      faults({ TOCSIN_PUSH_SUBJECT: subject }).filter((fault) => fault.startsWith('TOCSIN_PUSH_SUBJECT'));
    for (const subject of ['mailto:a@hub.local', 'https://hub.test/contact', 'mailto:a@localhost'])
      expect(ofSubject(subject)).toHaveLength(1);
    expect(ofSubject('https://www.test.example.fr/contact')).toEqual([]);
    expect(faults({ TOCSIN_PUSH_KEY })).toEqual([
      'TOCSIN_PUSH_SEAL: expected, because TOCSIN_PUSH_KEY is given',
      'TOCSIN_PUSH_SUBJECT: expected, because TOCSIN_PUSH_KEY is given',
    ]);
    const wrong = faults({
      TOCSIN_PUSH_KEY: await write('long.pem', pemOf('P-384')),
      TOCSIN_PUSH_SEAL: await write('short', Buffer.alloc(31).toString('base64')),
      TOCSIN_PUSH_SUBJECT: 'mailto:alerte@localhost',
    });
    expect([...wrong].sort()).toEqual([
      'TOCSIN_PUSH_KEY: expected a file with private keys on P-256 (prime256v1), as PEM, without a password',
      'TOCSIN_PUSH_SEAL: expected a file with 32 random bytes, as base64',
      'TOCSIN_PUSH_SUBJECT: expected mailto:alerte@example.fr or https://example.fr, which somebody reads',
    ]);
  });
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { RolesFrom } from './access/account-directory.ts';
import { ROLES, type Role } from './access/actor.ts';
import type { Issuer } from './access/oidc.ts';
import { DEFAULT_TOKEN_RULES, isTokenType, type TokenRules } from './access/token.rules.ts';
import type { AllowanceLimits } from './allowance/bounds.ts';
import type { PushSecrets } from './channels/push/push-setting.ts';
import type { MailSettings } from './mail/mailer.ts';
import {
  ALGORITHMS,
  address,
  choice,
  contacts,
  file,
  isAlgorithm,
  isRole,
  isScope,
  isSigningSecret,
  mailRelay,
  mailSender,
  part,
  proxies,
  pushKeysFile,
  pushSubject,
  rsaKeyFile,
  sealFile,
  secret,
  wholeNumber,
  wordList,
} from './settings/kinds.ts';
import { type Environment, faultsTogether } from './settings/together.rules.ts';
import type { DeskClient } from './sign-in/issuer-client.ts';
import { DEFAULT_SESSION_TIMES, type SessionTimes } from './sign-in/session.rules.ts';

export type Config = Readonly<{
  mode: 'development' | 'production';
  /** 0 lets the system choose. */
  port: number;
  host: string;
  /** A PostgreSQL URL; undefined asks for the embedded database in `dataDir`. */
  databaseUrl: string | undefined;
  /** Connections of the pool of a process, and how many of them the public may hold at a time. */
  connections: { all: number; public: number };
  /** The address at which a hub is to enter that database; `npm run database:roles` makes its role. */
  hubDatabaseUrl: string | undefined;
  /** Absolute, like every path here. */
  dataDir: string;
  /** Whether an empty database gets the demo. */
  demo: boolean;
  /** Whether webhooks and watchers may lead to this machine itself: in development alone. */
  allowLoopback: boolean;
  /** Base of permalinks, without a slash at its end; undefined means `http://localhost:` and the port. */
  publicUrl: string | undefined;
  /** By which doors operators reach metrics and the reasons of readiness. */
  operators: Readonly<{
    key: string | undefined;
    own: Readonly<{ host: string; port: number }> | undefined;
    atHome: boolean;
  }>;
  /** Whom to tell of a hole, as `mailto:`, `https:` or `tel:`. */
  securityContacts: readonly string[];
  /** Whether browsers get an explorer of the API. */
  explorer: boolean;
  /** A GeoJSON file of official outlines. */
  territoryFile: string | undefined;
  /** Another's geocoder that people's searches may be sent to. */
  geocoder: Readonly<{ url: string }> | undefined;
  /** Whose `X-Forwarded-For` is believed. */
  trustedProxies: readonly string[];
  /** Bounds of each client's spending and streams. */
  limits: AllowanceLimits;
  /** Whose access tokens are taken; nobody's where it is empty. */
  issuers: readonly Issuer[];
  /** Whose word it is what an account may do. */
  rolesFrom: RolesFrom;
  tokenRules: TokenRules;
  /** How people sign in to the desk: by the staff's issuer, where the hub is its client. */
  desk: Readonly<{ client: DeskClient | undefined; times: SessionTimes }>;
  /** `pair`: PEM files of a private key and its certificate; undefined in development alone. */
  cap: Readonly<{ sender: string; pair: Readonly<{ keyFile: string; certFile: string }> | undefined }>;
  /** By which relay letters leave, and from whom; undefined: none does. */
  mail: MailSettings | undefined;
  /** With what pushes leave; undefined: none does. */
  push: PushSecrets | undefined;
  /** By which texts and spoken messages leave for people on duty, signed by all secrets, the newest first. */
  gateway: Readonly<{ url: string; secrets: readonly string[] }> | undefined;
  /** Asked each minute by the hub that keeps time; its owner rings once it is not. */
  heartbeat: Readonly<{ url: string }> | undefined;
  logLevel: (typeof LOG_LEVELS)[number];
  retentionDays: number;
  /** How much of the newest entries of the journal stays in memory, whichever is reached first. */
  recent: Readonly<{ entries: number; bytes: number }>;
  drainSeconds: number;
  /** Where spans go, in whose name, and which part of the traces; undefined where nobody collects them. */
  tracing: Readonly<{ url: string; service: string; share: number }> | undefined;
  /** Processes at one address. */
  workers: number;
  /** How long one of them may not answer before it is replaced; 0: for ever. */
  hangSeconds: number;
  /** How long one of them may take until it serves; 0: for ever. */
  startSeconds: number;
}>;

/** Everything that is wrong with the environment, one line each: to be shown without a stack. */
export class ConfigFault extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(['The environment cannot be used:', ...faults].join('\n  '));
    this.name = 'ConfigFault';
    this.faults = faults;
  }
}

/** An issuer of volunteers knows no agents of the Département: where roles come with tokens, its own never publish. */
const ROLES_OF_VOLUNTEERS: readonly Role[] = ['VOLUNTEER', 'CHECKER'];

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** The samplers that OpenTelemetry names, but for those of one vendor. */
const SAMPLERS = [
  'parentbased_always_on',
  'parentbased_traceidratio',
  'parentbased_always_off',
  'always_on',
  'traceidratio',
  'always_off',
] as const;

/** Sixty cores' worth of points. */
const MOST_POINTS = 60_000_000;

const schema = z.object({
  PORT: wholeNumber(0, 65_535).default(4000),
  HOST: z.string().default('127.0.0.1'),
  DATABASE_URL: address('postgresql:', 'postgres:').optional(),
  HUB_DATABASE_URL: address('postgresql:', 'postgres:').optional(),
  TOCSIN_DATA_DIR: z.string().default('.tocsin'),
  TOCSIN_MODE: choice(['development', 'production']).default('development'),
  TOCSIN_DEMO: choice(['true', 'false']).optional(),
  TOCSIN_ALLOW_LOOPBACK: choice(['true', 'false']).optional(),
  TOCSIN_PUBLIC_URL: address('https:', 'http:').optional(),
  TOCSIN_METRICS_PORT: wholeNumber(1, 65_535).optional(),
  TOCSIN_METRICS_HOST: z.string().default('127.0.0.1'),
  TOCSIN_METRICS_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{32,}$/, 'expected 32 characters or more, without space, that nobody can guess')
    .optional(),
  TOCSIN_SECURITY_CONTACT: contacts().default([]),
  TOCSIN_EXPLORER: choice(['true', 'false']).default('true'),
  TOCSIN_TERRITORY: file().optional(),
  TOCSIN_GEOCODER_URL: address('https:').optional(),
  TOCSIN_OIDC_ISSUER: address('https:', 'http:').optional(),
  TOCSIN_OIDC_AUDIENCE: z.string().optional(),
  TOCSIN_VOLUNTEERS_ISSUER: address('https:', 'http:').optional(),
  TOCSIN_VOLUNTEERS_AUDIENCE: z.string().optional(),
  TOCSIN_ROLES: choice(['accounts', 'token']).default('accounts'),
  TOCSIN_TOKEN_TYPES: wordList(
    isTokenType,
    'expected types of access tokens, such as at+jwt or JWT, or none',
  ).optional(),
  TOCSIN_TOKEN_ALGORITHMS: wordList(isAlgorithm, `expected ${ALGORITHMS.join(', ')}`).optional(),
  TOCSIN_TOKEN_HOURS: wholeNumber(1, 168).default(DEFAULT_TOKEN_RULES.longestHours),
  TOCSIN_STRONG_ROLES: wordList(isRole, `expected ${ROLES.join(', ')}`).optional(),
  TOCSIN_STRONG_SIGNS: wordList((word) => word !== '', 'expected values of amr or acr').optional(),
  TOCSIN_DESK_CLIENT_ID: z.string().optional(),
  TOCSIN_DESK_CLIENT_SECRET: secret().optional(),
  TOCSIN_DESK_CLIENT_SECRET_FILE: file()
    .transform((path) => readFileSync(path, 'utf8').trim())
    .pipe(secret())
    .optional(),
  TOCSIN_DESK_SCOPES: wordList(isScope, 'expected scopes such as openid,profile').optional(),
  TOCSIN_DESK_ACR: wordList(isScope, 'expected values of acr').optional(),
  TOCSIN_DESK_IDLE_MINUTES: wholeNumber(5, 1_440).default(DEFAULT_SESSION_TIMES.idleMinutes),
  TOCSIN_DESK_HOURS: wholeNumber(1, 24).default(DEFAULT_SESSION_TIMES.longestHours),
  TOCSIN_CAP_SENDER: z
    .string()
    .regex(/^[^\s,<&]+$/, 'expected an identifier without space, comma, < or &')
    .optional(),
  TOCSIN_CAP_KEY: file().optional(),
  TOCSIN_CAP_CERT: file().optional(),
  TOCSIN_SMTP_URL: mailRelay().optional(),
  TOCSIN_MAIL_FROM: mailSender().optional(),
  TOCSIN_DKIM_KEY: rsaKeyFile().optional(),
  TOCSIN_DKIM_SELECTOR: z
    .string()
    .regex(/^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/, 'expected a label of a domain, such as 2026')
    .optional(),
  TOCSIN_PUSH_KEY: pushKeysFile().optional(),
  TOCSIN_PUSH_SEAL: sealFile().optional(),
  TOCSIN_PUSH_SUBJECT: pushSubject().optional(),
  TOCSIN_CALL_GATEWAY_URL: address('https:').optional(),
  TOCSIN_CALL_GATEWAY_SECRETS: wordList(
    isSigningSecret,
    'expected whsec_ and 24 bytes or more in base64, with commas between several',
  ).optional(),
  TOCSIN_HEARTBEAT_URL: address('https:').optional(),
  TOCSIN_LOG_LEVEL: choice(LOG_LEVELS).default('info'),
  TOCSIN_RETENTION_DAYS: wholeNumber(1, 3_650).default(30),
  TOCSIN_RECENT_ENTRIES: wholeNumber(1, 1_000_000).default(10_000),
  TOCSIN_RECENT_MB: wholeNumber(1, 65_536).default(128),
  TOCSIN_DRAIN_SECONDS: wholeNumber(0, 600).default(10),
  OTEL_EXPORTER_OTLP_ENDPOINT: address('https:', 'http:').optional(),
  OTEL_SDK_DISABLED: z.string().optional(),
  OTEL_SERVICE_NAME: z.string().default('tocsin'),
  OTEL_TRACES_SAMPLER: choice(SAMPLERS).default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: part().default(1),
  TOCSIN_WORKERS: wholeNumber(1, 16).default(1),
  TOCSIN_HANG_SECONDS: wholeNumber(0, 3_600).default(10),
  TOCSIN_START_SECONDS: wholeNumber(0, 86_400).default(300),
  TOCSIN_TRUSTED_PROXIES: proxies().default([]),
  TOCSIN_IDENTITY_POINTS: wholeNumber(0, MOST_POINTS).default(500_000),
  TOCSIN_ADDRESS_POINTS: wholeNumber(0, MOST_POINTS).default(400_000),
  TOCSIN_ANONYMOUS_POINTS: wholeNumber(0, MOST_POINTS).default(700_000),
  TOCSIN_DATABASE_CONNECTIONS: wholeNumber(2, 1_000).default(10),
  TOCSIN_PUBLIC_CONNECTIONS: wholeNumber(1, 999).default(3),
  TOCSIN_ADDRESS_STREAMS: wholeNumber(0, 1_000_000).default(20_000),
  TOCSIN_ADDRESS_HANDSHAKES: wholeNumber(0, 100_000).default(500),
  TOCSIN_FAILED_TOKENS: wholeNumber(0, 100_000).default(5),
  TOCSIN_CONNECTION_POINTS: wholeNumber(0, 100_000).default(5),
  TOCSIN_CONNECTION_BURST: wholeNumber(50, 1_000_000).default(500),
  TOCSIN_PUSH_SAVES: wholeNumber(0, 100_000).default(10),
});

/**
 * Reads the whole environment: what a name means stands in the README. An empty value counts as not given.
 * Throws a ConfigFault with every fault at once: unknown `TOCSIN_` names, bad values, what production refuses.
 */
export function readConfig(environment: Environment = process.env): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
  const parsed = schema.safeParse(given);
  const faults = [
    ...unknownNames(environment),
    ...(parsed.error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`),
    ...faultsTogether(given),
  ];
  if (!parsed.data || faults.length > 0) throw new ConfigFault(faults);
  return configOf(parsed.data);
}

function issuersOf(value: z.output<typeof schema>): Issuer[] {
  const ofVolunteers = value.TOCSIN_ROLES === 'token' ? ROLES_OF_VOLUNTEERS : ROLES;
  const given = [
    { address: value.TOCSIN_OIDC_ISSUER, audience: value.TOCSIN_OIDC_AUDIENCE, roles: ROLES },
    { address: value.TOCSIN_VOLUNTEERS_ISSUER, audience: value.TOCSIN_VOLUNTEERS_AUDIENCE, roles: ofVolunteers },
  ];
  return given.flatMap(({ address, audience = '', roles }) => (address ? [{ address, audience, roles }] : []));
}

const tokenRulesOf = (value: z.output<typeof schema>): TokenRules => ({
  types: value.TOCSIN_TOKEN_TYPES?.map((type) => type.toLowerCase()) ?? DEFAULT_TOKEN_RULES.types,
  algorithms: value.TOCSIN_TOKEN_ALGORITHMS ?? DEFAULT_TOKEN_RULES.algorithms,
  longestHours: value.TOCSIN_TOKEN_HOURS,
  strong: {
    roles: value.TOCSIN_STRONG_ROLES ?? DEFAULT_TOKEN_RULES.strong.roles,
    signs: value.TOCSIN_STRONG_SIGNS ?? DEFAULT_TOKEN_RULES.strong.signs,
  },
});

function deskOf(value: z.output<typeof schema>): Config['desk'] {
  const id = value.TOCSIN_DESK_CLIENT_ID;
  const secret = value.TOCSIN_DESK_CLIENT_SECRET ?? value.TOCSIN_DESK_CLIENT_SECRET_FILE;
  const issuer = value.TOCSIN_OIDC_ISSUER;
  const scopes = new Set(['openid', ...(value.TOCSIN_DESK_SCOPES ?? ['profile'])]);
  const acr = value.TOCSIN_DESK_ACR ?? [];
  const client = id && secret && issuer ? { issuer, id, secret, scopes: [...scopes], acr } : undefined;
  return { client, times: { idleMinutes: value.TOCSIN_DESK_IDLE_MINUTES, longestHours: value.TOCSIN_DESK_HOURS } };
}

function mailOf(value: z.output<typeof schema>): Config['mail'] {
  const { TOCSIN_SMTP_URL: relay, TOCSIN_MAIL_FROM: from } = value;
  const { TOCSIN_DKIM_KEY: key, TOCSIN_DKIM_SELECTOR: selector } = value;
  return relay && from && { relay, from, dkim: key && selector ? { selector, key } : undefined };
}

function pushOf(value: z.output<typeof schema>): Config['push'] {
  const { TOCSIN_PUSH_KEY: keys, TOCSIN_PUSH_SEAL: seal, TOCSIN_PUSH_SUBJECT: subject } = value;
  return keys && seal && subject ? { keys, seal, subject } : undefined;
}

function gatewayOf(value: z.output<typeof schema>): Config['gateway'] {
  const { TOCSIN_CALL_GATEWAY_URL: url, TOCSIN_CALL_GATEWAY_SECRETS: secrets } = value;
  return url && secrets ? { url, secrets } : undefined;
}

function tracingOf(value: z.output<typeof schema>): Config['tracing'] {
  const endpoint = value.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (!endpoint || value.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return undefined;
  const sampler = value.OTEL_TRACES_SAMPLER;
  const share = sampler.endsWith('ratio') ? value.OTEL_TRACES_SAMPLER_ARG : sampler.endsWith('on') ? 1 : 0;
  return { url: `${endpoint.replace(/\/+$/, '')}/v1/traces`, service: value.OTEL_SERVICE_NAME, share };
}

/**
 * Forgets the PG* variables (PGSSLMODE, PGOPTIONS …) of this process: they are meant for another server than the
 * embedded one, and would keep the hub from reaching it. With a DATABASE_URL they hold, as everywhere.
 */
export function forgetPostgresVariables(): void {
  for (const name of Object.keys(process.env)) {
    if (/^PG[A-Z]/.test(name)) delete process.env[name];
  }
}

function configOf(value: z.output<typeof schema>): Config {
  const mode = value.TOCSIN_MODE;
  return {
    mode,
    port: value.PORT,
    host: value.HOST,
    databaseUrl: value.DATABASE_URL,
    connections: { all: value.TOCSIN_DATABASE_CONNECTIONS, public: value.TOCSIN_PUBLIC_CONNECTIONS },
    hubDatabaseUrl: value.HUB_DATABASE_URL,
    dataDir: path.resolve(value.TOCSIN_DATA_DIR),
    demo: value.TOCSIN_DEMO ? value.TOCSIN_DEMO === 'true' : mode === 'development',
    allowLoopback: value.TOCSIN_ALLOW_LOOPBACK === 'true',
    publicUrl: value.TOCSIN_PUBLIC_URL?.replace(/\/+$/, ''),
    operators: {
      key: value.TOCSIN_METRICS_KEY,
      own: value.TOCSIN_METRICS_PORT ? { host: value.TOCSIN_METRICS_HOST, port: value.TOCSIN_METRICS_PORT } : undefined,
      atHome: mode === 'development',
    },
    securityContacts: value.TOCSIN_SECURITY_CONTACT,
    explorer: value.TOCSIN_EXPLORER === 'true',
    territoryFile: value.TOCSIN_TERRITORY,
    geocoder: value.TOCSIN_GEOCODER_URL ? { url: value.TOCSIN_GEOCODER_URL } : undefined,
    gateway: gatewayOf(value),
    heartbeat: value.TOCSIN_HEARTBEAT_URL ? { url: value.TOCSIN_HEARTBEAT_URL } : undefined,
    issuers: issuersOf(value),
    rolesFrom: value.TOCSIN_ROLES,
    tokenRules: tokenRulesOf(value),
    desk: deskOf(value),
    cap: {
      sender: value.TOCSIN_CAP_SENDER ?? 'tocsin.example',
      pair:
        value.TOCSIN_CAP_KEY && value.TOCSIN_CAP_CERT
          ? { keyFile: value.TOCSIN_CAP_KEY, certFile: value.TOCSIN_CAP_CERT }
          : undefined,
    },
    mail: mailOf(value),
    push: pushOf(value),
    logLevel: value.TOCSIN_LOG_LEVEL,
    retentionDays: value.TOCSIN_RETENTION_DAYS,
    recent: { entries: value.TOCSIN_RECENT_ENTRIES, bytes: value.TOCSIN_RECENT_MB * 2 ** 20 },
    drainSeconds: value.TOCSIN_DRAIN_SECONDS,
    tracing: tracingOf(value),
    workers: value.TOCSIN_WORKERS,
    hangSeconds: value.TOCSIN_HANG_SECONDS,
    startSeconds: value.TOCSIN_START_SECONDS,
    trustedProxies: value.TOCSIN_TRUSTED_PROXIES,
    limits: {
      identityPoints: value.TOCSIN_IDENTITY_POINTS,
      addressPoints: value.TOCSIN_ADDRESS_POINTS,
      anonymousPoints: value.TOCSIN_ANONYMOUS_POINTS,
      addressStreams: value.TOCSIN_ADDRESS_STREAMS,
      addressHandshakes: value.TOCSIN_ADDRESS_HANDSHAKES,
      failedTokens: value.TOCSIN_FAILED_TOKENS,
      connectionPoints: value.TOCSIN_CONNECTION_POINTS,
      connectionBurst: value.TOCSIN_CONNECTION_BURST,
      pushSaves: value.TOCSIN_PUSH_SAVES,
    },
  };
}

function unknownNames(environment: Environment): string[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith('TOCSIN_') && !(name in schema.shape))
    .map((name) => `${name}: there is no such setting`);
}

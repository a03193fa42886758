import { existsSync } from 'node:fs';
import path from 'node:path';

/** The environment as it was given, without what is empty. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Faults of settings that lack or forbid one another, one line each. */
export const faultsTogether = (given: Environment): string[] => [
  ...pairs(given),
  ...ports(given),
  ...issuersApart(given),
  ...deskClient(given),
  ...(given.TOCSIN_DKIM_KEY && !given.TOCSIN_SMTP_URL
    ? ['TOCSIN_SMTP_URL: expected, because TOCSIN_DKIM_KEY is given']
    : []),
  ...(given.TOCSIN_MODE === 'production' ? refusedInProduction(given) : []),
];

function pairs(given: Environment): string[] {
  const wanted = [
    ['TOCSIN_OIDC_ISSUER', 'TOCSIN_OIDC_AUDIENCE'],
    ['TOCSIN_VOLUNTEERS_ISSUER', 'TOCSIN_VOLUNTEERS_AUDIENCE'],
    ['TOCSIN_CAP_KEY', 'TOCSIN_CAP_CERT'],
    ['TOCSIN_SMTP_URL', 'TOCSIN_MAIL_FROM'],
    ['TOCSIN_DKIM_KEY', 'TOCSIN_DKIM_SELECTOR'],
    ['TOCSIN_PUSH_KEY', 'TOCSIN_PUSH_SEAL'],
    ['TOCSIN_PUSH_KEY', 'TOCSIN_PUSH_SUBJECT'],
    ['TOCSIN_CALL_GATEWAY_URL', 'TOCSIN_CALL_GATEWAY_SECRETS'],
  ] as const;
  return wanted
    .flatMap(([one, other]) => [
      [one, other],
      [other, one],
    ])
    .filter(([there, missing]) => there && missing && given[there] && !given[missing])
    .map(([there, missing]) => `${missing}: expected, because ${there} is given`);
}

function ports({ PORT = '4000', TOCSIN_METRICS_PORT: own, TOCSIN_METRICS_HOST: host }: Environment): string[] {
  if (host && !own) return ['TOCSIN_METRICS_PORT: expected, because TOCSIN_METRICS_HOST is given'];
  return own && Number(own) === Number(PORT) ? ['TOCSIN_METRICS_PORT: expected another port than PORT'] : [];
}

/** Two issuers at one address would be one, with the roles of either. */
const issuersApart = ({ TOCSIN_OIDC_ISSUER: staff, TOCSIN_VOLUNTEERS_ISSUER: volunteers }: Environment): string[] =>
  staff && staff === volunteers
    ? ['TOCSIN_VOLUNTEERS_ISSUER: expected another address than that of TOCSIN_OIDC_ISSUER']
    : [];

const DESK_SETTINGS = [
  'TOCSIN_DESK_CLIENT_SECRET',
  'TOCSIN_DESK_CLIENT_SECRET_FILE',
  'TOCSIN_DESK_SCOPES',
  'TOCSIN_DESK_ACR',
];

/** A hub that is the client of nobody, or has no secret for it, would fail at the first sign-in. */
function deskClient(given: Environment): string[] {
  const { TOCSIN_DESK_CLIENT_ID: id, TOCSIN_DESK_CLIENT_SECRET: secret, TOCSIN_DESK_CLIENT_SECRET_FILE: file } = given;
  const early = DESK_SETTINGS.find((name) => given[name]);
  const because = 'because TOCSIN_DESK_CLIENT_ID is given';
  return [
    !id && early && `TOCSIN_DESK_CLIENT_ID: expected, because ${early} is given`,
    id &&
      !secret &&
      !file &&
      `TOCSIN_DESK_CLIENT_SECRET, TOCSIN_DESK_CLIENT_SECRET_FILE: expected one of both, ${because}`,
    secret && file && 'TOCSIN_DESK_CLIENT_SECRET: expected in one place, not in TOCSIN_DESK_CLIENT_SECRET_FILE as well',
    id && !given.TOCSIN_OIDC_ISSUER && `TOCSIN_OIDC_ISSUER: expected, ${because}`,
    id &&
      given.TOCSIN_ROLES === 'token' &&
      'TOCSIN_DESK_CLIENT_ID: refused with TOCSIN_ROLES=token: at the desk roles are the account’s',
  ].filter((fault) => typeof fault === 'string');
}

const isOpen = (address: string | undefined): boolean => URL.parse(address ?? '')?.protocol === 'http:';

function refusedInProduction(given: Environment): string[] {
  const tokens = path.resolve(given.TOCSIN_DATA_DIR ?? '.tocsin', 'dev-tokens.json');
  const issuer = given.TOCSIN_OIDC_ISSUER;
  const isSecure = URL.parse(given.TOCSIN_PUBLIC_URL ?? '')?.protocol === 'https:';
  return [
    !given.DATABASE_URL && 'DATABASE_URL: expected in production, where no hub has a database of its own',
    !isSecure &&
      'TOCSIN_PUBLIC_URL: expected in production, an address that begins with https://: CAP messages name it for ever',
    !issuer && 'TOCSIN_OIDC_ISSUER: expected in production, where nobody has a development token',
    isOpen(issuer) && 'TOCSIN_OIDC_ISSUER: expected https in production',
    isOpen(given.TOCSIN_VOLUNTEERS_ISSUER) && 'TOCSIN_VOLUNTEERS_ISSUER: expected https in production',
    given.TOCSIN_DEMO === 'true' && 'TOCSIN_DEMO: refused in production',
    given.TOCSIN_ALLOW_LOOPBACK === 'true' &&
      'TOCSIN_ALLOW_LOOPBACK: refused in production, where nobody may reach this machine through the hub',
    !given.TOCSIN_CAP_SENDER && 'TOCSIN_CAP_SENDER: expected in production',
    !given.TOCSIN_CAP_KEY && !given.TOCSIN_CAP_CERT && 'TOCSIN_CAP_KEY, TOCSIN_CAP_CERT: expected in production',
    existsSync(tokens) && `TOCSIN_DATA_DIR: ${tokens} holds development tokens, refused in production: remove it`,
  ].filter((fault) => typeof fault === 'string');
}

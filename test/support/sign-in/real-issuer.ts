import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import Provider, { type Configuration } from 'oidc-provider';
import type { DeskClient } from '../../../src/sign-in/issuer-client.ts';

/** Somebody whom the issuer knows, and how they sign in there. */
export interface PersonAtIssuer {
  sub: string;
  given_name: string;
  usual_name: string;
  acr: string;
  amr: string[];
}

export const ANNE: PersonAtIssuer = {
  sub: 'f0a1c2d3-anne',
  given_name: 'Anne',
  usual_name: 'Lefèvre',
  acr: 'eidas2',
  amr: ['pwd', 'mfa'],
};

export interface RealIssuer {
  url: string;
  /** The hub as its client, to be given to the hub. */
  client: DeskClient;
  /** Begins to work for a hub, once its address is known. */
  serve(hub: string, more?: Configuration): void;
  /** Whoever signs in from here on. */
  person: PersonAtIssuer;
  /** Everything that it was asked, as method and path. */
  readonly asked: string[];
  /** The parameters of each request to sign in. */
  readonly signIns: URLSearchParams[];
  /** Refresh tokens that it gave, newest last. */
  readonly refreshTokens: string[];
  /** Answers 503 to everything, or works again. */
  away: boolean;
  /** Revokes all that it ever granted. */
  forgetAll(): Promise<void>;
  close(): Promise<void>;
}

const SECRET = 'a-secret-of-the-hub-and-its-issuer';

/**
 * A whole issuer (`oidc-provider`) with the habits of ProConnect: names come by the user info alone, which is signed; a nonce is
 * demanded, and a state where somebody signs out; `amr` is told to those who ask for it; the secret goes in the body.
 */
export async function startRealIssuer(): Promise<RealIssuer> {
  let handle: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  let provider: Provider | undefined;
  const server = createServer((request, response) => {
    issuer.asked.push(`${request.method} ${request.url?.split('?')[0]}`);
    if (issuer.away || !handle) return void response.writeHead(503).end();
    handle(request, response);
  });
  const url = await listening(server);
  const keys = { keys: [await signingKey()] };
  const grants = new Set<string>();
  const issuer: RealIssuer = {
    url,
    client: { issuer: url, id: 'tocsin', secret: SECRET, scopes: ['openid', 'given_name', 'usual_name'], acr: [] },
    person: ANNE,
    asked: [],
    signIns: [],
    refreshTokens: [],
    away: false,
    serve: (hub, more = {}) => {
      const made = new Provider(url, { ...configuration(hub, issuer, keys), ...more });
      provider = made;
      made.on('refresh_token.saved', ({ jti }) => void issuer.refreshTokens.push(jti));
      made.on('access_token.saved', ({ grantId }) => void (grantId && grants.add(grantId)));
      handle = (request, response) => void answer(made, issuer, request, response);
    },
    forgetAll: async () => {
      for (const id of grants) {
        await provider?.RefreshToken.revokeByGrantId(id);
        await provider?.AccessToken.revokeByGrantId(id);
      }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return issuer;
}

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function signingKey() {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: 'first', alg: 'RS256', use: 'sig' };
}

function configuration(hub: string, issuer: RealIssuer, jwks: NonNullable<Configuration['jwks']>): Configuration {
  return {
    jwks,
    clients: [
      {
        client_id: issuer.client.id,
        client_secret: issuer.client.secret,
        token_endpoint_auth_method: 'client_secret_post',
        grant_types: ['authorization_code', 'refresh_token'],
        redirect_uris: [`${hub}/desk/callback`],
        post_logout_redirect_uris: [`${hub}/desk/signedout`],
        backchannel_logout_uri: `${hub}/desk/backchannel-logout`,
        backchannel_logout_session_required: true,
        userinfo_signed_response_alg: 'RS256',
      },
    ],
    clientAuthMethods: ['client_secret_post'],
    claims: { openid: ['sub'], given_name: ['given_name'], usual_name: ['usual_name'], acr: null, amr: null },
    scopes: ['openid', 'offline_access'],
    acrValues: ['eidas1', 'eidas2', 'eidas3'],
    cookies: { keys: ['a key of the issuer alone'] },
    pkce: { required: () => true },
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    ttl: { AccessToken: 300, IdToken: 300, Session: 3_600, Interaction: 600, Grant: 3_600, RefreshToken: 3_600 },
    findAccount: async (_ctx, sub) => ({
      accountId: sub,
      claims: async () => ({ ...issuer.person, sub }),
    }),
    // By itself it asks no hub on this machine.
    fetch: (address, { signal, method, headers, body }: RequestInit = {}) =>
      fetch(address, { signal, method, headers, body }),
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    features: {
      devInteractions: { enabled: false },
      claimsParameter: { enabled: true },
      userinfo: { enabled: true },
      jwtUserinfo: { enabled: true },
      revocation: { enabled: true, allowedPolicy: async () => true },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        // The person is not asked again: whoever left the hub leaves the issuer.
        logoutSource: async (ctx, form) => {
          ctx.body = `<!doctype html>${form.replace('</form>', '<input type="hidden" name="logout" value="yes"></form>')}`;
        },
      },
    },
  };
}

/** Signs in whoever comes, as a form with a password would, and refuses what ProConnect refuses. */
async function answer(provider: Provider, issuer: RealIssuer, request: IncomingMessage, response: ServerResponse) {
  const { pathname, searchParams } = new URL(request.url ?? '/', issuer.url);
  if (pathname === '/auth') issuer.signIns.push(searchParams);
  const lacking = pathname === '/auth' ? 'nonce' : pathname === '/session/end' ? 'state' : undefined;
  if (request.method === 'GET' && lacking && !searchParams.get(lacking))
    return response.writeHead(400).end(`${lacking} is missing`);
  if (!pathname.startsWith('/interaction/')) return provider.callback()(request, response);
  const { params, prompt, session, grantId } = await provider.interactionDetails(request, response);
  const { sub, acr, amr } = issuer.person;
  if (prompt.name === 'login')
    return provider.interactionFinished(request, response, { login: { accountId: sub, acr, amr } });
  const grant =
    (grantId ? await provider.Grant.find(grantId) : undefined) ??
    new provider.Grant({ accountId: session?.accountId ?? sub, clientId: String(params.client_id) });
  grant.addOIDCScope(String(params.scope));
  grant.addOIDCClaims(['acr', 'amr', 'given_name', 'usual_name']);
  return provider.interactionFinished(
    request,
    response,
    { consent: { grantId: await grant.save() } },
    { mergeWithLastSubmission: true },
  );
}

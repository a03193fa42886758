import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { DeskClient } from '../../../src/sign-in/issuer-client.ts';
import { inSeconds } from '../hub/issuer.ts';

/** What an issuer of lies answers: what is left out is as it should be. */
export interface Lies {
  /** Claims of the ID token; undefined leaves one out. */
  claims?: Record<string, unknown>;
  /** The whole ID token. */
  idToken?: (claims: JWTPayload) => Promise<string> | string;
  userInfo?: object;
  tokens?: object;
  discovery?: object;
}

export interface FalseIssuer {
  url: string;
  client: DeskClient;
  lies: Lies;
  /** The body of each request for tokens. */
  readonly asked: URLSearchParams[];
  /** A token that it signs. */
  sign(claims: JWTPayload, header?: Record<string, string>): Promise<string>;
  close(): Promise<void>;
}

const SECRET = 'a-secret-that-both-of-them-know';

/** An issuer whose every answer a test may bend. It takes any code; the browser need not come by. */
export async function startFalseIssuer(): Promise<FalseIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256');
  const published = { ...(await exportJWK(publicKey)), kid: 'first', alg: 'RS256', use: 'sig' };
  let nonce: string | undefined;
  const answers: Record<string, (body: URLSearchParams, query: URLSearchParams) => object | Promise<object>> = {
    '/.well-known/openid-configuration': () => ({
      issuer: url,
      authorization_endpoint: `${url}/auth`,
      token_endpoint: `${url}/token`,
      userinfo_endpoint: `${url}/me`,
      jwks_uri: `${url}/keys`,
      response_types_supported: ['code'],
      id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
      authorization_response_iss_parameter_supported: true,
      ...issuer.lies.discovery,
    }),
    '/keys': () => ({ keys: [published] }),
    '/auth': (_body, query) => {
      nonce = query.get('nonce') ?? undefined;
      return {};
    },
    '/token': async (body) => {
      issuer.asked.push(body);
      const claims = {
        iss: url,
        aud: 'tocsin',
        sub: 'anne',
        nonce,
        iat: inSeconds(0),
        exp: inSeconds(60),
        ...issuer.lies.claims,
      };
      const idToken = issuer.lies.idToken ? await issuer.lies.idToken(claims) : await issuer.sign(claims);
      return { access_token: 'access', token_type: 'Bearer', expires_in: 60, id_token: idToken, ...issuer.lies.tokens };
    },
    '/me': () => ({ sub: 'anne', name: 'Anne', ...issuer.lies.userInfo }),
  };
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', url);
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const answer = await answers[pathname]?.(new URLSearchParams(body), searchParams);
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer: FalseIssuer = {
    url,
    client: { issuer: url, id: 'tocsin', secret: SECRET, scopes: ['openid'], acr: [] },
    lies: {},
    asked: [],
    sign: (claims, header = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'first', ...header }).sign(privateKey),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return issuer;
}

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export interface Issuer {
  url: string;
  audience: string;
  /** A token signed by this issuer; claims given here replace the usual ones, undefined leaves one out. */
  token(claims?: Record<string, unknown>, key?: CryptoKey, header?: { typ?: string }): Promise<string>;
  /** Every request from here on is answered 503 (or as usual again). */
  fail(failing: boolean): void;
  /** Signs with a new key from here on; published under a new id. */
  rotate(): Promise<void>;
  /** How many requests it has had. */
  asked(): number;
  close(): Promise<void>;
}

export const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;

/** An OpenID Connect issuer on a free port: discovery, its keys, tokens signed ES256. */
export async function startIssuer(): Promise<Issuer> {
  const audience = 'tocsin';
  let keys = await newKeys('first');
  let failing = false;
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    response.setHeader('content-type', 'application/json');
    if (failing) return response.writeHead(503).end('{}');
    if (request.url === '/.well-known/openid-configuration')
      return response.end(JSON.stringify({ issuer: url, jwks_uri: `${url}/keys` }));
    return response.end(JSON.stringify({ keys: [keys.published] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    audience,
    token: (claims = {}, key = keys.signing, header = {}) =>
      new SignJWT({
        iss: url,
        aud: audience,
        sub: 'anne',
        name: 'Anne',
        roles: ['EDITOR'],
        iat: inSeconds(0),
        exp: inSeconds(60),
        ...claims,
      })
        .setProtectedHeader({ alg: 'ES256', kid: keys.id, typ: 'at+jwt', ...header })
        .sign(key),
    asked: () => asked,
    fail: (value) => {
      failing = value;
    },
    rotate: async () => {
      keys = await newKeys('second');
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function newKeys(id: string) {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  return { id, signing: privateKey, published: { ...(await exportJWK(publicKey)), kid: id, alg: 'ES256', use: 'sig' } };
}

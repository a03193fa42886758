import 'reflect-metadata';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PemConverter, X509CertificateGenerator } from '@peculiar/x509';
import { expect, it } from 'vitest';
import { asHubRole, withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { temporaryFolder } from '../../support/database/embedded.ts';
import { startHubProcess } from '../../support/hub/started-hub.ts';
import { PATIENCE_MS } from '../../support/patience.ts';

const { url } = await testDatabase();
const EC = { name: 'ECDSA', namedCurve: 'P-256' };

/** A key and its certificate as an authority would give them, in PEM files. */
async function pairIn(folder: string): Promise<{ TOCSIN_CAP_KEY: string; TOCSIN_CAP_CERT: string }> {
  const keys = await crypto.subtle.generateKey(EC, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: ['alerte.example.fr'] }],
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
    signingAlgorithm: { ...EC, hash: 'SHA-256' },
    keys,
  });
  const files = { TOCSIN_CAP_KEY: path.join(folder, 'cap.key'), TOCSIN_CAP_CERT: path.join(folder, 'cap.crt') };
  const key = PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  await writeFile(files.TOCSIN_CAP_KEY, key);
  await writeFile(files.TOCSIN_CAP_CERT, certificate.toString('pem'));
  return files;
}

async function startProduction(databaseUrl: string) {
  const folder = await temporaryFolder();
  return startHubProcess({
    env: {
      PORT: '0',
      TOCSIN_MODE: 'production',
      TOCSIN_DATA_DIR: folder,
      DATABASE_URL: databaseUrl,
      TOCSIN_PUBLIC_URL: 'https://alerte.example.fr',
      TOCSIN_OIDC_ISSUER: 'https://login.example.fr',
      TOCSIN_OIDC_AUDIENCE: 'tocsin',
      TOCSIN_DESK_CLIENT_ID: 'tocsin',
      TOCSIN_DESK_CLIENT_SECRET: 'a-secret-of-production',
      TOCSIN_CAP_SENDER: 'alerte@example.fr',
      ...(await pairIn(folder)),
    },
  });
}

it('a hub in production serves by the role of hubs, without demo and tokens of development', async () => {
  const hub = await startProduction(asHubRole(url));
  const listening = () => /"url":"(http:[^"]+)"[^\n]*the hub listens/.exec(hub.printed())?.[1];
  // The first start builds.
  await expect.poll(() => listening() ?? hub.printed(), { timeout: 5 * PATIENCE_MS }).toMatch(/^http:/);
  const answer = await fetch(`${listening()}/graphql?query={alerts{totalCount}}`);
  expect(await answer.json()).toEqual({ data: { alerts: { totalCount: 0 } } });
  const asDeveloper = await fetch(`${listening()}/graphql?query={viewer{id}}`, {
    headers: { authorization: 'Bearer editor' },
  });
  expect(asDeveloper.status).not.toBe(200);
  // Signing in leads to the issuer, which is not there; nobody is a persona.
  const signIn = `${listening()}/desk/signin`;
  const page = await fetch(signIn, { redirect: 'manual', headers: { host: 'localhost' } });
  expect([page.status, await page.text()]).toEqual([503, expect.not.stringContaining('persona')]);
  const own = { origin: 'https://alerte.example.fr', 'sec-fetch-site': 'same-origin' };
  const body = new URLSearchParams({ persona: 'admin' });
  const posted = await fetch(signIn, { method: 'POST', headers: own, body, redirect: 'manual' });
  expect([posted.status, posted.headers.getSetCookie()]).toEqual([404, []]);
  expect(hub.printed()).not.toContain('a-secret-of-production');
  hub.process.kill('SIGTERM');
  expect(await hub.ended, hub.printed()).toBe(0);
});

it('a hub in production does not start as the owner of its tables, and names the command in one line', async () => {
  const hub = await startProduction(url);
  expect(await hub.ended).toBe(1);
  expect(hub.printed()).toContain(
    'Tocsin did not start: DATABASE_URL: expected the role that npm run database:roles makes, but',
  );
  expect(hub.printed()).not.toContain('    at ');
});

it('a hub in production migrates nothing, and says who does', async () => {
  const forget = `delete from mikro_orm_migrations where name = (select max(name) from mikro_orm_migrations) returning name`;
  const [{ name }] = await withSession(url, async (session) => (await session.query(forget)).rows);
  const hub = await startProduction(asHubRole(url));
  expect(await hub.ended).toBe(1);
  expect(hub.printed()).toContain('Tocsin did not start: the database lacks migrations that this role may not make');
  await withSession(url, (session) => session.query('insert into mikro_orm_migrations (name) values ($1)', [name]));
});

import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { developmentPair, makePair, readSigningPair, SigningFault } from '../../../../src/formats/cap/signing-pair.ts';

const folder = mkdtempSync(join(tmpdir(), 'tocsin-signing-'));
afterAll(() => rmSync(folder, { recursive: true }));
const now = new Date();
const YEAR_MS = 365 * 24 * 3600_000;

async function file(name: string, content: string | Promise<string>): Promise<string> {
  const path = join(folder, name);
  writeFileSync(path, await content);
  return path;
}

describe('the pair of development', () => {
  it('is made once, for its owner’s eyes alone, and says what it is', async () => {
    const made = await developmentPair(folder, now);
    expect(made.certificate.subject).toContain('DEVELOPMENT ONLY');
    expect(statSync(join(folder, 'dev-cap.pem')).mode & 0o777).toBe(0o600);
    const again = await developmentPair(folder, now);
    expect(again.certificate.fingerprint256).toBe(made.certificate.fingerprint256);
  });

  it('is one for all processes that start at once', async () => {
    const fresh = mkdtempSync(join(folder, 'at-once-'));
    const pairs = await Promise.all(Array.from({ length: 4 }, () => developmentPair(fresh, now)));
    expect(new Set(pairs.map(({ certificate }) => certificate.fingerprint256)).size).toBe(1);
    expect(readdirSync(fresh)).toEqual(['dev-cap.pem']);
  });

  it('is made anew when it can no longer be used', async () => {
    const made = await developmentPair(folder, now);
    const later = await developmentPair(folder, new Date(now.getTime() + 11 * YEAR_MS));
    expect(later.certificate.fingerprint256).not.toBe(made.certificate.fingerprint256);
    await file('dev-cap.pem', 'broken');
    expect((await developmentPair(folder, now)).key.asymmetricKeyType).toBe('ec');
  });
});

describe('a pair that is given', () => {
  const options = { inEarnest: false, now };
  const refusal =
    (keyFile: string, certFile: string, more: object = {}) =>
    () =>
      readSigningPair({ keyFile, certFile }, { ...options, ...more });

  it('is refused with its reason where it cannot sign messages', async () => {
    const [one, other, broken] = [
      await file('one.pem', makePair(now)),
      await file('two.pem', makePair(now)),
      await file('no.pem', '-'),
    ];
    expect(refusal(one, one)().certificate.subject).toContain('Tocsin');
    expect(refusal(one, other)).toThrow(/is not the certificate of/);
    expect(refusal(broken, one)).toThrow(SigningFault);
    expect(refusal(one, one, { now: new Date(now.getTime() + 11 * YEAR_MS) })).toThrow(/not today/);
    expect(refusal(one, one, { inEarnest: true })).toThrow(/production refuses it/);
  });

  it('is refused where its key is of a kind that readers of CAP do not know', async () => {
    const { generateKeyPairSync } = await import('node:crypto');
    const { privateKey } = generateKeyPairSync('ed25519', {
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    const [key, certificate] = [await file('ed.pem', privateKey), await file('ec.pem', makePair(now))];
    expect(refusal(key, certificate)).toThrow(/expected an RSA or an elliptic-curve key/);
  });
});

import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The private key that signs CAP messages, and the certificate by which readers know it. */
export interface SigningPair {
  key: KeyObject;
  certificate: X509Certificate;
}

/** Why a key and a certificate cannot be used: to be shown without a stack. */
export class SigningFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SigningFault';
  }
}

/** Marks the certificate that a hub made for itself; nobody vouches for it. */
const DEVELOPMENT = 'Tocsin DEVELOPMENT ONLY';

/**
 * Reads a private key (RSA, or ECDSA on a curve) and its certificate from PEM files. Throws a SigningFault where they cannot
 * be read, are of another kind, do not belong together or are out of date; and, `inEarnest`, for a pair made for development.
 */
export function readSigningPair(
  { keyFile, certFile }: { keyFile: string; certFile: string },
  { inEarnest, now }: { inEarnest: boolean; now: Date },
): SigningPair {
  const pair = parsePair(keyFile, certFile);
  const { key, certificate } = pair;
  if (key.asymmetricKeyType !== 'rsa' && key.asymmetricKeyType !== 'ec')
    throw new SigningFault(`${keyFile}: expected an RSA or an elliptic-curve key, not ${key.asymmetricKeyType}`);
  if (!certificate.checkPrivateKey(key)) throw new SigningFault(`${certFile} is not the certificate of ${keyFile}`);
  if (now < certificate.validFromDate || now > certificate.validToDate)
    throw new SigningFault(`${certFile} holds from ${certificate.validFrom} to ${certificate.validTo}, not today`);
  if (inEarnest && certificate.subject.includes(DEVELOPMENT))
    throw new SigningFault(`${certFile} was made for development: production refuses it`);
  return pair;
}

function parsePair(keyFile: string, certFile: string): SigningPair {
  try {
    return { key: createPrivateKey(readFileSync(keyFile)), certificate: new X509Certificate(readFileSync(certFile)) };
  } catch (error) {
    throw new SigningFault(`${keyFile}, ${certFile}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * The development pair of a data folder, made at the first start (ECDSA P-256, mode 0600) and kept over restarts; made anew
 * where it cannot be read or is out of date.
 */
export async function developmentPair(dataDir: string, now: Date): Promise<SigningPair> {
  const file = join(dataDir, 'dev-cap.pem');
  const files = { keyFile: file, certFile: file };
  if (existsSync(file)) {
    try {
      return readSigningPair(files, { inEarnest: false, now });
    } catch (error) {
      if (!(error instanceof SigningFault)) throw error;
      rmSync(file, { force: true });
    }
  }
  mkdirSync(dataDir, { recursive: true });
  // Key and certificate in one file, linked into place: a reader finds both, and they belong together. Of several
  // processes that start at once the first one's pair is everybody's.
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, await makePair(now), { mode: 0o600 });
  try {
    linkSync(fresh, file);
  } catch (error) {
    // Not every file system knows links.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') renameSync(fresh, file);
  } finally {
    rmSync(fresh, { force: true });
  }
  return readSigningPair(files, { inEarnest: false, now });
}

const A_DAY_MS = 24 * 3600_000;
const DAYS = 3_650;

/** A self-signed certificate and its key as PEM, one after the other. */
export async function makePair(now: Date, algorithm: EcKeyGenParams | RsaHashedKeyGenParams = EC): Promise<string> {
  // Loaded here alone: a hub in production never makes a certificate. The library wants the first one there before it.
  await import('reflect-metadata');
  const { PemConverter, X509CertificateGenerator } = await import('@peculiar/x509');
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [DEVELOPMENT] }],
    notBefore: new Date(now.getTime() - A_DAY_MS),
    notAfter: new Date(now.getTime() + DAYS * A_DAY_MS),
    signingAlgorithm: { ...algorithm, hash: 'SHA-256' },
    keys,
  });
  const key = PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  return `${key}\n${certificate.toString('pem')}\n`;
}

const EC = { name: 'ECDSA', namedCurve: 'P-256' };

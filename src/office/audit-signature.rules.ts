import { type KeyObject, X509Certificate } from 'node:crypto';
import { CompactSign, compactVerify, decodeProtectedHeader } from 'jose';
import { z } from 'zod';
import type { ChainEnd } from './audit.rules.ts';

/** The head of the audit log, and when it stood there. */
export interface SignedHead extends ChainEnd {
  at: Date;
}

/** The key that signs CAP messages, and its certificate. */
export interface HeadSigner {
  key: KeyObject;
  certificate: X509Certificate;
}

const TYPE = 'tocsin-audit+jws';
const claims = z.object({ position: z.int().positive(), hash: z.hex(), at: z.iso.datetime() });

const ALGORITHMS_OF_CURVES: Readonly<Record<string, string>> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
};

const algorithmOf = ({ asymmetricKeyDetails }: KeyObject): string =>
  ALGORITHMS_OF_CURVES[asymmetricKeyDetails?.namedCurve ?? ''] ?? 'PS256';

/** Signs a head: a JWS in its compact form. */
export function signHead({ position, hash, at }: SignedHead, { key, certificate }: HeadSigner): Promise<string> {
  const text = JSON.stringify({ position, hash, at: at.toISOString() });
  return new CompactSign(new TextEncoder().encode(text))
    .setProtectedHeader({ alg: algorithmOf(key), typ: TYPE, x5c: [certificate.raw.toString('base64')] })
    .sign(key);
}

/** A head that was signed, and the SHA-256 of the certificate that it names. */
export interface ReadHead extends SignedHead {
  fingerprint: string;
}

/** Reads a signed head. Throws where it is none, or its signature is not that of the certificate in it. */
export async function readSignedHead(jws: string): Promise<ReadHead> {
  const { typ, x5c } = decodeProtectedHeader(jws);
  if (typ !== TYPE || !x5c?.[0]) throw new Error('this signs no head of an audit log');
  const certificate = new X509Certificate(Buffer.from(x5c[0], 'base64'));
  const { payload } = await compactVerify(jws, certificate.publicKey, {
    algorithms: [...Object.values(ALGORITHMS_OF_CURVES), 'PS256'],
  });
  const { position, hash, at } = claims.parse(JSON.parse(new TextDecoder().decode(payload)));
  return { position, hash, at: new Date(at), fingerprint: certificate.fingerprint256 };
}

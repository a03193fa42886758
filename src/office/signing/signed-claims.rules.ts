import { type KeyObject, X509Certificate } from 'node:crypto';
import { CompactSign, compactVerify, decodeProtectedHeader } from 'jose';

/** The key that signs CAP messages, and its certificate. */
export interface ClaimSigner {
  key: KeyObject;
  certificate: X509Certificate;
}

const ALGORITHMS_OF_CURVES: Readonly<Record<string, string>> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
};

const algorithmOf = ({ asymmetricKeyDetails }: KeyObject): string =>
  ALGORITHMS_OF_CURVES[asymmetricKeyDetails?.namedCurve ?? ''] ?? 'PS256';

/** Signs what the hub says of itself: a JWS in its compact form, with the certificate in it. `type` says what it is about. */
export const signClaims = (claims: object, type: string, { key, certificate }: ClaimSigner): Promise<string> =>
  new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
    .setProtectedHeader({ alg: algorithmOf(key), typ: type, x5c: [certificate.raw.toString('base64')] })
    .sign(key);

/**
 * Reads what was signed, and the SHA-256 of the certificate that it names. Throws where it is of another type, or its signature
 * is not that of the certificate in it.
 */
export async function readSignedClaims(jws: string, type: string): Promise<{ claims: unknown; fingerprint: string }> {
  const { typ, x5c } = decodeProtectedHeader(jws);
  if (typ !== type || !x5c?.[0]) throw new Error(`this is no ${type}`);
  const certificate = new X509Certificate(Buffer.from(x5c[0], 'base64'));
  const { payload } = await compactVerify(jws, certificate.publicKey, {
    algorithms: [...Object.values(ALGORITHMS_OF_CURVES), 'PS256'],
  });
  return { claims: JSON.parse(new TextDecoder().decode(payload)), fingerprint: certificate.fingerprint256 };
}

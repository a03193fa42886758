import { z } from 'zod';
import type { ChainEnd } from './audit.rules.ts';
import { type ClaimSigner, readSignedClaims, signClaims } from './signing/signed-claims.rules.ts';

/** The head of the audit log, and when it stood there. */
export interface SignedHead extends ChainEnd {
  at: Date;
}

const TYPE = 'tocsin-audit+jws';
const claims = z.object({ position: z.int().positive(), hash: z.hex(), at: z.iso.datetime() });

/** Signs a head: a JWS in its compact form. */
export const signHead = ({ position, hash, at }: SignedHead, signer: ClaimSigner): Promise<string> =>
  signClaims({ position, hash, at: at.toISOString() }, TYPE, signer);

/** A head that was signed, and the SHA-256 of the certificate that it names. */
export interface ReadHead extends SignedHead {
  fingerprint: string;
}

/** Reads a signed head. Throws where it is none, or its signature is not that of the certificate in it. */
export async function readSignedHead(jws: string): Promise<ReadHead> {
  const { claims: read, fingerprint } = await readSignedClaims(jws, TYPE);
  const { position, hash, at } = claims.parse(read);
  return { position, hash, at: new Date(at), fingerprint };
}

import { z } from 'zod';
import { type ClaimSigner, readSignedClaims, signClaims } from '../../office/signing/signed-claims.rules.ts';

const TYPE = 'tocsin-incident-archive+jws';
const claims = z.object({ incident: z.uuid(), lines: z.int().positive(), hash: z.hex() });

/** The hub signs of an archive whose it is, and its last line before the seal. */
export type SealedEnd = z.output<typeof claims>;

export interface ArchiveSeal extends SealedEnd {
  /** SHA-256 of the certificate: the file cannot say whose key is right, an operator can. */
  fingerprint: string;
}

/** Signs the end of an archive: a JWS in its compact form. Two signatures of the same end may differ. */
export const sealArchive = (end: SealedEnd, signer: ClaimSigner): Promise<string> => signClaims(end, TYPE, signer);

/** Reads a seal. Throws where it is none, or its signature is not that of the certificate in it. */
export async function readArchiveSeal(jws: unknown): Promise<ArchiveSeal> {
  if (typeof jws !== 'string') throw new Error('a seal is text');
  const { claims: read, fingerprint } = await readSignedClaims(jws, TYPE);
  return { ...claims.parse(read), fingerprint };
}

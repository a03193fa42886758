import { hkdfSync } from 'node:crypto';
import { EncryptJWT, jwtDecrypt } from 'jose';

/** Tells one use of the key from another, and, for the tokens of a session, one session from another. */
export interface SealedFor {
  use: 'transit' | 'refresh' | 'id';
  /** The session; left out for what no session has. */
  of?: string;
}

const KEY_BYTES = 32;
const METHOD = { alg: 'dir', enc: 'A256GCM' } as const;

/**
 * Encrypts what only a hub of this installation may read: tokens in PostgreSQL, and what a browser carries to the issuer and
 * back. The key comes from the secret that the hub shares with the issuer, so that there is no second one to lose; with a
 * new secret, nothing of before can be read.
 */
export class Sealed {
  readonly #key: Uint8Array;

  constructor(clientSecret: string) {
    this.#key = new Uint8Array(hkdfSync('sha256', clientSecret, '', 'tocsin desk session', KEY_BYTES));
  }

  /** A JWE; `seconds` is how long it can be read, for ever where it is left out. */
  seal(content: object, { use, of }: SealedFor, seconds?: number): Promise<string> {
    const token = new EncryptJWT({ content }).setProtectedHeader(METHOD).setAudience(use);
    if (of !== undefined) token.setSubject(of);
    if (seconds !== undefined) token.setExpirationTime(`${seconds}s`);
    return token.encrypt(this.#key);
  }

  /** Opens a text that was sealed for this purpose; undefined for anything else. */
  async open(sealed: string, { use, of }: SealedFor): Promise<unknown> {
    try {
      const { payload } = await jwtDecrypt(sealed, this.#key, {
        audience: use,
        ...(of === undefined ? {} : { subject: of }),
        keyManagementAlgorithms: [METHOD.alg],
        contentEncryptionAlgorithms: [METHOD.enc],
      });
      return payload.content;
    } catch {
      return undefined;
    }
  }
}

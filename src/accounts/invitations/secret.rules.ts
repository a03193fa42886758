import { createHash, randomBytes } from 'node:crypto';

/** So that scanners of code and mail know one. */
const PREFIX = 'invitation_';
const BYTES = 32;

/** A new secret, of 256 bits: it is shown once, and its hash is kept. */
export const newInvitationSecret = (): string => `${PREFIX}${randomBytes(BYTES).toString('base64url')}`;

/** Nobody guesses 256 bits, so one round of SHA-256 keeps them. */
export const invitationHash = (secret: string): string => createHash('sha256').update(secret.trim()).digest('hex');

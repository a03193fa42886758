import { HubError } from '../errors.ts';
import type { Head } from './entry.ts';

const VERSION = 1;

/** The cursor of a position: opaque to clients, and without any secret. */
export const encodeCursor = ({ epoch, position }: Head): string =>
  Buffer.from(`${VERSION}.${epoch}.${position}`).toString('base64url');

/** Reads a cursor; undefined for a text that is not a cursor of ours. */
export function decodeCursor(cursor: string): Head | undefined {
  if (cursor.length > 200) return undefined;
  const found = /^1\.([0-9a-f-]{36})\.(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString());
  return found?.[1] && found[2] ? { epoch: found[1], position: Number(found[2]) } : undefined;
}

/** The answer to a cursor that cannot be continued: start over from what is public now, then follow this cursor. */
export const resyncRequired = (head: Head, why: string): HubError =>
  new HubError('RESYNC_REQUIRED', `${why}; read what is public now, then continue from the cursor given here`, {
    cursor: encodeCursor(head),
  });

import { HubError } from '../../errors.ts';
import { UUID_PATTERN } from '../../uuid.ts';

/** A place in the log of an incident: behind so many lines, in an epoch of the journal. A restored backup begins another epoch. */
export interface LogPosition {
  epoch: string;
  incident: string;
  number: number;
}

const CURSOR = new RegExp(`^L1\\.(${UUID_PATTERN})\\.(${UUID_PATTERN})\\.(\\d{1,10})$`);

/** The cursor of a place: opaque to clients, and without any secret. */
export const encodeLogCursor = ({ epoch, incident, number }: LogPosition): string =>
  Buffer.from(`L1.${epoch}.${incident}.${number}`).toString('base64url');

/** Reads a cursor; undefined for a text that is not a cursor of a log. */
export function decodeLogCursor(cursor: string): LogPosition | undefined {
  if (cursor.length > 200) return undefined;
  const [, epoch, incident, number] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  return epoch && incident && number ? { epoch, incident, number: Number(number) } : undefined;
}

/** The answer to a cursor that cannot be continued. */
export const logResyncRequired = (head: LogPosition, why: string): HubError =>
  new HubError('RESYNC_REQUIRED', `${why}; read the log, then continue from the cursor given here`, {
    cursor: encodeLogCursor(head),
  });

/**
 * The number behind which a follower goes on: that of its cursor, or of the last line if it has none. Throws RESYNC_REQUIRED,
 * with a fresh cursor, for a cursor that is not of this log, of another epoch, or of the future.
 */
export function startingNumber(after: string | null, head: LogPosition): number {
  if (after === null) return head.number;
  const cursor = decodeLogCursor(after);
  if (cursor?.incident !== head.incident) throw logResyncRequired(head, 'this is not a cursor of this log');
  demandSameLog(head, cursor);
  return cursor.number;
}

/** Throws RESYNC_REQUIRED where the log is no longer the one in which a follower stands. */
export function demandSameLog(head: LogPosition, { epoch, number }: Pick<LogPosition, 'epoch' | 'number'>): void {
  if (epoch !== head.epoch) throw logResyncRequired(head, 'the database was restored since this cursor');
  if (number > head.number) throw logResyncRequired(head, 'this cursor lies in the future');
}

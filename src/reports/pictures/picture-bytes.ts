import type { EntityManager } from '@mikro-orm/postgresql';
import type { Sql } from '../../database/sql.ts';
import { sqlIn } from '../../database/sql-in.ts';
import type { Pressed } from '../../pictures/pressed.ts';

/** Where the bytes of pictures are: another place for them would be these three functions anew. */
export type PictureSize = 'whole' | 'thumbnail';
type Bytes = Pick<Pressed, PictureSize>;

/**
 * Puts the bytes of a picture into the caller's transaction, in which the picture itself was written. They go beside the text of the
 * statement, since PostgreSQL may write that text to its log.
 */
export async function putBytes(em: EntityManager, id: string, { whole, thumbnail }: Bytes): Promise<void> {
  await em
    .getKysely<{ picture_bytes: Bytes & { picture_id: string } }>()
    .insertInto('picture_bytes')
    .values({ picture_id: id, whole, thumbnail })
    .execute();
}

/** The bytes of a picture; undefined where it has none any more. */
export async function getBytes(sql: Sql, id: string, size: PictureSize): Promise<Buffer | undefined> {
  const column = size === 'whole' ? 'whole' : 'thumbnail';
  const [row] = await sql<{ bytes: Buffer }>(`select ${column} as bytes from picture_bytes where picture_id = $1`, [
    id,
  ]);
  return row?.bytes;
}

/** Erases the bytes of pictures that the caller's transaction erases. */
export async function eraseBytes(em: EntityManager, ids: readonly string[]): Promise<void> {
  await sqlIn(em)('delete from picture_bytes where picture_id in (?)', [ids]);
}

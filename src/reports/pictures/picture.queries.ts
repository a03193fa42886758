import type { Actor } from '../../access/actor.ts';
import { permits } from '../../access/permissions.rules.ts';
import { parisTime, parisTimeIf } from '../../clock.ts';
import type { Sql } from '../../database/sql.ts';
import { notFound } from '../../office/lock.queries.ts';
import { present } from '../../office/present.rules.ts';
import { isUuid } from '../../uuid.ts';
import { type PictureView, pointOf } from '../report-view.ts';
import { getBytes, type PictureSize } from './picture-bytes.ts';

/** A picture as its bringer is answered: what the file says of hour and place is proposed for the report. */
export type BroughtView = Omit<PictureView, 'by' | 'veiled'>;

interface Row {
  id: string;
  width: number;
  height: number;
  sha256: string;
  receivedAt: Date;
  takenAt: Date | null;
  lon: number | null;
  lat: number | null;
}

const BROUGHT = `select id, width, height, sha256, received_at as "receivedAt", taken_at as "takenAt", lon, lat from picture`;

/** The picture that a command has just taken in. */
export async function broughtView(sql: Sql, id: string): Promise<BroughtView> {
  const [row] = await sql<Row>(`${BROUGHT} where id = $1`, [id]);
  return viewOf(present(row, 'picture', id));
}

/** The picture of somebody that waits for a report and came as the same file; undefined where there is none. */
export async function broughtBefore(sql: Sql, { id }: Actor, sha256: string): Promise<BroughtView | undefined> {
  const [row] = await sql<Row>(
    `${BROUGHT} where by_id = $1 and report_id is null and erased_at is null and sha256 = $2 limit 1`,
    [id, sha256],
  );
  return row && viewOf(row);
}

const viewOf = ({ lon, lat, receivedAt, takenAt, ...row }: Row): BroughtView => ({
  ...row,
  receivedAt: parisTime(receivedAt),
  takenAt: parisTimeIf(takenAt),
  point: pointOf({ lon, lat }),
});

/**
 * The bytes of a picture for somebody who may see it: of a report, those who read reports; while it waits for one, its bringer
 * (I-43). NOT_FOUND for anybody else, and for one that was erased. The caller has checked that the actor may read pictures.
 */
export async function pictureBytesFor(
  sql: Sql,
  actor: Actor,
  { id, size }: { id: string; size: PictureSize },
): Promise<Buffer> {
  const [picture] = isUuid(id)
    ? await sql<{ isOfReport: boolean; by: string }>(
        'select report_id is not null as "isOfReport", by_id as by from picture where id = $1 and erased_at is null',
        [id],
      )
    : [];
  const isTheirs = picture?.isOfReport ? permits(actor, 'readReports') : picture?.by === actor.id;
  const bytes = picture && isTheirs ? await getBytes(sql, id, size) : undefined;
  if (!bytes) throw notFound('picture', id);
  return bytes;
}

import type { Actor } from '../../access/actor.ts';
import { permits } from '../../access/permissions.rules.ts';
import type { Sql } from '../../database/sql.ts';
import { notFound } from '../../office/lock.queries.ts';
import { present } from '../../office/present.rules.ts';
import { isUuid } from '../../uuid.ts';
import type { PictureView } from '../report-view.ts';
import { getBytes, type PictureSize } from './picture-bytes.ts';
import { type PictureInJson, pictureView, SOME_PICTURES } from './picture-views.queries.ts';

/** A picture as its bringer is answered: what the file says of hour and place is proposed for the report. */
export type BroughtView = Omit<PictureView, 'by' | 'veiled'>;

interface Row {
  picture: PictureInJson;
}

/** The picture that a command has just taken in. */
export async function broughtView(sql: Sql, id: string): Promise<BroughtView> {
  const [row] = await sql<Row>(`${SOME_PICTURES} where p.id = $1`, [id]);
  return viewOf(present(row, 'picture', id));
}

/** The picture of somebody that waits for a report and came as the same file; undefined where there is none. */
export async function broughtBefore(sql: Sql, { id }: Actor, sha256: string): Promise<BroughtView | undefined> {
  const [row] = await sql<Row>(
    `${SOME_PICTURES} where p.by_id = $1 and p.report_id is null and p.erased_at is null and p.sha256 = $2 limit 1`,
    [id, sha256],
  );
  return row && viewOf(row);
}

function viewOf({ picture }: Row): BroughtView {
  const { by: _, veiled: __, ...brought } = pictureView(picture);
  return brought;
}

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

import type { EntityManager } from '@mikro-orm/postgresql';
import { personInJson } from '../../access/account.queries.ts';
import { parisTime } from '../../clock.ts';
import { listInJson } from '../../database/sql.ts';
import { sqlIn } from '../../database/sql-in.ts';
import { type Person, type PictureView, pointOf } from '../report-view.ts';

/** A picture as PostgreSQL answers it. Moments are text that `Date` reads. */
export interface PictureInJson {
  id: string;
  width: number;
  height: number;
  sha256: string;
  receivedAt: string;
  takenAt: string | null;
  lon: number | null;
  lat: number | null;
  veiled: boolean;
  by: Person;
}

const PICTURE = `json_build_object('id', p.id, 'width', p.width, 'height', p.height, 'sha256', p.sha256,
  'receivedAt', p.received_at, 'takenAt', p.taken_at, 'lon', p.lon, 'lat', p.lat, 'veiled', p.veils is not null,
  'by', ${personInJson('b')})`;

const FROM = 'picture p join account b on b.id = p.by_id';

/** Reads pictures `p`, each as one value. */
export const SOME_PICTURES = `select ${PICTURE} as picture from ${FROM}`;

/** The pictures of a report, whose row has the alias `r`. */
export const PICTURES_IN_JSON = listInJson(
  PICTURE,
  'p.received_at, p.id',
  `${FROM} where p.report_id = r.id and p.erased_at is null`,
);

export const pictureView = ({ lon, lat, takenAt, ...row }: PictureInJson): PictureView => ({
  ...row,
  receivedAt: parisTime(new Date(row.receivedAt)),
  takenAt: takenAt === null ? null : parisTime(new Date(takenAt)),
  point: pointOf({ lon, lat }),
});

/** One picture, as a command has just left it. */
export async function pictureViewOf(em: EntityManager, id: string): Promise<PictureView | undefined> {
  const [row] = await sqlIn(em)<{ picture: PictureInJson }>(`${SOME_PICTURES} where p.id = ?`, [id]);
  return row && pictureView(row.picture);
}

/** A picture of another report that shows the same, perhaps. */
export interface PictureTwin {
  /** The id of that picture, and of its report. */
  picture: string;
  report: string;
  /** Whether it came as the very same file. */
  sameFile: boolean;
}

/** Most twins that are named of one picture. */
const MOST_TWINS = 5;
/** Bits of 64 in which the fingerprints of two pictures differ that were shrunk, brightened or framed: a crop has more. */
const MOST_BITS = 6;
/** The fingerprint of a picture without light and shade: all of those look alike. */
const FLAT = '0000000000000000';

/** The twins of pictures, by their ids: the very same file first, then what looks like it, the earliest first. */
export async function twinsOf(em: EntityManager, ids: readonly string[]): Promise<Map<string, PictureTwin[]>> {
  const rows = await sqlIn(em)<PictureTwin & { of: string }>(
    `select p.id as of, t.id as picture, t.report_id as report, t.same as "sameFile"
     from picture p cross join lateral (
       select q.id, q.report_id, q.sha256 = p.sha256 as same, q.received_at from picture q
       where q.erased_at is null and q.report_id is not null and q.id <> p.id and q.report_id is distinct from p.report_id
         and (q.sha256 = p.sha256 or (p.fingerprint <> '${FLAT}'
           and bit_count(('x' || q.fingerprint)::bit(64) # ('x' || p.fingerprint)::bit(64)) <= ${MOST_BITS}))
       order by same desc, q.received_at, q.id limit ${MOST_TWINS}) t
     where p.id in (?) order by p.id, t.same desc, t.received_at, t.id`,
    [ids],
  );
  const found = new Map<string, PictureTwin[]>();
  for (const { of, ...twin } of rows) found.set(of, [...(found.get(of) ?? []), twin]);
  return found;
}

import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 as uuid } from 'uuid';
import type { Actor } from '../../access/actor.ts';
import { demand } from '../../access/permissions.rules.ts';
import { HubError } from '../../errors.ts';
import { lockRow, notFound } from '../../office/lock.queries.ts';
import { accountOf, type UnitOfWork } from '../../office/unit-of-work.ts';
import type { Pressed } from '../../pictures/pressed.ts';
import { momentTold, placeTold } from '../../pictures/told.rules.ts';
import { isUuid } from '../../uuid.ts';
import { FieldPicture, PictureBytes, type PictureRow } from './picture.entity.ts';
import { MOST_WAITING } from './picture.rules.ts';
import { eraseBytes, putBytes } from './picture-bytes.ts';

/** A picture that was read anew, and what stays of the file that it came as. */
export interface BroughtPicture {
  pressed: Pressed;
  size: number;
  sha256: string;
}

export interface OnePicture {
  id: string;
}

const RETRY_SECONDS = 60;

/** Takes a picture in: it waits for a report, and is its bringer's alone until then. TOO_MANY_REQUESTS while too many wait. */
export async function addPicture(work: UnitOfWork, { pressed, size, sha256 }: BroughtPicture): Promise<PictureRow> {
  const { em, actor, clock } = work;
  demand(actor, 'addPicture');
  await demandRoom(em, actor);
  const { kind, width, height, fingerprint, told } = pressed;
  const place = placeTold(told);
  const picture = em.create(FieldPicture, {
    ...{ id: uuid(), kind, width, height, fingerprint, size, sha256 },
    by: accountOf(work, actor),
    receivedAt: clock.now(),
    takenAt: momentTold(told),
    lon: place?.lon ?? null,
    lat: place?.lat ?? null,
  });
  await em.flush();
  await putBytes(em, picture.id, pressed);
  return picture;
}

/** Throws TOO_MANY_REQUESTS where too many pictures of somebody wait for a report. */
export async function demandRoom(em: EntityManager, { id }: Actor): Promise<void> {
  const waiting = await em.count(FieldPicture, { by: id, report: null, erasedAt: null });
  if (waiting < MOST_WAITING) return;
  throw new HubError(
    'TOO_MANY_REQUESTS',
    `${waiting} pictures of yours wait for a report: submit one with them, or remove some`,
    {
      retryAfterSeconds: RETRY_SECONDS,
      limit: { name: 'waitingPictures', weight: waiting + 1, most: MOST_WAITING },
    },
  );
}

/**
 * Erases a picture: one that waits for a report by its bringer, one of a report by a checker. NOT_FOUND for one that waits for
 * somebody else's report.
 */
export async function removePicture({ em, actor, clock }: UnitOfWork, { id }: OnePicture): Promise<PictureRow> {
  demand(actor, 'removePicture');
  const picture = await lockRow(em, { entity: FieldPicture, name: 'picture' }, id);
  demandTheirs(actor, picture);
  return erase(em, picture, clock.now());
}

/**
 * Puts in the place of a picture one that shows less of it, and erases the first. The hub has made it of the very bytes that this
 * transaction erases, since bytes never change. For those who may remove it; NOT_FOUND where somebody has done either meanwhile.
 */
export async function veilPicture(
  { em, actor, clock }: UnitOfWork,
  { id, pressed }: OnePicture & { pressed: Pressed },
): Promise<{ id: string; veil: PictureRow }> {
  demand(actor, 'veilPicture');
  const picture = await lockRow(em, { entity: FieldPicture, name: 'picture' }, id);
  demandTheirs(actor, picture);
  const { report, by, receivedAt, kind, size, sha256, takenAt, lon, lat } = picture;
  const { width, height, fingerprint } = pressed;
  const veil = em.create(FieldPicture, {
    ...{ id: uuid(), report, by, receivedAt, kind, size, sha256, takenAt, lon, lat },
    ...{ width, height, fingerprint, veils: picture.id },
  });
  await em.flush();
  await putBytes(em, veil.id, pressed);
  await erase(em, picture, clock.now());
  return { id: picture.id, veil };
}

/** The bytes of a picture for somebody who may veil it, and its size. */
export async function pictureToVeil(
  em: EntityManager,
  actor: Actor | null,
  { id }: OnePicture,
): Promise<{ whole: Buffer; width: number; height: number }> {
  demand(actor, 'veilPicture');
  const picture = isUuid(id) ? await em.findOne(FieldPicture, { id }) : null;
  if (!picture) throw notFound('picture', id);
  demandTheirs(actor, picture);
  const { whole } = await em.findOneOrFail(PictureBytes, { picture });
  return { whole: Buffer.from(whole), width: picture.width, height: picture.height };
}

/** The report of a picture, about which a deed on the picture is; the picture itself where it has none. */
export async function subjectOfPicture(em: EntityManager, id: string): Promise<string> {
  const picture = isUuid(id) ? await em.findOne(FieldPicture, { id }) : null;
  return picture?.report?.id ?? id;
}

/** Throws unless it is one of the actor's that waits for a report, or one of a report and the actor a checker. */
function demandTheirs(actor: Actor, { id, report, by, erasedAt }: PictureRow): void {
  if (erasedAt || (!report && by.id !== actor.id)) throw notFound('picture', id);
  if (report) demand(actor, 'erasePicture');
}

/** Leaves of a picture what stays on record. */
async function erase(em: EntityManager, picture: PictureRow, now: Date): Promise<PictureRow> {
  Object.assign(picture, { erasedAt: now, takenAt: null, lon: null, lat: null, fingerprint: null });
  await em.flush();
  await eraseBytes(em, [picture.id]);
  return picture;
}

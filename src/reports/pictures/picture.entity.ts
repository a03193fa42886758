import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { Account } from '../../access/account.entity.ts';
import type { PictureKind } from '../../pictures/picture-kind.rules.ts';
import { Report } from '../report.entity.ts';

/**
 * A picture that somebody brought, as what stays on record of it; it waits for a report until it has one. Its bytes stand in
 * `PictureBytes`. Once it is erased it has no bytes, and nothing that tells where, when or of what it was taken (I-44).
 */
export const FieldPicture = defineEntity({
  name: 'FieldPicture',
  tableName: 'picture',
  indexes: [
    { name: 'picture_report_index', properties: ['report'] },
    {
      name: 'picture_waiting_index',
      expression:
        'create index "picture_waiting_index" on "picture" ("by_id", "received_at") where "report_id" is null and "erased_at" is null',
    },
  ],
  checks: [
    { name: 'picture_kind_check', expression: `kind in ('JPEG', 'PNG', 'WEBP', 'HEIC')` },
    { name: 'picture_point_check', expression: '(lon is null) = (lat is null)' },
    { name: 'picture_sha256_check', expression: `sha256 ~ '^[0-9a-f]{64}$'` },
    { name: 'picture_fingerprint_check', expression: `fingerprint ~ '^[0-9a-f]{16}$'` },
    {
      name: 'picture_erased_check',
      expression: 'erased_at is null or (taken_at is null and lon is null and fingerprint is null)',
    },
  ],
  triggers: [
    {
      name: 'picture_kept',
      timing: 'before',
      events: ['update', 'delete'],
      forEach: 'row',
      expression:
        'create trigger picture_kept before update or delete on picture for each row execute function picture_kept()',
    },
    {
      name: 'picture_whole',
      timing: 'after',
      events: ['insert', 'update'],
      forEach: 'row',
      expression:
        'create constraint trigger picture_whole after insert or update on picture deferrable initially deferred for each row execute function picture_whole()',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    report: () => p.manyToOne(Report).nullable(),
    by: () => p.manyToOne(Account),
    receivedAt: p.datetime(3),
    kind: p.text().$type<PictureKind>(),
    /** Bytes of the file as it was sent, and its hash: the file itself is not kept. */
    size: p.integer(),
    sha256: p.text(),
    /** Of what is kept. */
    width: p.integer(),
    height: p.integer(),
    /** Tells pictures that look alike. */
    fingerprint: p.text().nullable(),
    /** By the word of the file alone. */
    takenAt: p.datetime(3).nullable(),
    lon: p.double().$type<number>().nullable(),
    lat: p.double().$type<number>().nullable(),
    /** The picture of which this one shows less. */
    veils: p.uuid().nullable().unique('picture_veils_unique'),
    erasedAt: p.datetime(3).nullable(),
  },
});
export type PictureRow = InferEntity<typeof FieldPicture>;

/** The bytes of a picture, WebP both. Nothing but `picture-bytes.ts` puts, reads and erases them. */
export const PictureBytes = defineEntity({
  name: 'PictureBytes',
  tableName: 'picture_bytes',
  triggers: [
    {
      name: 'picture_bytes_kept',
      timing: 'before',
      events: ['insert', 'update'],
      forEach: 'row',
      expression:
        'create trigger picture_bytes_kept before insert or update on picture_bytes for each row execute function picture_bytes_kept()',
    },
    {
      name: 'picture_bytes_erased',
      timing: 'after',
      events: ['delete'],
      forEach: 'row',
      expression:
        'create constraint trigger picture_bytes_erased after delete on picture_bytes deferrable initially deferred for each row execute function picture_bytes_erased()',
    },
  ],
  properties: {
    picture: () => p.oneToOne(FieldPicture).primary(),
    whole: p.blob(),
    thumbnail: p.blob(),
  },
});

import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { Account } from '../../access/account.entity.ts';
import type { NamedOrganisation } from '../../access/organisations/organisation.rules.ts';
import type { Content } from '../../publications/content/content.ts';
import { MODES, SEVERITIES } from '../../publications/vocabulary.ts';
import { Dossier } from './dossier.entity.ts';

/**
 * One version of a dossier's content. Until `publishedAt` is set it is the working revision (one per dossier) and may
 * change; from then on PostgreSQL refuses every change, and publishing itself without the approvals (see the migration).
 */
export const Revision = defineEntity({
  name: 'Revision',
  tableName: 'revision',
  indexes: [
    { name: 'revision_dossier_index', properties: ['dossier'] },
    {
      name: 'revision_number_unique',
      expression:
        'create unique index "revision_number_unique" on "revision" ("dossier_id", "number") where "abandoned_at" is null',
    },
    {
      name: 'revision_working_unique',
      expression:
        'create unique index "revision_working_unique" on "revision" ("dossier_id") where "published_at" is null and "abandoned_at" is null',
    },
    {
      name: 'revision_oral_order_index',
      expression: `create index "revision_oral_order_index" on "revision" ("dossier_id") where "published_at" is not null and "content"->'decision'->>'form' = 'ORAL_ORDER'`,
    },
  ],
  triggers: [
    {
      name: 'revision_frozen',
      timing: 'before',
      events: ['insert', 'update', 'delete'],
      forEach: 'row',
      expression:
        'create trigger revision_frozen before insert or update or delete on revision for each row execute function revision_frozen()',
    },
    {
      name: 'revision_announced',
      timing: 'after',
      events: ['update'],
      forEach: 'row',
      expression:
        'create constraint trigger revision_announced after update on revision deferrable initially deferred for each row execute function revision_announced()',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    dossier: () => p.manyToOne(Dossier),
    number: p.integer(),
    content: p.json<Content>(),
    contentHash: p.text(),
    mode: p.enum(MODES),
    severity: p.enum(SEVERITIES).nullable(),
    /** It mends words of what was public, and is no news. */
    minor: p.boolean().default(false),
    createdAt: p.datetime(3),
    publishedAt: p.datetime(3).nullable(),
    /** Given up while in hand; its number is then free again. */
    abandonedAt: p.datetime(3).nullable(),
    changedFields: p.array().nullable(),
    urgentBy: () => p.manyToOne(Account).nullable(),
    urgentReason: p.text().nullable(),
  },
});
export type RevisionRow = InferEntity<typeof Revision>;

/** Who wrote a revision's content, or changed it: none of them may approve it. */
export const RevisionEditor = defineEntity({
  name: 'RevisionEditor',
  tableName: 'revision_editor',
  triggers: [
    {
      name: 'revision_editor_kept',
      timing: 'before',
      events: ['update', 'delete'],
      forEach: 'row',
      expression:
        'create trigger revision_editor_kept before update or delete on revision_editor for each row execute function refuse_change()',
    },
  ],
  properties: {
    revision: () => p.manyToOne(Revision).primary(),
    account: () => p.manyToOne(Account).primary(),
  },
});

/** An organisation as it was called at a moment, with the id by which it is known for ever. */
export type OrganisationThen = NamedOrganisation & { id: string };

/** A second person's word for exactly this content. It counts while `contentHash` is the revision's and it is not voided. */
export const Approval = defineEntity({
  name: 'Approval',
  tableName: 'approval',
  indexes: [
    {
      name: 'approval_once',
      expression:
        'create unique index "approval_once" on "approval" ("revision_id", "by_id", "content_hash") where "voided_at" is null',
    },
  ],
  triggers: [
    {
      name: 'approval_four_eyes',
      timing: 'before',
      events: ['insert', 'update', 'delete'],
      forEach: 'row',
      expression:
        'create trigger approval_four_eyes before insert or update or delete on approval for each row execute function approval_four_eyes()',
    },
    {
      name: 'approval_organisation',
      timing: 'before',
      events: ['insert', 'update'],
      forEach: 'row',
      expression:
        'create trigger approval_organisation before insert or update on approval for each row execute function approval_organisation()',
    },
    {
      name: 'approval_ends_calls',
      timing: 'after',
      events: ['insert'],
      forEach: 'row',
      expression:
        'create trigger approval_ends_calls after insert on approval for each row execute function approval_ends_calls()',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    revision: () => p.manyToOne(Revision),
    by: () => p.manyToOne(Account),
    /** The organisation of the person, as it was called then; PostgreSQL writes it, and keeps it (I-31). */
    organisation: p.json<OrganisationThen>(),
    contentHash: p.text(),
    at: p.datetime(3),
    voidedAt: p.datetime(3).nullable(),
  },
});

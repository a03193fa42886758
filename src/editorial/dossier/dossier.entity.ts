import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { Account } from '../../access/account.entity.ts';
import { KINDS } from '../../publications/vocabulary.ts';
import { STAGES } from './stage.rules.ts';

/** The working file behind a publication. `version` grows with each mutation: the optimistic lock that clients hold. */
export const Dossier = defineEntity({
  name: 'Dossier',
  tableName: 'dossier',
  indexes: [
    { name: 'dossier_stage_index', properties: ['stage', 'updatedAt'] },
    { name: 'dossier_updated_index', properties: ['updatedAt', 'id'] },
  ],
  triggers: [
    {
      name: 'dossier_cosigned',
      timing: 'before',
      events: ['update'],
      forEach: 'row',
      expression:
        'create trigger dossier_cosigned before update on dossier for each row execute function dossier_cosigned()',
    },
    {
      name: 'dossier_ends_calls',
      timing: 'after',
      events: ['update'],
      forEach: 'row',
      expression:
        'create trigger dossier_ends_calls after update on dossier for each row execute function dossier_ends_calls()',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    kind: p.enum(KINDS),
    stage: p.enum(STAGES),
    version: p.integer(),
    author: () => p.manyToOne(Account),
    publishAt: p.datetime(3).nullable(),
    /** By whom it was scheduled last: in the name of their organisation the timekeeper publishes it. */
    scheduledBy: () => p.manyToOne(Account).nullable(),
    /** PostgreSQL sets it back to null once the rules of signature are met (I-45), and not before. */
    cosignDueAt: p.datetime(3).nullable(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
  },
});
export type DossierRow = InferEntity<typeof Dossier>;

/** A remark of the desk on a dossier: why changes were asked for, why it was abandoned. */
export const DossierComment = defineEntity({
  name: 'DossierComment',
  tableName: 'dossier_comment',
  indexes: [{ name: 'dossier_comment_dossier_index', properties: ['dossier'] }],
  properties: {
    id: p.uuid().primary(),
    dossier: () => p.manyToOne(Dossier),
    by: () => p.manyToOne(Account),
    at: p.datetime(3),
    text: p.text(),
  },
});

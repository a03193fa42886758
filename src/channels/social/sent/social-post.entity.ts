import { defineEntity, p } from '@mikro-orm/core';
import { Account } from '../../../access/account.entity.ts';
import { Publication } from '../../../publications/publication.entity.ts';
import type { SocialNetwork } from '../fitting/networks.ts';

/** A post that stands on a network, as its sender acknowledged it. Rows never change: an edited post is one more row. */
export const SocialPostRecord = defineEntity({
  name: 'SocialPostRecord',
  tableName: 'social_post',
  indexes: [{ name: 'social_post_at_index', properties: ['at'] }],
  uniques: [{ name: 'social_post_once_unique', properties: ['publication', 'network', 'url', 'revision', 'happened'] }],
  // The closed list stands in networks.ts, and the schema's enum refuses any other network: a new one needs no migration.
  checks: [{ name: 'social_post_network_check', expression: `network ~ '^[A-Z][A-Z0-9_]*$'` }],
  triggers: [
    {
      name: 'social_post_frozen',
      timing: 'before',
      events: ['update', 'delete'],
      forEach: 'row',
      expression:
        'create trigger social_post_frozen before update or delete on social_post for each row execute function refuse_change()',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    publication: () => p.manyToOne(Publication),
    network: p.text().$type<SocialNetwork>(),
    revision: p.integer(),
    /** The event that had followed that revision when the post was made; see `happenedTo`. */
    happened: p.text(),
    /** Where it stands. */
    url: p.text(),
    at: p.datetime(3),
    by: () => p.manyToOne(Account),
  },
});

import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { KINDS, MODES, PUBLIC_STATES, SEVERITIES } from './vocabulary.ts';

/**
 * The public thread of a dossier, one row from its first publication on: which revision is live (exactly one, I-04),
 * what the journal last announced, and the columns by which the archive is searched. Its id is the dossier's.
 */
export const Publication = defineEntity({
  name: 'Publication',
  tableName: 'publication',
  indexes: [
    { name: 'publication_announced_index', properties: ['announced', 'endsAt'] },
    {
      name: 'publication_communes_index',
      expression: 'create index "publication_communes_index" on "publication" using gin ("communes")',
    },
    {
      name: 'publication_words_index',
      expression: `create index "publication_words_index" on "publication" using gin (to_tsvector('french', "words"))`,
    },
    { name: 'publication_revised_index', properties: ['revisedAt', 'id'] },
    { name: 'publication_updated_index', properties: ['updatedAt'] },
  ],
  triggers: [
    {
      name: 'publication_closed_for_good',
      timing: 'before',
      events: ['update', 'delete'],
      forEach: 'row',
      expression:
        'create trigger publication_closed_for_good before update or delete on publication for each row execute function publication_closed_for_good()',
    },
    {
      name: 'publication_of_incident',
      timing: 'before',
      events: ['insert', 'update'],
      forEach: 'row',
      expression:
        'create trigger publication_of_incident before insert or update on publication for each row execute function publication_of_incident()',
    },
    {
      name: 'publication_announced',
      timing: 'after',
      events: ['insert', 'update'],
      forEach: 'row',
      expression:
        'create constraint trigger publication_announced after insert or update on publication deferrable initially deferred for each row execute function publication_announced()',
    },
    {
      name: 'publication_ends_calls',
      timing: 'after',
      events: ['update'],
      forEach: 'row',
      expression:
        'create trigger publication_ends_calls after update on publication for each row execute function publication_ends_calls()',
    },
    {
      name: 'publication_ends_order_calls',
      timing: 'after',
      events: ['update'],
      forEach: 'row',
      expression:
        'create trigger publication_ends_order_calls after update on publication for each row execute function publication_ends_order_calls()',
    },
    {
      name: 'publication_ends_unread',
      timing: 'after',
      events: ['update'],
      forEach: 'row',
      expression:
        'create trigger publication_ends_unread after update on publication for each row execute function publication_ends_unread()',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    liveRevisionId: p.uuid(),
    kind: p.enum(KINDS),
    mode: p.enum(MODES),
    severity: p.enum(SEVERITIES).nullable(),
    communes: p.array(),
    startsAt: p.datetime(3).nullable(),
    endsAt: p.datetime(3).nullable(),
    publishedAt: p.datetime(3),
    revisedAt: p.datetime(3),
    /** The public state that the journal announced last; the timekeeper moves it on. */
    announced: p.enum(PUBLIC_STATES),
    /** Cancelled or all clear: the thread never comes back (I-20). */
    closed: p.boolean(),
    /** The journal entry that holds the document as the public knows it now. */
    latestEntryId: p.uuid(),
    /** When that entry was made: an end or a verification moves it, too. */
    updatedAt: p.datetime(3),
    incidentId: p.uuid().nullable(),
    /** All words of the live revision, for the full-text search of the archive. */
    words: p.text(),
  },
});
export type PublicationRow = InferEntity<typeof Publication>;

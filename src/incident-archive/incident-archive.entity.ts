import { defineEntity, p } from '@mikro-orm/core';
import { Account } from '../access/account.entity.ts';
import { Incident } from '../editorial/incidents/incident.entity.ts';

/** An archive of an incident that somebody took: on record before its first byte leaves, with the hash by which it is known. */
export const IncidentArchive = defineEntity({
  name: 'IncidentArchive',
  tableName: 'incident_archive',
  indexes: [{ name: 'incident_archive_hash_index', properties: ['hash', 'at'] }],
  triggers: [
    {
      name: 'incident_archive_frozen',
      timing: 'before',
      events: ['update', 'delete'],
      forEach: 'row',
      expression:
        'create trigger incident_archive_frozen before update or delete on incident_archive for each row execute function refuse_change()',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    incident: () => p.manyToOne(Incident),
    /** Of its last line before the seal, in hex. */
    hash: p.text(),
    /** With its seal. */
    lines: p.integer(),
    bytes: p.bigint('number'),
    /** The signature that stands in it. */
    seal: p.text(),
    by: () => p.manyToOne(Account),
    at: p.datetime(3),
  },
});

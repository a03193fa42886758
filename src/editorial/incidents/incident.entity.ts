import { defineEntity, type InferEntity, p } from '@mikro-orm/core';
import { Organisation } from '../../access/organisations/organisation.entity.ts';
import type { AreaContent } from '../../publications/content/content.ts';
import { MODES } from '../../publications/vocabulary.ts';
import { INCIDENT_LEVELS, INCIDENT_STATES } from './incident.rules.ts';

/**
 * A crisis or a happening that threads publications together: the flood of June 2016, a stage of the Tour. The public reads
 * its slug and title; the rest is for the crisis cell.
 */
export const Incident = defineEntity({
  name: 'Incident',
  tableName: 'incident',
  triggers: [
    {
      name: 'incident_guard',
      timing: 'before',
      events: ['update', 'delete'],
      forEach: 'row',
      expression:
        'create trigger incident_guard before update or delete on incident for each row execute function incident_guard()',
    },
    {
      name: 'incident_ends_calls',
      timing: 'after',
      events: ['update'],
      forEach: 'row',
      expression:
        'create trigger incident_ends_calls after update on incident for each row execute function incident_ends_calls()',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    slug: p.text().unique('incident_slug_unique'),
    title: p.text(),
    openedAt: p.datetime(3),
    /** Grows with each mutation: the optimistic lock that clients hold. */
    version: p.integer(),
    state: p.enum(INCIDENT_STATES),
    /** STANDBY while it is closed. */
    level: p.enum(INCIDENT_LEVELS),
    /** Fixed at opening; its publications have the same. PostgreSQL sees to both (I-37). */
    mode: p.enum(MODES),
    /** The aims of the cell, each a sentence. */
    objectives: p.array(),
    /** Where it plays; null for nowhere in particular. */
    perimeter: p.json<AreaContent>().nullable(),
    /** Words by which feeds of others are watched for it. */
    keywords: p.array(),
    /** How the cell and its partners reach each other. */
    channels: p.array(),
    /** The organisation that asked for the cell. */
    requestedBy: () => p.manyToOne(Organisation).nullable(),
    /** Ids of publications that stayed in force when it was closed; none while it is open. PostgreSQL counts on it (I-38). */
    leftRunning: p.array(),
  },
});
export type IncidentRow = InferEntity<typeof Incident>;

/** An organisation that takes part in an incident. */
export const IncidentParticipant = defineEntity({
  name: 'IncidentParticipant',
  tableName: 'incident_participant',
  properties: {
    incident: () => p.manyToOne(Incident).primary(),
    organisation: () => p.manyToOne(Organisation).primary(),
  },
});

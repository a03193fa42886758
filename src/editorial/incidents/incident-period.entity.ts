import { defineEntity, p } from '@mikro-orm/core';
import { Incident } from './incident.entity.ts';
import { INCIDENT_LEVELS } from './incident.rules.ts';

/** A time in which an incident was open: one from its opening, and one from each time that it was opened again. */
export const IncidentPeriod = defineEntity({
  name: 'IncidentPeriod',
  tableName: 'incident_period',
  indexes: [
    { name: 'incident_period_incident_index', properties: ['incident'] },
    {
      name: 'incident_period_open_unique',
      expression:
        'create unique index "incident_period_open_unique" on "incident_period" ("incident_id") where "closed_at" is null',
    },
  ],
  triggers: [
    {
      name: 'incident_period_kept',
      timing: 'before',
      events: ['update', 'delete'],
      forEach: 'row',
      expression:
        'create trigger incident_period_kept before update or delete on incident_period for each row execute function incident_period_kept()',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    incident: () => p.manyToOne(Incident),
    openedAt: p.datetime(3),
    /** Null for the first period, which needs no reason. */
    openedFor: p.text().nullable(),
    /** Null while it lasts. */
    closedAt: p.datetime(3).nullable(),
    closedFor: p.text().nullable(),
  },
});

/** That somebody set another level, and why. */
export const IncidentLevelChange = defineEntity({
  name: 'IncidentLevelChange',
  tableName: 'incident_level_change',
  indexes: [{ name: 'incident_level_change_incident_index', properties: ['incident'] }],
  triggers: [
    {
      name: 'incident_level_change_frozen',
      timing: 'before',
      events: ['update', 'delete'],
      forEach: 'row',
      expression:
        'create trigger incident_level_change_frozen before update or delete on incident_level_change for each row execute function refuse_change()',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    incident: () => p.manyToOne(Incident),
    level: p.enum(INCIDENT_LEVELS),
    reason: p.text(),
    at: p.datetime(3),
  },
});

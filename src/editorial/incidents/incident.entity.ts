import { defineEntity, type InferEntity, p } from '@mikro-orm/core';

/** A crisis or a happening that threads publications together: the flood of June 2016, a stage of the Tour. */
export const Incident = defineEntity({
  name: 'Incident',
  tableName: 'incident',
  properties: {
    id: p.uuid().primary(),
    slug: p.text().unique('incident_slug_unique'),
    title: p.text(),
    openedAt: p.datetime(3),
  },
});
export type IncidentRow = InferEntity<typeof Incident>;

/** An incident is open until it is closed, and may be opened again; see `incident-period.entity.ts`. */
export const INCIDENT_STATES = ['OPEN', 'CLOSED'] as const;
export type IncidentState = (typeof INCIDENT_STATES)[number];

/** How far the crisis cell is activated, least first. */
export const INCIDENT_LEVELS = ['STANDBY', 'REINFORCED', 'PARTIAL', 'FULL'] as const;
export type IncidentLevel = (typeof INCIDENT_LEVELS)[number];

/** The deeds on an incident that is there, and the state in which each may be done. */
const BEGINS_AT = {
  reviseIncident: 'OPEN',
  setIncidentLevel: 'OPEN',
  closeIncident: 'OPEN',
  reopenIncident: 'CLOSED',
} as const satisfies Record<string, IncidentState>;
export type IncidentDeed = keyof typeof BEGINS_AT;

/** Whether a deed may be done to an incident in this state. */
export const mayBeDone = (deed: IncidentDeed, state: IncidentState): boolean => BEGINS_AT[deed] === state;

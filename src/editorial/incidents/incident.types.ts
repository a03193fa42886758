import { connectionOf } from '../../paging/connection.types.ts';
import { IncidentType } from '../../publications/publication.types.ts';

export const IncidentConnectionType = connectionOf('Incident', () => IncidentType, {
  description: 'A page of incidents, the newest first.',
  nodes: 'The incidents of this page.',
});

import type { IncidentLevel } from './incident.rules.ts';

/** How far the crisis cell is activated, in the words of staff. */
export const LEVEL_WORDS: Readonly<Record<IncidentLevel, string>> = {
  STANDBY: 'veille',
  REINFORCED: 'veille renforcée',
  PARTIAL: 'cellule partielle',
  FULL: 'cellule complète',
};

import type { DutyFunction } from './duty.rules.ts';

/** The functions of the crisis cell in the words of staff. */
export const DUTY_FUNCTION_WORDS: Readonly<Record<DutyFunction, string>> = {
  LEAD: 'direction de la cellule',
  LOG_KEEPER: 'main courante',
  EDITOR: 'rédaction',
  VALIDATOR: 'validation',
  WATCHER: 'veille des réseaux',
  CHECKER: 'vérification',
  SDIS_CONTACT: 'contact du Sdis',
  DUTY_OFFICER: 'astreinte',
};

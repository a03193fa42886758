import { z } from 'zod';

/** Hazards by their OASIS Event Terms code (OASIS Event Terms v1.0), with the words that citizens read. */
const HAZARDS: Readonly<Record<string, { fr: string; en: string }>> = {
  'OET-047': { fr: 'Eau impropre à la consommation', en: 'Contaminated water' },
  'OET-079': { fr: 'Crue éclair', en: 'Flash flood' },
  'OET-081': { fr: 'Inondation', en: 'Flood' },
  'OET-098': { fr: 'Canicule', en: 'Heat' },
  'OET-113': { fr: 'Incendie industriel', en: 'Industrial fire' },
  'OET-145': { fr: 'Coupure d’électricité', en: 'Power outage' },
  'OET-158': { fr: 'Incident ferroviaire', en: 'Railway issue' },
  'OET-165': { fr: 'Route fermée', en: 'Road closure' },
  'OET-182': { fr: 'Neige', en: 'Snow' },
  'OET-187': { fr: 'Tempête', en: 'Storm' },
  'OET-194': { fr: 'Orages', en: 'Thunderstorm' },
  'OET-197': { fr: 'Nuage toxique', en: 'Toxic plume' },
  'OET-218': { fr: 'Vent violent', en: 'Wind' },
};

/** A code of the list above, in an input. */
export const hazardCode = z.string().refine((code) => code in HAZARDS, {
  message: `must be an OASIS Event Terms code: ${Object.keys(HAZARDS).join(', ')}`,
});

/** The label of a hazard in French, or in English for every other language; the code itself where it is unknown. */
export function hazardLabel(code: string, language: string): string {
  const labels = HAZARDS[code];
  if (!labels) return code;
  return language.toLowerCase().startsWith('fr') ? labels.fr : labels.en;
}

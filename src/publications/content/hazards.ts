import { z } from 'zod';
import { HAZARD_WORDS } from './hazard-words.ts';
import { FRENCH } from './language.rules.ts';
import { LOCALES, type Tongue, tongueFor } from './tongue.ts';
import { firstText } from './translations.rules.ts';

const ENGLISH = LOCALES.en;

/**
 * Hazards by their OASIS Event Terms code (OASIS Event Terms v1.0), with the words that citizens read, the hashtag of posts,
 * and MeteoAlarm's awareness type where it knows of such a hazard.
 */
const HAZARDS: Readonly<Record<string, { fr: string; en: string; tag: string; awareness?: string }>> = {
  'OET-047': { fr: 'Eau impropre à la consommation', en: 'Contaminated water', tag: 'EauPotable' },
  'OET-079': { fr: 'Crue éclair', en: 'Flash flood', tag: 'Crue', awareness: '13; rain-flood' },
  'OET-081': { fr: 'Inondation', en: 'Flood', tag: 'Inondation', awareness: '12; flooding' },
  'OET-098': { fr: 'Canicule', en: 'Heat', tag: 'Canicule', awareness: '5; high-temperature' },
  'OET-113': { fr: 'Incendie industriel', en: 'Industrial fire', tag: 'Incendie' },
  'OET-145': { fr: 'Coupure d’électricité', en: 'Power outage', tag: 'Électricité' },
  'OET-158': { fr: 'Incident ferroviaire', en: 'Railway issue', tag: 'InfoTrafic' },
  'OET-165': { fr: 'Route fermée', en: 'Road closure', tag: 'InfoRoute' },
  'OET-182': { fr: 'Neige', en: 'Snow', tag: 'Neige', awareness: '2; snow-ice' },
  'OET-187': { fr: 'Tempête', en: 'Storm', tag: 'Tempête', awareness: '1; wind' },
  'OET-194': { fr: 'Orages', en: 'Thunderstorm', tag: 'Orages', awareness: '3; thunderstorm' },
  'OET-197': { fr: 'Nuage toxique', en: 'Toxic plume', tag: 'NuageToxique' },
  'OET-218': { fr: 'Vent violent', en: 'Wind', tag: 'VentViolent', awareness: '1; wind' },
};

/** The codes of the list above. */
export const HAZARD_CODES: readonly string[] = Object.keys(HAZARDS);

/** A code of the list above, in an input. */
export const hazardCode = z.string().refine((code) => code in HAZARDS, {
  message: `must be an OASIS Event Terms code: ${Object.keys(HAZARDS).join(', ')}`,
});

/** The languages that hazards have names in. */
const LABELLED: readonly string[] = [FRENCH, ENGLISH, ...Object.keys(HAZARD_WORDS)];

/** The label of a hazard in a language; undefined where it has no name there. */
function labelIn(code: string, language: string): string | undefined {
  const [primary = ''] = language.toLowerCase().split('-');
  return primary === 'fr' || primary === 'en' ? HAZARDS[code]?.[primary] : HAZARD_WORDS[primary]?.[code];
}

/** The label of a hazard in a language, or in English where it has no name there; the code itself where it is unknown. */
export const hazardLabel = (code: string, language: string): string =>
  labelIn(code, language) ?? HAZARDS[code]?.[tongueFor(language)] ?? code;

/**
 * The name of an event in the language of its words: the hazard's, else the headline, which is in that language. Readers of
 * one language understand no name in another, and a program that sorts by hazard reads its code.
 */
export const eventName = (code: string, { language, headline }: { language: string; headline: string }): string =>
  labelIn(code, language) ?? headline;

/** A hazard, and the words of the publication that it stands in; none where it stands alone. */
export interface NamedHazard {
  code: string;
  texts: readonly { language: string }[];
}

/** A hazard's name and the language that it is in. */
export interface HazardLabel {
  text: string;
  language: string;
}

/**
 * The name of a hazard for a reader: in the language of the words beside it where there is one, else in the first of the
 * reader's languages that there is, so that no one reads French words under an English hazard.
 */
export function hazardLabelFor({ code, texts }: NamedHazard, languages: readonly string[]): HazardLabel {
  const labels = LABELLED.map((language) => ({ language, text: hazardLabel(code, language) }));
  const spoken = firstText(texts, languages)?.language;
  return firstText(labels, spoken ? [spoken, ...languages] : languages) ?? { language: FRENCH, text: code };
}

/** The label of a hazard within a sentence. */
export const hazardName = (code: string, tongue: Tongue): string =>
  hazardLabel(code, tongue).toLocaleLowerCase(LOCALES[tongue]);

/** MeteoAlarm's awareness type of a hazard, such as `12; flooding`; null where it has none. */
export const awarenessType = (code: string): string | null => HAZARDS[code]?.awareness ?? null;

/** The hashtags of a hazard, without their sign; none where it is unknown. */
export const hazardTags = (code: string): string[] => {
  const tag = HAZARDS[code]?.tag;
  return tag ? [tag] : [];
};

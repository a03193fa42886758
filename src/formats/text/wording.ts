import type { ClosureContent } from '../../publications/closure/closure.content.ts';
import type { Verdict } from '../../publications/correction/correction.content.ts';
import type { Severity } from '../../publications/vocabulary.ts';

/** The words that formats put around what people wrote. */
export interface Wording {
  locale: string;
  exercise: string;
  cancelled(headline: string): string;
  reopened(roads: string): string;
  reason(text: string): string;
  todo: string;
  dos: string;
  donts: string;
  detour: string;
  crossings: string;
  passages: string;
  window(from: string | null, to: string | null): string | undefined;
  places(names: string): string;
  source(name: string): string;
  claim(text: string): string;
  verdict(word: string): string;
  verdicts: Record<Verdict, string>;
  gravity: Record<Severity, string>;
  restrictions: Record<ClosureContent['restriction'], string>;
  kinds: Record<'ALERT' | 'ADVICE' | 'EVENT' | 'CLOSURE' | 'CORRECTION', string>;
}

const french: Wording = {
  locale: 'fr-FR',
  exercise: 'EXERCICE',
  cancelled: (headline) => `Annulé : ${headline}`,
  reopened: (roads) => `Route rouverte : ${roads}`,
  reason: (text) => `Motif : ${text}`,
  todo: 'Que faire',
  dos: 'À faire',
  donts: 'À éviter',
  detour: 'Déviation',
  crossings: 'Points de traversée',
  passages: 'Passages prévus',
  window: (from, to) =>
    from && to ? `Du ${from} au ${to}` : to ? `Jusqu’au ${to}` : from ? `À partir du ${from}` : undefined,
  places: (names) => `Communes : ${names}`,
  source: (name) => `Source : ${name}`,
  claim: (text) => `Ce qui circule : « ${text} »`,
  verdict: (word) => `Verdict : ${word}`,
  verdicts: {
    TRUE: 'vrai',
    MOSTLY_TRUE: 'plutôt vrai',
    PARTLY_TRUE: 'en partie vrai',
    MISLEADING: 'trompeur',
    FALSE: 'faux',
    UNVERIFIABLE: 'invérifiable',
    OUTDATED: 'dépassé',
    OUT_OF_CONTEXT: 'hors contexte',
    SATIRE: 'satire',
  },
  gravity: {
    EXTREME: 'Vigilance rouge',
    SEVERE: 'Vigilance orange',
    MODERATE: 'Vigilance jaune',
    MINOR: 'Vigilance verte',
    UNKNOWN: 'Gravité inconnue',
  },
  restrictions: {
    CLOSED: 'Route fermée',
    LANES_CLOSED: 'Voies fermées',
    ALTERNATING: 'Circulation alternée',
    LOCAL_ACCESS_ONLY: 'Accès riverains seulement',
    PARKING_BAN: 'Stationnement interdit',
  },
  kinds: { ALERT: 'Alerte', ADVICE: 'Conseil', EVENT: 'Événement', CLOSURE: 'Route', CORRECTION: 'Rumeur vérifiée' },
};

const english: Wording = {
  locale: 'en-GB',
  exercise: 'EXERCISE',
  cancelled: (headline) => `Cancelled: ${headline}`,
  reopened: (roads) => `Road reopened: ${roads}`,
  reason: (text) => `Reason: ${text}`,
  todo: 'What to do',
  dos: 'Do',
  donts: 'Do not',
  detour: 'Diversion',
  crossings: 'Crossing points',
  passages: 'Expected times',
  window: (from, to) => (from && to ? `From ${from} to ${to}` : to ? `Until ${to}` : from ? `From ${from}` : undefined),
  places: (names) => `Communes: ${names}`,
  source: (name) => `Source: ${name}`,
  claim: (text) => `What is being said: “${text}”`,
  verdict: (word) => `Verdict: ${word}`,
  verdicts: {
    TRUE: 'true',
    MOSTLY_TRUE: 'mostly true',
    PARTLY_TRUE: 'partly true',
    MISLEADING: 'misleading',
    FALSE: 'false',
    UNVERIFIABLE: 'unverifiable',
    OUTDATED: 'outdated',
    OUT_OF_CONTEXT: 'out of context',
    SATIRE: 'satire',
  },
  gravity: {
    EXTREME: 'Red vigilance',
    SEVERE: 'Orange vigilance',
    MODERATE: 'Yellow vigilance',
    MINOR: 'Green vigilance',
    UNKNOWN: 'Severity unknown',
  },
  restrictions: {
    CLOSED: 'Road closed',
    LANES_CLOSED: 'Lanes closed',
    ALTERNATING: 'Alternating traffic',
    LOCAL_ACCESS_ONLY: 'Local access only',
    PARKING_BAN: 'No parking',
  },
  kinds: { ALERT: 'Alert', ADVICE: 'Advice', EVENT: 'Event', CLOSURE: 'Road', CORRECTION: 'Rumour checked' },
};

/** The words for a language: French for French, English for every other, as hazards are named. */
export const wordingFor = (language: string): Wording => (/^fr\b/i.test(language) ? french : english);

/** A moment as people say it, Paris time: "jeudi 2 juin 2016 à 14:00". */
export const sayMoment = ({ locale }: Wording, moment: string): string =>
  new Intl.DateTimeFormat(locale, { timeZone: 'Europe/Paris', dateStyle: 'full', timeStyle: 'short' }).format(
    new Date(moment),
  );

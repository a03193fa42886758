import type { RESTRICTIONS } from '../../../publications/closure/closure.content.ts';
import type { Verdict } from '../../../publications/correction/correction.content.ts';
import type { EVENT_STATUSES } from '../../../publications/event/event.content.ts';
import type { Mode, Severity } from '../../../publications/vocabulary.ts';

/** What posts and cards say beside the words of a publication; another language is another of these. */
export interface PostWords {
  mark: Record<Exclude<Mode, 'ACTUAL'>, string>;
  gravity: Record<Severity, string>;
  /** The end of a danger, by its gravity. */
  gravityOver: Record<Severity, string>;
  restriction: Record<(typeof RESTRICTIONS)[number], string>;
  eventStatus: Record<(typeof EVENT_STATUSES)[number], string>;
  verdict: Record<Verdict, string>;
  advice: string;
  reopened: string;
  notStarted: string;
  update: string;
  over: string;
  alertCancelled: string;
  withdrawn: string;
  everywhere: string;
  /** A list of places cut short: how many are left out. */
  more: (count: number) => string;
  and: string;
  until: string;
  fromTo: (from: string, to: string) => string;
  since: string;
  seen: string;
  stale: [long: string, short: string];
  source: string;
  colon: string;
  /** What the map of a card shows, in words. */
  mapOf: (places: string) => string;
  approximate: string;
  locale: string;
}

const FRENCH_WORDS: PostWords = {
  mark: { EXERCISE: 'EXERCICE', TEST: 'TEST' },
  gravity: {
    EXTREME: 'Vigilance rouge',
    SEVERE: 'Vigilance orange',
    MODERATE: 'Vigilance jaune',
    MINOR: 'Vigilance verte',
    UNKNOWN: 'Alerte, gravité inconnue',
  },
  gravityOver: {
    EXTREME: 'Fin de la vigilance rouge',
    SEVERE: 'Fin de la vigilance orange',
    MODERATE: 'Fin de la vigilance jaune',
    MINOR: 'Fin de la vigilance verte',
    UNKNOWN: 'Fin de l’alerte, gravité inconnue',
  },
  restriction: {
    CLOSED: 'Route fermée',
    LANES_CLOSED: 'Voies fermées',
    ALTERNATING: 'Circulation alternée',
    LOCAL_ACCESS_ONLY: 'Accès réservé aux riverains',
    PARKING_BAN: 'Stationnement interdit',
  },
  eventStatus: {
    SCHEDULED: 'Événement',
    POSTPONED: 'Événement reporté',
    RESCHEDULED: 'Événement : nouvelle date',
    CANCELLED: 'Événement annulé',
  },
  verdict: {
    TRUE: 'Rumeur vérifiée : c’est vrai',
    MOSTLY_TRUE: 'Rumeur vérifiée : c’est plutôt vrai',
    PARTLY_TRUE: 'Rumeur vérifiée : ce n’est vrai qu’en partie',
    MISLEADING: 'Rumeur vérifiée : c’est trompeur',
    FALSE: 'Rumeur vérifiée : c’est faux',
    UNVERIFIABLE: 'Rumeur vérifiée : rien ne permet de le confirmer',
    OUTDATED: 'Rumeur vérifiée : ce n’est plus vrai',
    OUT_OF_CONTEXT: 'Rumeur vérifiée : c’est hors contexte',
    SATIRE: 'Rumeur vérifiée : c’est une plaisanterie',
  },
  advice: 'Conseils',
  reopened: 'Route rouverte',
  notStarted: 'Sur place, la fermeture n’a pas commencé',
  update: 'Mise à jour',
  over: 'Terminé',
  alertCancelled: 'Alerte annulée',
  withdrawn: 'Information retirée',
  everywhere: 'Toute l’Essonne',
  more: (count) => (count === 1 ? 'et 1 autre commune' : `et ${count} autres communes`),
  and: 'et',
  until: 'Jusqu’au',
  fromTo: (from, to) => `Du ${from} au ${to}`,
  since: 'Depuis le',
  seen: 'Constaté le',
  stale: ['Traduction d’une version antérieure : le français fait foi.', 'Traduction antérieure.'],
  source: 'Source',
  colon: ' :',
  mapOf: (places) => `Carte de l’Essonne : ${places}`,
  approximate: 'Contours approximatifs',
  locale: 'fr-FR',
};

const ENGLISH_WORDS: PostWords = {
  mark: { EXERCISE: 'EXERCISE', TEST: 'TEST' },
  gravity: {
    EXTREME: 'Red alert',
    SEVERE: 'Orange alert',
    MODERATE: 'Yellow alert',
    MINOR: 'Green notice',
    UNKNOWN: 'Alert, gravity unknown',
  },
  gravityOver: {
    EXTREME: 'Red alert over',
    SEVERE: 'Orange alert over',
    MODERATE: 'Yellow alert over',
    MINOR: 'Green notice over',
    UNKNOWN: 'Alert over, gravity unknown',
  },
  restriction: {
    CLOSED: 'Road closed',
    LANES_CLOSED: 'Lanes closed',
    ALTERNATING: 'Alternating traffic',
    LOCAL_ACCESS_ONLY: 'Local access only',
    PARKING_BAN: 'No parking',
  },
  eventStatus: {
    SCHEDULED: 'Event',
    POSTPONED: 'Event postponed',
    RESCHEDULED: 'Event: new date',
    CANCELLED: 'Event cancelled',
  },
  verdict: {
    TRUE: 'Rumour checked: true',
    MOSTLY_TRUE: 'Rumour checked: mostly true',
    PARTLY_TRUE: 'Rumour checked: only partly true',
    MISLEADING: 'Rumour checked: misleading',
    FALSE: 'Rumour checked: false',
    UNVERIFIABLE: 'Rumour checked: nothing confirms it',
    OUTDATED: 'Rumour checked: no longer true',
    OUT_OF_CONTEXT: 'Rumour checked: out of context',
    SATIRE: 'Rumour checked: a joke',
  },
  advice: 'Advice',
  reopened: 'Road reopened',
  notStarted: 'On the ground, the closure has not begun',
  update: 'Update',
  over: 'Over',
  alertCancelled: 'Alert cancelled',
  withdrawn: 'Withdrawn',
  everywhere: 'All of the Essonne',
  more: (count) => (count === 1 ? 'and 1 more commune' : `and ${count} more communes`),
  and: 'and',
  until: 'Until',
  fromTo: (from, to) => `From ${from} to ${to}`,
  since: 'Since',
  seen: 'Seen on',
  stale: ['Translation of an earlier version: the French text prevails.', 'Earlier translation.'],
  source: 'Source',
  colon: ':',
  mapOf: (places) => `Map of the Essonne: ${places}`,
  approximate: 'Approximate outlines',
  locale: 'en-GB',
};

/** The words for a language: French for French, English for every other one. */
export const postWords = (language: string): PostWords =>
  language.toLowerCase().startsWith('fr') ? FRENCH_WORDS : ENGLISH_WORDS;

/** The hashtag of a hazard, by its OASIS Event Terms code. */
export const HAZARD_TAGS: Readonly<Record<string, string>> = {
  'OET-047': 'EauPotable',
  'OET-079': 'Crue',
  'OET-081': 'Inondation',
  'OET-098': 'Canicule',
  'OET-113': 'Incendie',
  'OET-145': 'Électricité',
  'OET-158': 'InfoTrafic',
  'OET-165': 'InfoRoute',
  'OET-182': 'Neige',
  'OET-187': 'Tempête',
  'OET-194': 'Orages',
  'OET-197': 'NuageToxique',
  'OET-218': 'VentViolent',
};

import { type InEachTongue, type Tongue, tongueFor } from '../../../publications/content/tongue.ts';
import type { Mode } from '../../../publications/vocabulary.ts';

/** The words that posts and cards put around publications of every kind. Those of one kind stand beside it. */
export interface PostWords {
  tongue: Tongue;
  mark: Record<Exclude<Mode, 'ACTUAL'>, string>;
  update: string;
  over: string;
  withdrawn: string;
  /** Of what no longer concerns a place, and of what is less grave than was asked for. */
  left: (place: string) => string;
  lowered: string;
  everywhere: string;
  /** A list of places cut short: how many are left out. */
  more: (count: number) => string;
  and: string;
  until: string;
  /** Before the beginning of what has no end. */
  onwards: string;
  fromTo: (from: string, to: string) => string;
  outdated: [long: string, short: string];
  source: string;
  colon: string;
  /** What the map of a card shows, in words. */
  mapOf: (places: string) => string;
  approximate: string;
}

const WORDS: InEachTongue<PostWords> = {
  fr: {
    tongue: 'fr',
    mark: { EXERCISE: 'EXERCICE', TEST: 'TEST' },
    update: 'Mise à jour',
    over: 'Terminé',
    withdrawn: 'Information retirée',
    left: (place) => `Ne concerne plus ${place}`,
    lowered: 'Vigilance abaissée',
    everywhere: 'Toute l’Essonne',
    more: (count) => (count === 1 ? 'et 1 autre commune' : `et ${count} autres communes`),
    and: 'et',
    until: 'Jusqu’au',
    onwards: 'Dès',
    fromTo: (from, to) => `Du ${from} au ${to}`,
    outdated: ['Traduction d’une version antérieure : le français fait foi.', 'Traduction antérieure.'],
    source: 'Source',
    colon: ' :',
    mapOf: (places) => `Carte de l’Essonne : ${places}`,
    approximate: 'Contours approximatifs',
  },
  en: {
    tongue: 'en',
    mark: { EXERCISE: 'EXERCISE', TEST: 'TEST' },
    update: 'Update',
    over: 'Over',
    withdrawn: 'Withdrawn',
    left: (place) => `No longer concerns ${place}`,
    lowered: 'Alert level lowered',
    everywhere: 'All of the Essonne',
    more: (count) => (count === 1 ? 'and 1 more commune' : `and ${count} more communes`),
    and: 'and',
    until: 'Until',
    onwards: 'From',
    fromTo: (from, to) => `From ${from} to ${to}`,
    outdated: ['Translation of an earlier version: the French text prevails.', 'Earlier translation.'],
    source: 'Source',
    colon: ':',
    mapOf: (places) => `Map of the Essonne: ${places}`,
    approximate: 'Approximate outlines',
  },
};

/** The words for a language: French for French, English for every other one. */
export const postWords = (language: string): PostWords => WORDS[tongueFor(language)];

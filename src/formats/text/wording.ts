import { type InEachTongue, type Tongue, tongueFor } from '../../publications/content/tongue.ts';
import { ENDING_WORDS } from '../../publications/ending/ending.words.ts';

/** The words that formats put around publications of every kind. Those of one kind stand beside it. */
export interface Wording {
  tongue: Tongue;
  exercise: string;
  cancelled(headline: string): string;
  reason(text: string): string;
  todo: string;
  window(from: string | null, to: string | null): string | undefined;
  places(names: string): string;
  source(name: string): string;
  /** Of what no longer concerns a place. */
  left: { title(places: string, headline: string): string; sentence(places: string): string };
  /** Of what is less grave than a reader asked for. */
  lowered: { title(headline: string): string; sentence: string };
  /** Of what ended earlier than it was announced. */
  over: { title(headline: string): string; sentence(end: string): string };
}

const WORDINGS: InEachTongue<Wording> = {
  fr: {
    tongue: 'fr',
    ...ENDING_WORDS.fr,
    reason: (text) => `Motif : ${text}`,
    todo: 'Que faire',
    window: (from, to) =>
      from && to ? `Du ${from} au ${to}` : to ? `Jusqu’au ${to}` : from ? `Dès ${from}` : undefined,
    places: (names) => `Communes : ${names}`,
    source: (name) => `Source : ${name}`,
    left: {
      title: (places, headline) => `Ne concerne plus ${places} : ${headline}`,
      sentence: (places) => `Cette information ne concerne plus ${places}.`,
    },
    lowered: {
      title: (headline) => `Vigilance abaissée : ${headline}`,
      sentence: 'Cette alerte est moins grave qu’auparavant.',
    },
    over: {
      title: (headline) => `Terminé : ${headline}`,
      sentence: (end) => `Terminé plus tôt que prévu : ${end}.`,
    },
  },
  en: {
    tongue: 'en',
    ...ENDING_WORDS.en,
    reason: (text) => `Reason: ${text}`,
    todo: 'What to do',
    window: (from, to) =>
      from && to ? `From ${from} to ${to}` : to ? `Until ${to}` : from ? `From ${from}` : undefined,
    places: (names) => `Communes: ${names}`,
    source: (name) => `Source: ${name}`,
    left: {
      title: (places, headline) => `No longer concerns ${places}: ${headline}`,
      sentence: (places) => `This no longer concerns ${places}.`,
    },
    lowered: {
      title: (headline) => `Alert level lowered: ${headline}`,
      sentence: 'This alert is less grave than before.',
    },
    over: {
      title: (headline) => `Over: ${headline}`,
      sentence: (end) => `Over earlier than announced: ${end}.`,
    },
  },
};

/** The words for a language. */
export const wordingFor = (language: string): Wording => WORDINGS[tongueFor(language)];

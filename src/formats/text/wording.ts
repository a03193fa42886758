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
  },
};

/** The words for a language. */
export const wordingFor = (language: string): Wording => WORDINGS[tongueFor(language)];

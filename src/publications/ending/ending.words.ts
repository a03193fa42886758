import type { InEachTongue } from '../content/tongue.ts';
import type { Mode } from '../vocabulary.ts';

/** The words that the hub puts around a headline once it holds no longer. */
export const ENDING_WORDS: InEachTongue<{ exercise: string; cancelled(headline: string): string }> = {
  fr: { exercise: 'EXERCICE', cancelled: (headline) => `Annulé : ${headline}` },
  en: { exercise: 'EXERCISE', cancelled: (headline) => `Cancelled: ${headline}` },
};

/** An exercise or a test says so first, however it ends (I-10). */
export function marked(mode: Mode, exercise: string, title: string): string {
  if (mode === 'ACTUAL' || /^(EXERCICE|EXERCISE|TEST)\b/.test(title)) return title;
  return `${mode === 'TEST' ? 'TEST' : exercise} ${title}`;
}

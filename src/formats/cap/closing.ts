import type { AlertDocument } from '../../publications/alert/alert.content.ts';
import type { TextContent } from '../../publications/content/content.ts';
import { FRENCH } from '../../publications/content/language.rules.ts';

/** The words of a message in one language. */
export type CapText = Pick<TextContent, 'language' | 'headline' | 'description' | 'instruction'>;

/** A withdrawal's words by language: the mark before the headline, and the sentence. */
const WITHDRAWN: Readonly<Record<string, readonly [mark: string, sentence: string]>> = {
  fr: ['Annulé : ', 'Cette alerte est annulée.'],
  en: ['Cancelled: ', 'This alert has been withdrawn.'],
  de: ['Aufgehoben: ', 'Diese Warnung wurde aufgehoben.'],
  es: ['Anulado: ', 'Esta alerta ha sido anulada.'],
  it: ['Annullato: ', 'Questa allerta è stata annullata.'],
  pt: ['Cancelado: ', 'Este alerta foi cancelado.'],
  nl: ['Ingetrokken: ', 'Deze waarschuwing is ingetrokken.'],
};

// An exercise stays one in its first word (I-10).
const DRILL = /^(?:EXERCICE|EXERCISE|TEST)\b\s*[:–—-]?\s*/;

/**
 * The words in which an alert leaves, French first: those of its revision; those given with the all clear; or, for a
 * withdrawal, the reason in French and a sentence in every language of the alert for which there is one here (readers of
 * the others get the French).
 */
export function textsOf({ texts, cancelled, allClear }: AlertDocument): CapText[] {
  const french = ({ language }: CapText) => Number(language === FRENCH);
  const words = [...(allClear?.texts ?? texts)].sort((a, b) => french(b) - french(a));
  if (!cancelled) return words;
  const used = new Set<string>();
  return words.flatMap((text) => {
    const primary = text.language.split('-')[0] ?? '';
    const [mark, sentence] = WITHDRAWN[primary] ?? [];
    const description = text.language === FRENCH ? cancelled.reason : sentence;
    if (!mark || !description || used.has(description)) return [];
    used.add(description);
    return [{ language: text.language, headline: marked(mark, text.headline), description, instruction: null }];
  });
}

function marked(mark: string, headline: string): string {
  const drill = DRILL.exec(headline)?.[0] ?? '';
  return `${drill}${mark}${headline.slice(drill.length)}`;
}

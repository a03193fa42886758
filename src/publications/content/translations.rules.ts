import { frenchText, type TextContent } from './content.ts';
import { fingerprint } from './fingerprint.ts';
import { FRENCH } from './language.rules.ts';

interface Texts {
  texts: TextContent[];
}

type Words = Pick<TextContent, 'headline' | 'description' | 'instruction'>;

const words = (text: Words): Words => ({
  headline: text.headline,
  description: text.description,
  instruction: text.instruction,
});

/** The fingerprint that a translation keeps of the French text it was made from. */
export const sourceHashOf = (french: Words): string => fingerprint(words(french));

/**
 * Binds each translation to the French text it was made from. A translation whose own words did not change since
 * `before` keeps its old binding, and so turns stale when the French moved on; new words are bound to today's French.
 */
export function bindTranslations<C extends Texts>(content: C, before: Texts | null): C {
  const today = sourceHashOf(frenchText(content));
  const texts = content.texts.map((text) => {
    const earlier = before?.texts.find(({ language }) => language === text.language);
    const untouched = earlier && text.language !== FRENCH && fingerprint(words(earlier)) === fingerprint(words(text));
    return { ...text, sourceHash: untouched ? earlier.sourceHash : today };
  });
  return { ...content, texts };
}

/** Whether the French text changed after this one was made from it. French itself is never stale. */
export function isStale(text: TextContent, texts: readonly TextContent[]): boolean {
  return text.language !== FRENCH && text.sourceHash !== sourceHashOf(frenchText({ texts: [...texts] }));
}

/** The text to read for a wished language: that language, else its primary language, else French. */
export function bestText<T extends { language: string }>(texts: readonly T[], wished: string): T | undefined {
  const wanted = wished.toLowerCase();
  const primary = wanted.split('-')[0];
  return (
    texts.find(({ language }) => language.toLowerCase() === wanted) ??
    texts.find(({ language }) => language.toLowerCase().split('-')[0] === primary && language !== 'fr-FR-x-falc') ??
    texts.find(({ language }) => language === FRENCH)
  );
}

/** The same for readers of that language alone: none where they would have to read another one. */
export function readableText<T extends { language: string }>(texts: readonly T[], language: string): T | undefined {
  const found = bestText(texts, language);
  return found && primaryOf(found.language) === primaryOf(language) ? found : undefined;
}

const primaryOf = (language: string): string | undefined => language.split('-')[0];

/**
 * The words that leave in a language where nothing can mark them as overtaken: the best match among the texts that follow
 * the French of today, which is French itself at the least.
 */
export function currentText(texts: readonly TextContent[], wished: string): TextContent {
  const today = sourceHashOf(frenchText({ texts: [...texts] }));
  const fresh = texts.filter(({ language, sourceHash }) => language === FRENCH || sourceHash === today);
  return bestText(fresh, wished) ?? frenchText({ texts: [...texts] });
}

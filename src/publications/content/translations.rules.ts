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
 * `before` keeps its old binding, and so is outdated when the French moved on; new words are bound to today's French.
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

/** The same after a minor change: translations of the French that `live` holds are translations of the mended French, too. */
export function mendTranslations<C extends Texts>(content: C, live: Texts): C {
  const before = sourceHashOf(frenchText(live));
  const today = sourceHashOf(frenchText(content));
  const texts = content.texts.map((text) => (text.sourceHash === before ? { ...text, sourceHash: today } : text));
  return { ...content, texts };
}

// The texts of a content are never changed in place: what their French says now is worked out once for all its translations.
const hashes = new WeakMap<readonly TextContent[], string>();

function sourceHashIn(texts: readonly TextContent[]): string {
  const found = hashes.get(texts) ?? sourceHashOf(frenchText({ texts: [...texts] }));
  hashes.set(texts, found);
  return found;
}

/** Whether the French text changed after this one was made from it. French itself is never outdated. */
export function isOutdated(text: TextContent, texts: readonly TextContent[]): boolean {
  return text.language !== FRENCH && text.sourceHash !== sourceHashIn(texts);
}

/** Nobody reads more; a list of thousands, for each of hundreds of fields, would be work for nothing. */
const MOST_LANGUAGES = 20;

/**
 * The text to read for a reader's languages, in the order of preference: the first that there is, by the look-up of RFC 4647
 * (`de-CH` finds `de`), and a neighbour before nothing (`de-CH` finds `de-AT`); French where there is none.
 */
export function firstText<T extends { language: string }>(
  texts: readonly T[],
  languages: readonly string[],
): T | undefined {
  for (const wished of languages.slice(0, MOST_LANGUAGES)) {
    const found = textLike(texts, wished.toLowerCase());
    if (found) return found;
  }
  return texts.find(({ language }) => language === FRENCH);
}

/** The same for one language. */
export const bestText = <T extends { language: string }>(texts: readonly T[], wished: string): T | undefined =>
  firstText(texts, [wished]);

function textLike<T extends { language: string }>(texts: readonly T[], wished: string): T | undefined {
  for (let range = wished; range !== ''; range = shortened(range)) {
    const found = texts.find(({ language }) => language.toLowerCase() === range);
    if (found) return found;
  }
  const primary = primaryOf(wished);
  return texts.find(({ language }) => primaryOf(language.toLowerCase()) === primary && !isEasy(language));
}

/** A language range without its last part, and without the single letter that introduced it (RFC 4647, 3.4). */
const shortened = (range: string): string => range.replace(/(^|-[a-z\d])?(^|-)[a-z\d]+$/, '');

const isEasy = (language: string): boolean => language === 'fr-FR-x-falc';

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
  const today = sourceHashIn(texts);
  const fresh = texts.filter(({ language, sourceHash }) => language === FRENCH || sourceHash === today);
  return bestText(fresh, wished) ?? frenchText({ texts: [...texts] });
}

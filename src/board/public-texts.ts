import type { Block } from '../publications/content/block.ts';
import type { TextContent } from '../publications/content/content.ts';
import { FRENCH } from '../publications/content/language.rules.ts';
import { tongueFor } from '../publications/content/tongue.ts';
import { firstText, isOutdated } from '../publications/content/translations.rules.ts';
import type { PublicDocument } from '../publications/document.ts';
import { ENDING_WORDS, marked } from '../publications/ending/ending.words.ts';
import { kindOf } from '../publications/kinds.ts';
import type { ChangeType } from '../publications/vocabulary.ts';

/** The words of a publication in one language, as the API answers them. */
export interface PublicText {
  language: string;
  headline: string;
  description: string;
  instruction: string | null;
  outdated: boolean;
}

// The list of texts belongs to an immutable document: what is derived from it is derived once.
const known = new WeakMap<readonly TextContent[], PublicText[]>();

/** Texts as the public reads them, French first, each marked where the French has moved on. */
export function publicTexts(texts: readonly TextContent[]): PublicText[] {
  const found = known.get(texts);
  if (found) return found;
  const made = texts
    .map(({ language, headline, description, instruction, ...text }) => ({
      language,
      headline,
      description,
      instruction,
      outdated: isOutdated({ language, headline, description, instruction, ...text }, texts),
    }))
    .sort((a, b) => Number(b.language === FRENCH) - Number(a.language === FRENCH));
  known.set(texts, made);
  return made;
}

/** The text in the first of a reader's languages that there is, else in French. */
export function textIn(texts: readonly TextContent[], languages: readonly string[]): PublicText {
  const text = firstText(publicTexts(texts), languages);
  if (!text) throw new Error('a published document without French text');
  return text;
}

/**
 * The words of one change: why its publication was withdrawn, the all clear, what was seen on the ground; else those of the
 * revision. The hub's own words are French beside French, and English beside every other language.
 */
export function changeText(type: ChangeType, document: PublicDocument, languages: readonly string[]): PublicText {
  const text = textIn(document.texts, languages);
  const tongue = tongueFor(text.language);
  const { exercise, cancelled } = ENDING_WORDS[tongue];
  const instead = (headline: string, description: string): PublicText => ({
    language: text.language,
    headline: marked(document.mode, exercise, headline),
    description,
    instruction: null,
    outdated: false,
  });
  if (type === 'CANCELLED' && document.cancelled) return instead(cancelled(text.headline), document.cancelled.reason);
  if (type === 'ALL_CLEAR' && document.allClear) return textIn(document.allClear.texts, languages);
  const { observation } = kindOf(document.kind);
  if (type !== 'OBSERVED' || !observation?.news(document)) return text;
  const { title, blocks } = observation.newsText(document, tongue);
  return instead(title, blocks.map(plainOf).join('\n'));
}

const plainOf = (block: Block): string => ('text' in block ? block.text : [block.title, ...block.items].join('\n'));

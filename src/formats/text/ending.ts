import type { Block } from '../../publications/content/block.ts';
import type { TextContent } from '../../publications/content/content.ts';
import { currentText } from '../../publications/content/translations.rules.ts';
import type { PublicDocument } from '../../publications/document.ts';
import { marked } from '../../publications/ending/ending.words.ts';
import { kindOf } from '../../publications/kinds.ts';
import type { Wording } from './wording.ts';

/** The words that replace a publication's own once those hold no longer. */
export interface EndingText {
  title: string;
  blocks: Block[];
  language: string;
}

/** How a publication ended: withdrawn, over, or overtaken by what was seen on the ground. Undefined while its own words hold. */
export function endingOf(document: PublicDocument, text: TextContent, wording: Wording): EndingText | undefined {
  const ending = unmarked(document, text, wording);
  return ending && { ...ending, title: marked(document.mode, wording.exercise, ending.title) };
}

function unmarked(document: PublicDocument, text: TextContent, wording: Wording): EndingText | undefined {
  const { language } = text;
  if (document.cancelled) {
    const blocks = [{ text: wording.reason(document.cancelled.reason) }];
    return { title: wording.cancelled(text.headline), blocks, language };
  }
  if (document.allClear) {
    const said = currentText(document.allClear.texts, language);
    const blocks = [{ text: said.description }, ...(said.instruction ? [{ text: said.instruction }] : [])];
    return { title: said.headline, blocks, language: said.language };
  }
  const { observation } = kindOf(document.kind);
  return observation?.news(document) ? { ...observation.newsText(document, wording.tongue), language } : undefined;
}

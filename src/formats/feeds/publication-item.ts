import { currentText } from '../../publications/content/translations.rules.ts';
import type { PublicDocument } from '../../publications/document.ts';
import { kindOf } from '../../publications/kinds.ts';
import { newsAt } from '../../publications/news.rules.ts';
import { permalinkOf } from '../../publications/permalink.rules.ts';
import type { Territory } from '../../territory/territory.ts';
import type { FormatSetting } from '../setting.ts';
import { htmlOf, textOf } from '../text/blocks.ts';
import { endingOf } from '../text/ending.ts';
import { bodyOf } from '../text/publication-body.ts';
import { type Wording, wordingFor } from '../text/wording.ts';
import { feedFacts } from './feed-facts.ts';
import type { FeedItem } from './feed-item.ts';

/** The newest news of a publication as an entry of a feed, as of `now`: its revision's words, or how it ended. */
export function publicationItem(
  document: PublicDocument,
  { publicUrl, territory, language }: FormatSetting,
  now: number,
): FeedItem {
  const url = permalinkOf(publicUrl, document);
  const at = newsAt(document);
  const text = currentText(document.texts, language);
  const wording = wordingFor(text.language);
  const news = endingOf(document, text, wording) ?? {
    title: text.headline,
    blocks: bodyOf(document, text, wording, territory),
    language: text.language,
  };
  return {
    id: url,
    url,
    title: news.title.replace(/\s*\n\s*/g, ' '),
    text: textOf(news.blocks),
    html: htmlOf(news.blocks, news.language),
    published: at,
    updated: at,
    image: null,
    tags: tagsOf(document, wording, territory),
    language: news.language,
    facts: feedFacts(document, now),
  };
}

function tagsOf(document: PublicDocument, wording: Wording, territory: Territory): string[] {
  const tags = [
    ...kindOf(document.kind).text.tags(document, wording.tongue),
    ...(document.mode === 'ACTUAL' ? [] : [document.mode]),
    ...territory.communesOf(document.communes).map(({ name }) => name),
  ];
  return [...new Set(tags)];
}

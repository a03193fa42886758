import type { TextContent } from '../../publications/content/content.ts';
import { currentText } from '../../publications/content/translations.rules.ts';
import { type PublicDocument, publicStateAt } from '../../publications/document.ts';
import type { Departed } from '../../publications/ending/departed.rules.ts';
import { kindOf } from '../../publications/kinds.ts';
import { changedAt, newsAt } from '../../publications/news.rules.ts';
import { permalinkOf } from '../../publications/permalink.rules.ts';
import type { Territory } from '../../territory/territory.ts';
import type { FormatSetting } from '../setting.ts';
import { htmlOf, textOf } from '../text/blocks.ts';
import { departureText, earlyEndText } from '../text/departure.ts';
import { type EndingText, endingOf } from '../text/ending.ts';
import { bodyOf } from '../text/publication-body.ts';
import { type Wording, wordingFor } from '../text/wording.ts';
import { feedFacts } from './feed-facts.ts';
import type { FeedItem } from './feed-item.ts';

/**
 * The newest news of a publication as an entry of a feed, as of `now`: its revision's words, or how it ended; for readers that
 * it has left, that it did.
 */
export function publicationItem(
  document: PublicDocument,
  { publicUrl, territory, language }: FormatSetting,
  now: number,
  departed?: Departed,
): FeedItem {
  const url = permalinkOf(publicUrl, document, departed);
  const text = currentText(document.texts, language);
  const wording = wordingFor(text.language);
  const news = departed
    ? departureText(document, departed, text, { wording, territory })
    : (endingOf(document, text, wording) ?? ownText(document, text, now, { wording, territory }));
  return {
    id: url,
    url,
    title: news.title.replace(/\s*\n\s*/g, ' '),
    text: textOf(news.blocks),
    html: htmlOf(news.blocks, news.language),
    published: newsAt(document, departed),
    updated: changedAt(document, departed),
    image: null,
    tags: tagsOf(document, wording, territory),
    language: news.language,
    facts: feedFacts(document, now, departed),
  };
}

/** The words of a revision; of one that has ended, that it did. */
function ownText(
  document: PublicDocument,
  text: TextContent,
  now: number,
  { wording, territory }: { wording: Wording; territory: Territory },
): EndingText {
  const { endsAt } = document;
  if (endsAt && publicStateAt(document, now) === 'ENDED') return earlyEndText(document, endsAt, text, wording);
  return { title: text.headline, blocks: bodyOf(document, text, wording, territory), language: text.language };
}

function tagsOf(document: PublicDocument, wording: Wording, territory: Territory): string[] {
  const tags = [
    ...kindOf(document.kind).text.tags(document, wording.tongue),
    ...(document.mode === 'ACTUAL' ? [] : [document.mode]),
    ...territory.communesOf(document.communes).map(({ name }) => name),
  ];
  return [...new Set(tags)];
}

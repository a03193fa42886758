import type { TextContent } from '../../publications/content/content.ts';
import { currentText } from '../../publications/content/translations.rules.ts';
import { type PublicDocument, publicStateAt } from '../../publications/document.ts';
import type { Departed } from '../../publications/ending/departed.rules.ts';
import { endingAt } from '../../publications/ending/ending.rules.ts';
import { signedBy } from '../../publications/frozen.ts';
import { kindOf } from '../../publications/kinds.ts';
import { changedWithDecisionAt, newsAt } from '../../publications/news.rules.ts';
import { permalinkOf } from '../../publications/permalink.rules.ts';
import type { Territory } from '../../territory/territory.ts';
import { keptParts } from '../kept-parts.ts';
import type { FormatSetting } from '../setting.ts';
import { htmlOf, textOf } from '../text/blocks.ts';
import { departureText, earlyEndText } from '../text/departure.ts';
import { type EndingText, endingOf } from '../text/ending.ts';
import { bodyOf } from '../text/publication-body.ts';
import { type Wording, wordingFor } from '../text/wording.ts';
import { feedFacts } from './feed-facts.ts';
import type { FeedItem } from './feed-item.ts';

const items = keptParts<PublicDocument, FeedItem>();

/**
 * The newest news of a publication as an entry of a feed, as of `now`: its revision's words, or how it ended; for readers that
 * it has left, that it did. But for those, the same object for as long as time changes nothing of it.
 */
export function publicationItem(
  document: PublicDocument,
  setting: FormatSetting,
  now: number,
  departed?: Departed,
): FeedItem {
  const make = (): FeedItem => itemOf(document, setting, now, departed);
  // Readers choose freely which communes a publication has left: so many items must not be kept.
  if (departed) return make();
  const { language } = currentText(document.texts, setting.language);
  const ending = endingAt(document, now)?.kind ?? '';
  return items(document, [language, publicStateAt(document, now), ending, setting.publicUrl].join(' '), make);
}

function itemOf(
  document: PublicDocument,
  { publicUrl, territory, language }: FormatSetting,
  now: number,
  departed: Departed | undefined,
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
    updated: changedWithDecisionAt(document, departed),
    image: null,
    tags: tagsOf(document, wording, territory),
    language: news.language,
    ...creditsOf(document),
    facts: feedFacts(document, now, departed),
  };
}

/** The organisations behind an entry, for every reader that shows authors. */
export function creditsOf(document: PublicDocument): Pick<FeedItem, 'author' | 'contributors'> {
  const { publisher, signatories = [] } = signedBy(document);
  return { author: publisher?.name ?? null, contributors: signatories.map(({ name }) => name) };
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

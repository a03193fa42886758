import { hazardLabel } from '../../publications/content/hazards.ts';
import { currentText } from '../../publications/content/translations.rules.ts';
import type { PublicDocument } from '../../publications/document.ts';
import type { Territory } from '../../territory/territory.ts';
import { htmlOf, textOf } from '../blocks.ts';
import { endingOf } from '../ending.ts';
import { bodyOf } from '../publication-body.ts';
import { type Wording, wordingFor } from '../wording.ts';
import type { FeedItem } from './feed-item.ts';

export interface ItemOptions {
  /** The permalink of the news: one for each revision, and for each thing that happened to it since. */
  url: string;
  /** When the news was told, RFC 3339. */
  toldAt: string;
  territory: Territory;
  /** BCP 47 tag of the wished language; the best match that follows today's French is taken. */
  language: string;
}

/** The newest news of a publication as an entry of a feed: what its revision says, or how it ended. */
export function publicationItem(document: PublicDocument, { url, toldAt, territory, language }: ItemOptions): FeedItem {
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
    html: htmlOf(news.blocks),
    published: toldAt,
    updated: toldAt,
    image: null,
    tags: tagsOf(document, wording, territory),
    language: news.language,
  };
}

function tagsOf(document: PublicDocument, wording: Wording, territory: Territory): string[] {
  const tags = [
    wording.kinds[document.kind],
    ...('hazard' in document ? [hazardLabel(document.hazard, wording.locale)] : []),
    ...(document.kind === 'ALERT' ? [wording.gravity[document.severity]] : []),
    ...(document.mode === 'ACTUAL' ? [] : [document.mode]),
    ...territory.communesOf(document.communes).map(({ name }) => name),
  ];
  return [...new Set(tags)];
}

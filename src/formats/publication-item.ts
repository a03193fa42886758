import { reopenedAt } from '../publications/closure/closure.rules.ts';
import type { TextContent } from '../publications/content.ts';
import type { PublicDocument } from '../publications/document.ts';
import { hazardLabel } from '../publications/hazards.ts';
import { currentText } from '../publications/translations.rules.ts';
import type { Territory } from '../territory/territory.ts';
import { type Block, htmlOf, textOf } from './blocks.ts';
import type { FeedItem } from './feed-item.ts';
import { bodyOf } from './publication-body.ts';
import { type Wording, wordingFor } from './wording.ts';

export interface ItemOptions {
  /** The permalink of the news: one for each revision, and for each thing that happened to it since. */
  url: string;
  /** When the news was told, RFC 3339. */
  toldAt: string;
  territory: Territory;
  /** BCP 47 tag of the wished language; the best match that follows today's French is taken. */
  language: string;
}

interface News {
  title: string;
  blocks: Block[];
  language: string;
}

/** The newest news of a publication as an entry of a feed: what its revision says, or how it ended. */
export function publicationItem(document: PublicDocument, { url, toldAt, territory, language }: ItemOptions): FeedItem {
  const text = currentText(document.texts, language);
  const wording = wordingFor(text.language);
  const news = endOf(document, text, wording) ?? {
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

function endOf(document: PublicDocument, text: TextContent, wording: Wording): News | undefined {
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
  if (document.kind !== 'CLOSURE' || !reopenedAt(document)) return undefined;
  const mark = document.mode === 'ACTUAL' ? '' : `${document.mode === 'TEST' ? 'TEST' : wording.exercise} `;
  const title = mark + wording.reopened(document.areas.map(({ description }) => description).join(', '));
  return { title, blocks: [{ text: document.observed.note ?? title }], language };
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

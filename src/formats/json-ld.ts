import type { TextContent } from '../publications/content/content.ts';
import { currentText } from '../publications/content/translations.rules.ts';
import type { PublicDocument } from '../publications/document.ts';
import { contributorsOf, publishedBy, SCHEMA_ORG, type SpecialAnnouncement } from '../publications/kind/linked-data.ts';
import { kindOf } from '../publications/kinds.ts';
import type { FormatSetting } from './setting.ts';
import { textOf } from './text/blocks.ts';
import { type EndingText, endingOf } from './text/ending.ts';
import { wordingFor } from './text/wording.ts';

/** A publication as search engines and assistants read it, in schema.org's words: a SpecialAnnouncement or what its kind says. */
export function linkedData(document: PublicDocument, setting: FormatSetting): object {
  const text = currentText(document.texts, setting.language);
  const ending = endingOf(document, text, wordingFor(text.language));
  const ofKind = kindOf(document.kind).linkedData(document, { ...setting, text });
  return {
    ...common(document, ending ?? { title: text.headline, language: text.language }, setting),
    ...('@type' in ofKind ? ofKind : announcement(document, { ...ofKind, text, ending }, setting)),
  };
}

/** Linked data as text that may stand in an HTML script element: nothing in it can end the element. */
export const linkedDataText = (data: object): string => JSON.stringify(data).replaceAll('<', '\\u003c');

function common(
  document: PublicDocument,
  { title, language }: Pick<EndingText, 'title' | 'language'>,
  { publicUrl }: FormatSetting,
): object {
  const url = `${publicUrl}/publications/${document.id}`;
  const contributors = contributorsOf(document);
  return {
    '@context': SCHEMA_ORG,
    '@id': url,
    url,
    name: title,
    inLanguage: language,
    datePublished: document.publishedAt,
    dateModified: document.cancelled?.at ?? document.allClear?.at ?? document.revisedAt,
    publisher: publishedBy(document),
    ...(contributors.length > 0 ? { contributor: contributors } : {}),
    version: document.revision,
  };
}

interface Announced extends SpecialAnnouncement {
  text: TextContent;
  /** The words that replaced the text. */
  ending: EndingText | undefined;
}

const announcement = (
  document: PublicDocument,
  { category, expires, announcementLocation, text, ending }: Announced,
  setting: FormatSetting,
): object => ({
  '@type': 'SpecialAnnouncement',
  category,
  // What no longer holds must not be found as if it did.
  text: ending ? textOf(ending.blocks) : [text.description, text.instruction].filter(Boolean).join('\n\n'),
  datePosted: document.revisedAt,
  ...(expires ? { expires } : {}),
  ...(announcementLocation ? { announcementLocation } : {}),
  ...placesOf(document, setting),
  webFeed: `${setting.publicUrl}/feeds/publications.rss`,
});

const placesOf = ({ communes }: PublicDocument, { territory }: FormatSetting): object =>
  communes.length === 0
    ? {}
    : {
        spatialCoverage: territory
          .communesOf(communes)
          .map(({ name, code }) => ({ '@type': 'AdministrativeArea', name, identifier: code })),
      };

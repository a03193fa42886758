import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cardAlt, cardContent } from '../../../src/channels/cards/card.rules.ts';
import { makePost } from '../../../src/channels/social/posts/post.rules.ts';
import { postWords } from '../../../src/channels/social/posts/words.ts';
import { publicationItem } from '../../../src/formats/feeds/publication-item.ts';
import { directionOf } from '../../../src/publications/content/language.rules.ts';
import { sourceHashOf } from '../../../src/publications/content/translations.rules.ts';
import type { PublicDocument } from '../../../src/publications/document.ts';
import { anyDocument, NOW } from '../../support/generated/public-documents.ts';
import { territory } from '../../support/hub/hub.ts';

const publicUrl = 'https://tocsin.example';

/** An alert in French and in one more language. */
const translated = (language: string, headline: string): PublicDocument => {
  const [alert] = fc.sample(
    anyDocument.filter(({ kind }) => kind === 'ALERT'),
    { numRuns: 1, seed: 91 },
  );
  const french = { language: 'fr-FR', headline: 'Crue', description: 'Montez.', instruction: null, sourceHash: '' };
  const sourceHash = sourceHashOf(french);
  return {
    ...alert,
    mode: 'ACTUAL',
    revision: 1,
    cancelled: null,
    allClear: null,
    communes: ['91345'],
    texts: [french, { ...french, language, headline, description: headline, sourceHash }],
  } as PublicDocument;
};

describe('the direction of a language', () => {
  it.each([
    ['ar', 'rtl'],
    ['ar-Latn', 'ltr'],
    ['he-IL', 'rtl'],
    ['fa-AF', 'rtl'],
    ['ps', 'rtl'],
    ['ur-PK', 'rtl'],
    ['ckb', 'rtl'],
    ['yi', 'rtl'],
    ['dv', 'rtl'],
    ['ug', 'rtl'],
    ['ku', 'ltr'],
    ['ku-Arab', 'rtl'],
    ['az', 'ltr'],
    ['az-Arab-IR', 'rtl'],
    ['pa', 'ltr'],
    ['pa-PK', 'rtl'],
    ['fr-FR-x-falc', 'ltr'],
    ['uk', 'ltr'],
  ])('of %s is %s', (language, direction) => {
    expect(directionOf(language)).toBe(direction);
  });

  it.each([
    ['ar', 'فيضان', '<div lang="ar" dir="rtl"><p dir="auto">'],
    ['en-GB', 'Flood', '<div lang="en-GB" dir="ltr"><p>'],
  ])('stands beside the language in the HTML of feeds: %s', (language, headline, start) => {
    const setting = { publicUrl, territory, language };
    expect(publicationItem(translated(language, headline), setting, NOW).html?.startsWith(start)).toBe(true);
  });
});

describe('the text of a picture', () => {
  it.each([
    ['ar', 'فيضان', 'fr-FR'],
    ['he', 'הצפה', 'fr-FR'],
    ['zh-Hans', '洪水', 'fr-FR'],
    ['ta', 'வெள்ளம்', 'fr-FR'],
    ['ka', 'წყალდიდობა', 'fr-FR'],
    ['en-GB', 'Flood', 'en-GB'],
    ['uk', 'Повінь', 'uk'],
    ['el', 'Πλημμύρα', 'el'],
  ])('of a post in %s is in the language that the card is drawn in', (language, headline, drawn) => {
    const document = translated(language, headline);
    const post = makePost(document, 'MASTODON', { territory, publicUrl, state: 'IN_FORCE', language });
    expect(post.language).toBe(language);
    expect(post.imageUrl).toContain(drawn);
    expect(post.imageAlt).toContain(drawn === 'fr-FR' ? 'Crue' : headline);
    expect(post.imageAlt).toBe(cardAlt(cardContent(document, territory, drawn, 'wide'), postWords(drawn)));
  });
});

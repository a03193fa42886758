import fc from 'fast-check';
import { parseJsonFeed, parseRssFeed } from 'feedsmith';
import { convert } from 'html-to-text';
import Parser from 'rss-parser';
import { describe, expect, it } from 'vitest';
import { parisTime } from '../../../src/clock.ts';
import type { FeedHead, FeedItem } from '../../../src/formats/feeds/feed-item.ts';
import { jsonFeed } from '../../../src/formats/feeds/json-feed.ts';
import { publicationItem } from '../../../src/formats/feeds/publication-item.ts';
import { rfc822, rss } from '../../../src/formats/feeds/rss.ts';
import type { PublicDocument } from '../../../src/publications/document.ts';
import { budget } from '../../support/budget.ts';
import { anyDocument } from '../../support/generated/generated-documents.ts';
import { NOW } from '../../support/generated/public-documents.ts';
import { territory } from '../../support/hub/hub.ts';

const head: FeedHead = {
  title: 'Informations & alertes',
  description: 'Tout',
  homeUrl: 'https://tocsin.example/',
  selfUrl: 'https://tocsin.example/feeds/publications.rss?kind=ALERT&mode=TEST',
  language: 'fr-FR',
  author: 'Département de l’Essonne',
};
const itemOf = (document: PublicDocument, language = 'fr-FR'): FeedItem =>
  publicationItem(document, { publicUrl: 'https://tocsin.example', territory, language }, NOW);
// White space at the ends and runs of it are the one thing on which readers differ.
const words = (text: string | undefined) => (text ?? '').replace(/\s+/g, ' ').trim();
const parser = new Parser();
const A_YEAR = 366 * 24 * 3600_000;

describe('feeds of publications', () => {
  it('are read alike by strangers, as RSS and as JSON Feed, whatever was published', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyDocument, { maxLength: 3 }), async (documents) => {
        const items = documents.map((document) => itemOf(document));
        const xml = rss(head, items);
        const one = await parser.parseString(xml);
        const other = parseRssFeed(xml);
        const facts = items.map(({ title, url, html, published }) => ({
          title: words(title),
          url,
          html: words(html ?? ''),
          at: Date.parse(published),
        }));
        expect(
          one.items.map((item) => ({
            title: words(item.title),
            url: item.guid,
            html: words(item.content),
            at: Date.parse(item.pubDate ?? ''),
          })),
        ).toEqual(facts);
        expect(
          (other.items ?? []).map((item) => ({
            title: words(item.title),
            url: item.link,
            html: words(item.description),
            at: Date.parse(item.pubDate ?? ''),
          })),
        ).toEqual(facts);
        const told = JSON.parse(jsonFeed(head, items));
        expect(parseJsonFeed(told).items?.map(({ id, content_text }) => [id, content_text]) ?? []).toEqual(
          items.map(({ id, text }) => [id, text]),
        );
      }),
      budget(60),
    );
  });

  it('are the same of parts that were kept as of parts made anew, at any moment and in any language', () => {
    fc.assert(
      fc.property(fc.array(anyDocument, { maxLength: 3 }), (documents) => {
        for (const now of [NOW - A_YEAR, NOW, NOW + A_YEAR])
          for (const language of ['fr-FR', 'en', 'ab-x-1']) {
            const setting = { publicUrl: 'https://tocsin.example', territory, language };
            const write = (some: readonly PublicDocument[]) => {
              const items = some.map((document) => publicationItem(document, setting, now));
              return [rss(head, items), jsonFeed(head, items)];
            };
            const anew = write(structuredClone(documents));
            expect(write(documents)).toEqual(anew);
            expect(write(documents)).toEqual(anew);
          }
      }),
      budget(30),
    );
  });

  it('say the same in HTML as in text, with nothing of what people wrote taken for HTML', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const { html, text } = itemOf(document);
        const flat = (said: string) => said.replace(/[•*\s]+/g, '');
        expect(flat(convert(html ?? '', { wordwrap: false }))).toBe(flat(text));
      }),
      budget(60),
    );
  });

  it('mark exercises and tests as such before anything else, however they end', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const isMarked = /^(EXERCICE|EXERCISE|TEST)\b/.test(itemOf(document).title);
        expect(isMarked).toBe(document.mode !== 'ACTUAL');
      }),
      budget(100),
    );
  });

  it('date in RFC 822 with the offset of Paris, in summer, in winter and in the hour that comes twice', () => {
    const said = ['2016-06-02T12:00:00Z', '2026-12-31T23:30:00Z', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'];
    expect(said.map((text) => rfc822(parisTime(new Date(text))))).toEqual([
      'Thu, 02 Jun 2016 14:00:00 +0200',
      'Fri, 01 Jan 2027 00:30:00 +0100',
      'Sun, 25 Oct 2026 02:30:00 +0200',
      'Sun, 25 Oct 2026 02:30:00 +0100',
    ]);
  });

  it('are valid without any item', async () => {
    expect((await parser.parseString(rss(head, []))).items).toEqual([]);
    expect(parseRssFeed(rss(head, [])).title).toBe(head.title);
    expect(JSON.parse(jsonFeed(head, []))).toMatchObject({ items: [], feed_url: head.selfUrl });
  });
});

import fc from 'fast-check';
import { parseAtomFeed } from 'feedsmith';
import RssParser from 'rss-parser';
import { expect, it } from 'vitest';
import { capAtom, capUrl } from '../../../../src/formats/cap/atom.ts';
import type { AlertDocument } from '../../../../src/publications/alert/alert.content.ts';
import { budget } from '../../../support/budget.ts';
import { anyAlert } from '../../../support/generated/generated-alerts.ts';

/** What two readers of feeds that are not ours find in the Atom feed of alerts, against what the documents say. */
const PUBLIC = 'https://alertes.example';
const head = {
  title: 'Alertes en Essonne',
  author: 'Département de l’Essonne',
  selfUrl: `${PUBLIC}/feeds/alerts.atom?commune=91345&severity=SEVERE`,
  homeUrl: `${PUBLIC}/`,
  language: 'fr-FR',
  updated: '2016-06-02T12:00:00+02:00',
};

/** Threads of their own, each with its last message. */
const anyAlerts = fc
  .array(anyAlert, { maxLength: 5 })
  .map((alerts) => alerts.map((alert, index) => ({ ...alert, messages: own(alert, index) })));

const own = ({ messages }: AlertDocument, index: number) =>
  messages.map((message) => ({ ...message, identifier: `${message.identifier}.${index}` }));

const squeezed = (text: string | undefined) => text?.replace(/\s+/g, ' ').trim();

it('any alerts make a feed in which readers find the same entries', { timeout: 3600_000 }, async () => {
  const parser = new RssParser();
  await fc.assert(
    fc.asyncProperty(anyAlerts, async (alerts) => {
      const xml = capAtom(head, alerts, PUBLIC);
      const expected = alerts.map((alert) => {
        const message = alert.messages.at(-1)!;
        const texts = alert.allClear?.texts ?? alert.texts;
        const french = texts.find(({ language }) => language === 'fr-FR')!;
        return { url: capUrl(PUBLIC, message), sent: message.sent, ...french, cancelled: alert.cancelled };
      });
      const feed = parseAtomFeed(xml);
      expect([feed.id, feed.title?.value]).toEqual([head.selfUrl, head.title]);
      const read = await parser.parseString(xml);
      expect(read.items).toHaveLength(alerts.length);
      for (const [index, { url, sent, headline, description, cancelled }] of expected.entries()) {
        const entry = feed.entries![index]!;
        expect([entry.id, entry.updated]).toEqual([url, sent]);
        expect(entry.links).toContainEqual(expect.objectContaining({ type: 'application/cap+xml', href: url }));
        expect([read.items[index]?.id, read.items[index]?.link]).toEqual([url, url]);
        if (cancelled) continue;
        expect(squeezed(entry.title?.value)).toBe(squeezed(headline));
        expect(squeezed(read.items[index]?.title)).toBe(squeezed(headline));
        expect(squeezed(entry.summary?.value)).toContain(squeezed(description));
        expect(squeezed(read.items[index]?.summary)).toContain(squeezed(description));
      }
    }),
    budget(60),
  );
});

it('a feed of entries that were kept is the same as one of entries made anew, in any language', {
  timeout: 3600_000,
}, () => {
  fc.assert(
    fc.property(anyAlerts, (alerts) => {
      for (const language of ['fr-FR', 'en', 'ab-x-1']) {
        const anew = capAtom({ ...head, language }, structuredClone(alerts), PUBLIC);
        expect(capAtom({ ...head, language }, alerts, PUBLIC)).toBe(anew);
        expect(capAtom({ ...head, language }, alerts, PUBLIC)).toBe(anew);
      }
    }),
    budget(30),
  );
});

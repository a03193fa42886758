import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FeedHead } from '../../../src/formats/feeds/feed-item.ts';
import { publicationItem } from '../../../src/formats/feeds/publication-item.ts';
import { rss } from '../../../src/formats/feeds/rss.ts';
import { budget } from '../../support/budget.ts';
import { anyDocument } from '../../support/generated/generated-documents.ts';
import { NOW } from '../../support/generated/public-documents.ts';
import { given } from '../../support/given.ts';
import { territory } from '../../support/hub/hub.ts';

const READER = `
import json, sys, time, calendar, feedparser
for text in json.load(sys.stdin):
    feed = feedparser.parse(text.encode(), sanitize_html=False, resolve_relative_uris=False)
    print(json.dumps({"bozo": bool(feed.bozo), "entries": [
        {"title": e.title, "id": e.id, "link": e.link, "at": calendar.timegm(e.published_parsed) * 1000, "tags": [t.term for t in e.get("tags", [])]}
        for e in feed.entries]}))
`;
const PYTHONS = ['python3', '/usr/bin/python3'];
const python = PYTHONS.find((name) => spawnSync(name, ['-c', 'import feedparser']).status === 0);

interface Read {
  bozo: boolean;
  entries: { title: string; id: string; link: string; at: number; tags: string[] }[];
}

const head: FeedHead = {
  title: 'Informations & alertes',
  description: 'Tout',
  homeUrl: 'https://tocsin.example/',
  selfUrl: 'https://tocsin.example/feeds/publications.rss',
  language: 'fr-FR',
  author: 'Département de l’Essonne',
};
const words = (text: string) => text.replace(/\s+/g, ' ').trim();

it.runIf(given(python !== undefined, 'Python with feedparser (python3-feedparser)'))(
  'the RSS of any publication is read by feedparser as it was meant',
  () => {
    const { numRuns = 0, seed = 20_160_602 } = budget(100);
    const items = fc
      .sample(anyDocument, { numRuns, seed })
      .map((document) =>
        publicationItem(document, { publicUrl: 'https://tocsin.example', territory, language: 'fr-FR' }, NOW),
      );
    const answer = spawnSync(python ?? '', ['-c', READER], {
      input: JSON.stringify(items.map((item) => rss(head, [item]))),
      encoding: 'utf8',
      maxBuffer: 2 ** 30,
    });
    expect(answer.stderr).toBe('');
    const read = answer.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Read);
    expect(read.map(({ bozo, entries }) => [bozo, entries.map((e) => ({ ...e, title: words(e.title) }))])).toEqual(
      items.map(({ title, url, id, published, tags }) => [
        false,
        [{ title: words(title), id, link: url, at: Date.parse(published), tags: [...tags] }],
      ]),
    );
  },
);

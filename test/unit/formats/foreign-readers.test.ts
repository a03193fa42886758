import fc from 'fast-check';
import FeedMe from 'feedme';
import type { FeatureCollection, Geometry as GeoJson } from 'geojson';
import jsonld from 'jsonld';
import { JsonLdParser } from 'jsonld-streaming-parser';
import { describe, expect, it } from 'vitest';
import { Geometry } from 'wkx';
import type { FeedHead } from '../../../src/formats/feeds/feed-item.ts';
import { jsonFeed } from '../../../src/formats/feeds/json-feed.ts';
import { publicationItem } from '../../../src/formats/feeds/publication-item.ts';
import { geoJson } from '../../../src/formats/geojson.ts';
import { linkedData, linkedDataText } from '../../../src/formats/json-ld.ts';
import { kindsInOrder } from '../../../src/publications/kinds.ts';
import { budget } from '../../support/budget.ts';
import { anyDocument, anyOfKind } from '../../support/generated/generated-documents.ts';
import { NOW } from '../../support/generated/public-documents.ts';
import { territory } from '../../support/hub/hub.ts';

/** What strangers read in the formats that are JSON: each has readers of its own, and none of them is ours. */
const options = { publicUrl: 'https://tocsin.example', territory, language: 'fr-FR' };

/** schema.org without asking for it: every plain name is one of its own. */
const VOCABULARY = { '@context': { '@vocab': 'http://schema.org/', url: { '@type': '@id' } } };
const documentLoader = (url: string) =>
  Promise.resolve({ contextUrl: undefined, documentUrl: url, document: VOCABULARY });

interface Fact {
  predicate: { value: string };
  object: { value: string; termType: string };
}
// CommonJS under two names at once: what is imported is the class itself.
const FeedReader = FeedMe as unknown as typeof FeedMe.default;

/** Facts as RDF tells them; nodes without a name have other names in every reader. */
const facts = (quads: Iterable<Fact>): string[] =>
  [...quads]
    .map(({ predicate, object }) => `${predicate.value} ${object.termType === 'BlankNode' ? '_' : object.value}`)
    .sort();

const streamed = async (text: string): Promise<Fact[]> => {
  const parser = new JsonLdParser({ documentLoader: { load: () => Promise.resolve(VOCABULARY) } });
  const read: Fact[] = [];
  parser.on('data', (fact: Fact) => read.push(fact));
  const ended = new Promise((resolve, reject) => parser.once('end', resolve).once('error', reject));
  parser.end(text);
  await ended;
  return read;
};

describe('strangers', () => {
  it('read the same facts in linked data, by two parsers of JSON-LD', async () => {
    await fc.assert(
      fc.asyncProperty(anyDocument, async (document) => {
        const text = linkedDataText(linkedData(document, options));
        const told = JSON.parse(text);
        const one = facts((await jsonld.toRDF(told, { documentLoader })) as unknown as Fact[]);
        expect(facts(await streamed(text))).toEqual(one);
        expect(one).toContain(`http://schema.org/name ${told.name}`);
        expect(one.some((fact) => fact.endsWith(`http://schema.org/${told['@type']}`))).toBe(true);
      }),
      budget(60),
    );
  });

  const maps = kindsInOrder.flatMap(({ name, map }) => (map ? [{ name, map, path: map.path }] : []));
  it.each(maps)('read the shapes of $path as they are, by wkx too', ({ name, map }) => {
    fc.assert(
      fc.property(anyOfKind[name], (document) => {
        for (const { geometry } of (JSON.parse(geoJson(map, [document], options)) as FeatureCollection).features)
          expect(Geometry.parse(Geometry.parseGeoJSON(geometry).toWkb()).toGeoJSON() as GeoJson).toEqual(geometry);
      }),
      budget(60),
    );
  });

  it('read the items of the JSON Feed, by feedme too', async () => {
    const head: FeedHead = {
      title: 'Informations',
      description: 'Tout',
      homeUrl: 'https://tocsin.example/',
      selfUrl: 'https://tocsin.example/feeds/publications.json',
      language: 'fr-FR',
      author: 'Département de l’Essonne',
    };
    await fc.assert(
      fc.asyncProperty(fc.array(anyDocument, { maxLength: 3 }), async (documents) => {
        const items = documents.map((document) =>
          publicationItem(document, { publicUrl: 'https://tocsin.example', territory, language: 'fr-FR' }, NOW),
        );
        const parser = new FeedReader();
        const heard: unknown[] = [];
        parser.on('item', (item: { id: string; title: string; content_text: string }) =>
          heard.push([item.id, item.title, item.content_text]),
        );
        const ended = new Promise((resolve) => parser.once('finish', resolve));
        parser.end(jsonFeed(head, items));
        await ended;
        expect(heard).toEqual(items.map(({ id, title, text }) => [id, title, text]));
      }),
      budget(60),
    );
  });
});

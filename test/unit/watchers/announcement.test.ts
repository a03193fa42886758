import { describe, expect, it } from 'vitest';
import { leadOf } from '../../../src/watchers/following/leads.rules.ts';
import { readFeed } from '../../../src/watchers/reading/feed.ts';
import { readLinkedMessage } from '../../../src/watchers/reading/linked-message.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const CAP = 'urn:oasis:names:tc:emergency:cap:1.2';
const FEED = 'https://a.example/feeds/alerts';
const NOW = new Date('2026-06-05T12:00:00Z');
const RECENT = '2026-06-05T11:00:00Z';

const entry = (inside: string, updated = RECENT) => {
  const { items } = readFeed(
    bytes(`<feed xmlns="http://www.w3.org/2005/Atom" xmlns:cap="${CAP}"><entry><title>Crue</title>
      <updated>${updated}</updated>${inside}</entry></feed>`),
  );
  return leadIn(items);
};
const item = (inside: string, date = RECENT) => {
  const { items } = readFeed(
    bytes(`<rss version="2.0" xmlns:cap="${CAP}" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:gdacs="http://www.gdacs.org">
      <channel><title>x</title><item><title>Crue</title><pubDate>${date}</pubDate>${inside}</item></channel></rss>`),
  );
  return leadIn(items);
};
function leadIn(items: ReturnType<typeof readFeed>['items']) {
  const [first] = items;
  if (!first) throw new Error('no item');
  const lead = leadOf(first, FEED, NOW);
  return lead && { certainty: lead.certainty, urls: lead.urls };
}
const typed = (...urls: string[]) => ({ certainty: 'TYPED', urls });
const likely = (...urls: string[]) => ({ certainty: 'LIKELY', urls });
const possible = (...urls: string[]) => ({ certainty: 'POSSIBLE', urls });

describe('an item leads to its CAP message', () => {
  it.each([
    [
      'by a link of its type',
      '<link type="application/cap+xml" href="https://b.example/1"/>',
      typed('https://b.example/1'),
    ],
    [
      'by that link alone where a page stands beside it',
      '<id>https://b.example/p</id><link href="https://b.example/p"/><link type="application/cap+xml" href="/m/1#x"/>',
      typed('https://a.example/m/1'),
    ],
    [
      'by a link whose type has parameters and another case',
      '<link rel="enclosure" type="Application/CAP+XML; charset=utf-8" href="1"/>',
      typed('https://a.example/feeds/1'),
    ],
    [
      'by the type that CAP had before',
      '<link type="application/common-alerting-protocol+xml" href="https://b.example/1"/>',
      typed('https://b.example/1'),
    ],
    [
      'by content that stands elsewhere',
      '<content type="application/cap+xml" src="/1"/>',
      typed('https://a.example/1'),
    ],
    [
      'by its id, where elements of CAP stand beside its words',
      '<id>https://b.example/urn:oid:1</id><cap:event>Crue</cap:event>',
      likely('https://b.example/urn:oid:1'),
    ],
    [
      'by its link or its id, where both may lead there',
      '<link href="https://b.example/l"/><id>https://b.example/i</id><cap:status>Actual</cap:status>',
      likely('https://b.example/l', 'https://b.example/i'),
    ],
    [
      'by the end of its address',
      '<link href="https://b.example/2026/4711.cap"/>',
      likely('https://b.example/2026/4711.cap'),
    ],
    ['by a folder of its address', '<id>https://b.example/cap/4711</id>', likely('https://b.example/cap/4711')],
    ['by a link to XML', '<link type="text/xml" href="https://b.example/x"/>', likely('https://b.example/x')],
    ['perhaps, by a mere link', '<link href="https://b.example/4711"/>', possible('https://b.example/4711')],
  ])('%s in Atom', (_how, inside, expected) => expect(entry(inside)).toEqual(expected));

  it.each([
    ['by an enclosure', '<enclosure type="application/cap+xml" url="/1" length="9"/>', typed('https://a.example/1')],
    [
      'by a link of Atom',
      '<link>https://b.example/page</link><atom:link type="application/cap+xml" href="https://b.example/1"/>',
      typed('https://b.example/1'),
    ],
    ['as GDACS writes it', '<gdacs:cap>https://g.example/cap_1.xml</gdacs:cap>', typed('https://g.example/cap_1.xml')],
    [
      'by its link, to a file',
      '<link>https://b.example/fr/1.xml</link><guid>urn:oid:1</guid>',
      likely('https://b.example/fr/1.xml'),
    ],
    [
      'by its guid, where elements of CAP stand beside its words',
      '<guid isPermaLink="true">https://b.example/g</guid><cap:severity>Severe</cap:severity>',
      likely('https://b.example/g'),
    ],
    [
      'perhaps, by its link and its guid',
      '<link>/a</link><guid>https://b.example/g</guid>',
      possible('https://a.example/a', 'https://b.example/g'),
    ],
    ['not by a guid that is none', '<guid>4711</guid>', null],
    ['not by an address of another scheme', '<enclosure type="application/cap+xml" url="file:///etc/passwd"/>', null],
    [
      'not by an address with a password',
      '<enclosure type="application/cap+xml" url="https://me:secret@b.example/1"/>',
      null,
    ],
    ['not by the address of the feed itself', `<enclosure type="application/cap+xml" url="${FEED}"/>`, null],
    ['not by a picture', '<enclosure type="image/png" url="https://b.example/1.png"/>', null],
  ])('%s in RSS', (_how, inside, expected) => expect(item(inside)).toEqual(expected));

  it.each([
    ['by a link to a page alone', '<link type="text/html" href="https://b.example/p"/><id>https://b.example/p</id>'],
    ['by what is related to it', '<link rel="related" href="https://b.example/r"/><id>urn:1</id>'],
  ])('not %s', (_how, inside) => expect(entry(inside)).toBeNull());
});

const TYPED = '<link type="application/cap+xml" href="https://b.example/1"/>';
const PAST = '2026-06-05T10:00:00Z';
const OLD = '2026-05-01T10:00:00Z';

describe('what an item says of its message is heeded before it is fetched', () => {
  it.each(['Test', 'Exercise', 'Draft', 'System', 'exercise', ' Test '])(
    'nobody asks for a message of status %s',
    (status) => {
      expect(entry(`${TYPED}<cap:status>${status}</cap:status>`)).toBeNull();
    },
  );

  it.each([
    ['that is over', `<cap:expires>${PAST}</cap:expires>`],
    [
      'that is over and says that it refers to nothing',
      `<cap:msgType>Alert</cap:msgType><cap:expires>${PAST}</cap:expires>`,
    ],
    ['whose last end is over', `<cap:expires>${OLD}</cap:expires><cap:expires>${PAST}</cap:expires>`],
  ])('nor for one %s', (_what, inside) => expect(entry(`${TYPED}${inside}`)).toBeNull());

  it.each([
    ['a Cancel that is over', `<cap:msgType>Cancel</cap:msgType><cap:expires>${PAST}</cap:expires>`],
    ['an Update that is over', `<cap:msgType>Update</cap:msgType><cap:expires>${PAST}</cap:expires>`],
    [
      'what refers to others and is over',
      `<cap:references>a,b,${OLD}</cap:references><cap:expires>${PAST}</cap:expires>`,
    ],
    ['what ends later', `<cap:expires>${PAST}</cap:expires><cap:expires>2026-06-06T10:00:00Z</cap:expires>`],
    ['what has an unreadable end', '<cap:expires>unknown</cap:expires>'],
  ])('but for %s', (_what, inside) => expect(entry(`${TYPED}${inside}`)).toMatchObject({ certainty: 'TYPED' }));

  it('the age of an item decides where it has no more than an address', () => {
    expect(entry(TYPED, OLD)).toMatchObject({ certainty: 'TYPED' });
    expect(entry('<link href="https://b.example/4711"/>', OLD)).toBeNull();
  });
});

const message = `<alert xmlns="${CAP}"><identifier>A</identifier><sender>a@b.example</sender><sent>${RECENT}</sent>
  <status>Actual</status></alert>`;

describe('what stands where an item leads to', () => {
  it.each([
    ['a message', message, 'A'],
    [
      'a message in an envelope',
      `<EDXLDistribution xmlns="urn:x"><contentObject><xmlContent>${message}</xmlContent></contentObject></EDXLDistribution>`,
      'A',
    ],
    ['a page', '<!DOCTYPE html><html><body><p>Crue<br></body></html>', undefined],
    [
      'a feed, whatever is in it',
      `<feed xmlns="http://www.w3.org/2005/Atom"><entry><content>${message}</content></entry></feed>`,
      undefined,
    ],
    ['JSON', '{"identifier":"A"}', undefined],
    ['nothing', '', undefined],
  ])('is %s', (_what, text, identifier) => {
    expect(readLinkedMessage(bytes(text), '').cap?.identifier).toBe(identifier);
  });

  it.each([
    ['was cut on its way', message.slice(0, 120), /XML mal formé/],
    ['has no sender', message.replace(/<sender>.*<\/sender>/, ''), /sans sender/],
    ['is of an unknown version', message.replace('cap:1.2', 'cap:9.9'), /espace de noms CAP inconnu/],
    ['defines entities', `<!DOCTYPE a [<!ENTITY x "y">]>${message}`, /DOCTYPE/],
  ])('is refused with the reason where it is a message that %s', (_what, text, reason) => {
    expect(() => readLinkedMessage(bytes(text), 'application/cap+xml')).toThrow(reason);
  });
});

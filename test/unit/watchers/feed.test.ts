import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readFeed } from '../../../src/watchers/reading/feed.ts';
import { FeedFault } from '../../../src/watchers/reading/feed-fault.ts';
import { XML_LIMITS } from '../../../src/xml/read-tree.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string) => readFeed(bytes(text));
const faultOf = (text: string | Uint8Array) => {
  try {
    readFeed(typeof text === 'string' ? bytes(text) : text);
  } catch (error) {
    if (error instanceof FeedFault) return error.message;
    throw error;
  }
  return 'none';
};
const rss = (items: string) => `<rss version="2.0"><channel><title>Le Journal</title>${items}</channel></rss>`;
const cap = (more = '', version = 'urn:oasis:names:tc:emergency:cap:1.2') =>
  `<alert xmlns="${version}"><identifier>A1</identifier><sender>vigilance@meteo.example</sender>
   <sent>2016-06-01T10:00:00+02:00</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope>${more}</alert>`;

describe('a feed', () => {
  it('of RSS gives its items without their HTML, with guid, date and place', () => {
    const feed = read(
      rss(`<item><title>Crue de l&rsquo;Yvette</title><link>https://a.example/1</link><guid>x-1</guid>
        <description><![CDATA[<p>La <b>D257</b> est coupée.</p><img src="a.png">]]></description>
        <pubDate>Wed, 01 Jun 2016 10:00:00 +0200</pubDate>
        <point xmlns="http://www.georss.org/georss">48.69 2.29</point></item>`),
    );
    expect(feed).toEqual({
      format: 'RSS',
      title: 'Le Journal',
      items: [
        {
          identity: 'x-1',
          title: 'Crue de l’Yvette',
          summary: 'La D257 est coupée.',
          link: 'https://a.example/1',
          at: new Date('2016-06-01T08:00:00Z'),
          point: { lon: 2.29, lat: 48.69 },
          places: [
            {
              description: '',
              geometries: [{ type: 'Point', coordinates: [2.29, 48.69] }],
              circles: [],
              geocodes: [],
            },
          ],
          marks: '',
          announces: {
            certainty: 'POSSIBLE',
            addresses: ['https://a.example/1'],
            status: null,
            msgType: null,
            ends: [],
          },
          cap: null,
        },
      ],
      faults: ['XML mal formé : référence HTML &rsquo;'],
    });
  });

  it('of Atom gives its entries with the alternate link', () => {
    const feed = read(`<feed xmlns="http://www.w3.org/2005/Atom"><title>Vigicrues</title><entry><id>urn:1</id>
      <title type="html">Crue &amp;lt;b&amp;gt;</title><link rel="self" href="/self"/><link href="https://v.example/1"/>
      <updated>2016-06-01T10:00:00+02:00</updated><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Corbeil <em>monte</em></div></content>
      </entry></feed>`);
    expect(feed).toMatchObject({ format: 'ATOM', title: 'Vigicrues' });
    expect(feed.items[0]).toMatchObject({ identity: 'urn:1', link: 'https://v.example/1', summary: 'Corbeil monte' });
  });

  it('that lacks guid and link is known again by its words, and a date that is none is null', () => {
    const [item] = read(rss('<item><title>Inondation</title><pubDate>hier</pubDate></item>')).items;
    expect(item).toMatchObject({ identity: 'Inondation\n', link: null, at: null });
  });

  it.each([
    ['1.0', 'http://www.incident.com/cap/1.0'],
    ['1.1', 'urn:oasis:names:tc:emergency:cap:1.1'],
    ['1.2', 'urn:oasis:names:tc:emergency:cap:1.2'],
  ])('that is one CAP %s message keeps its words byte for byte and its areas', (version, uri) => {
    const info = `<info><language>fr-FR</language><category>Met</category><event>Crue</event><headline> Crue </headline>
      <description>  Deux
      lignes &lt;b&gt; </description><area><areaDesc>Longjumeau</areaDesc><polygon>48.6,2.2 48.7,2.2 48.7,2.3 48.6,2.2 </polygon>
      <circle>48.69,2.29 5</circle></area></info>`;
    const [item] = read(cap(info, uri)).items;
    expect(item?.identity).toBe('cap:vigilance@meteo.example,A1,2016-06-01T10:00:00+02:00');
    expect(item?.title).toBe('Crue');
    expect(item?.cap).toMatchObject({
      version,
      infos: [{ headline: ' Crue ', description: '  Deux\n      lignes <b> ' }],
    });
    expect(item?.cap?.infos[0]?.areas[0]).toMatchObject({
      geometries: [
        {
          type: 'Polygon',
          coordinates: [
            [
              [2.2, 48.6],
              [2.2, 48.7],
              [2.3, 48.7],
              [2.2, 48.6],
            ],
          ],
        },
      ],
      circles: [{ lon: 2.29, lat: 48.69, radius: 5000 }],
    });
  });

  it('is read up to its first 300 items, and each up to what a report may hold many times over', () => {
    const long = `<item><title>${'crue '.repeat(50_000)}</title></item>`;
    const { items } = read(rss(long + '<item/>'.repeat(5_000)));
    expect(items).toHaveLength(300);
    expect(items[0]?.title.length).toBeLessThanOrEqual(20_000);
  });

  it('carries whole CAP messages in its entries', () => {
    const feed = read(
      `<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>e</id><content type="text/xml">${cap('<info><event>Crue</event></info>')}</content></entry></feed>`,
    );
    expect(feed.items[0]).toMatchObject({ title: 'Crue', cap: { identifier: 'A1' } });
  });

  it('is decoded by its byte order mark or by what it declares', () => {
    const latin = Buffer.from(
      `<?xml version="1.0" encoding="ISO-8859-1"?>${rss('<item><title>Étampes</title></item>')}`,
      'latin1',
    );
    expect(readFeed(latin).items[0]?.title).toBe('Étampes');
    expect(read(`\ufeff${rss('<item><title>Étampes</title></item>')}`).items[0]?.title).toBe('Étampes');
    const wide = Buffer.from(`\ufeff${rss('<item><title>Étampes</title></item>')}`, 'utf16le');
    expect(readFeed(wide).items[0]?.title).toBe('Étampes');
    const undeclared = readFeed(Buffer.from(rss('<item><title>Étampes</title></item>'), 'latin1'));
    expect(undeclared.items[0]?.title).toBe('Étampes');
    expect(undeclared.faults).toEqual(['octets qui ne sont pas du utf-8']);
    expect(faultOf('<?xml version="1.0" encoding="klingon"?><rss/>')).toBe('encodage inconnu : klingon');
  });
});

describe('what may not be read is refused with its reason', () => {
  it.each([
    ['an entity of its own', '<!DOCTYPE r [<!ENTITY a "aaaa">]><rss>&a;</rss>', 'DOCTYPE'],
    ['a file named as an entity', '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss>&x;</rss>', 'DOCTYPE'],
    ['an unknown entity', '<rss>&inconnu;</rss>', 'XML mal formé'],
    ['an open tag', '<rss><channel>', 'XML mal formé'],
    ['two roots', '<rss/><rss/>', 'XML mal formé'],
    ['nothing', '', 'XML mal formé'],
    ['a page', '<html><body/></html>', 'ni RSS, ni Atom, ni CAP'],
    ['too deep a nest', `${'<a>'.repeat(100)}${'</a>'.repeat(100)}`, 'niveaux'],
    ['too many elements', `<rss>${'<a/>'.repeat(XML_LIMITS.elements)}</rss>`, 'éléments'],
    ['too many bytes', `<rss>${' '.repeat(XML_LIMITS.bytes)}</rss>`, 'octets'],
    ['an unknown version of CAP', cap('', 'urn:oasis:names:tc:emergency:cap:9.9'), 'espace de noms CAP inconnu'],
    ['a CAP message without a sender', cap().replace(/<sender>.*<\/sender>/, ''), 'sans sender'],
    ['a CAP message of no date', cap().replace(/<sent>.*<\/sent>/, '<sent>demain</sent>'), 'date d’envoi'],
  ])('%s', (_what, text, reason) => {
    expect(faultOf(text)).toContain(reason);
  });
});

// Genuine messages are others' work: whoever has a folder of them says where it is.
const samples = process.env.TOCSIN_TEST_CAP;
const files = samples
  ? readdirSync(samples, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(xml|cap)$/.test(name))
  : [];
describe.skipIf(!samples)(`genuine CAP messages${samples ? '' : ' (SKIPPED: no TOCSIN_TEST_CAP)'}`, () => {
  it.each(files)('%s is read', (name) => {
    const feed = readFeed(readFileSync(join(samples ?? '', name)));
    expect(feed.format).toBe('CAP');
    expect(feed.items[0]?.cap?.infos.length).toBeGreaterThan(0);
    expect(feed.items[0]?.title).not.toBe('');
  });
});

import { describe, expect, it } from 'vitest';
import { readFeed } from '../../../src/watchers/reading/feed.ts';
import { FeedFault } from '../../../src/watchers/reading/feed-fault.ts';

const rss = (title: string, before = '') =>
  `${before}<rss version="2.0"><channel><title>F</title><item><title>${title}</title></item><item><title>Seconde</title></item></channel></rss>`;
const latin = (text: string) => Buffer.from(text, 'latin1');
const read = (document: string | Uint8Array) =>
  readFeed(typeof document === 'string' ? new TextEncoder().encode(document) : document);
const titles = (document: string | Uint8Array) => read(document).items.map(({ title }) => title);

describe('one odd sign costs a feed nothing but a fault that is told', () => {
  it.each([
    ['S&oelig;ur', 'Sœur', 'référence HTML &oelig;'],
    ['-5 &deg;C', '-5 °C', 'référence HTML &deg;'],
    ['&Agrave; Longjumeau', 'À Longjumeau', 'référence HTML &Agrave;'],
    ['L&rsquo;Yvette', 'L’Yvette', 'référence HTML &rsquo;'],
    ['12 m&sup2;, &frac12;', '12 m², ½', 'référence HTML &sup2;'],
    ['&Eacute;vry &ndash; &laquo;&nbsp;crue&nbsp;&raquo;', 'Évry – «\u00a0crue\u00a0»', 'référence HTML &Eacute;'],
    ['&inconnu; crue', '&inconnu; crue', 'référence inconnue &inconnu;'],
  ])('the named reference in %j', (written, title, fault) => {
    expect(titles(rss(written))).toEqual([title, 'Seconde']);
    expect(read(rss(written)).faults[0]).toContain(fault);
  });

  it.each([
    ['Villes & villages', 'Villes & villages', '« & »'],
    ['AT&T', 'AT&T', '« & »'],
    ['R&D; &; & crue', 'R&D; &; & crue', '« & »'],
    ['?a=1&b=2', '?a=1&b=2', '« & »'],
    ['eau < 5 °C', 'eau < 5 °C', '« < »'],
    ['<3 de pluie', '<3 de pluie', '« < »'],
    ['a ]]> b', 'a ]]> b', '« ]]> »'],
    ['eau <cinq mètres', 'eau', '« < »'],
    ['crue<br>forte', 'crueforte', 'balise non fermée'],
    ['crue <media:x>forte</media:x>', 'crue forte', 'préfixe « media »'],
    ['crue <b class=x>forte</b>', 'crue forte', 'attribut sans guillemets'],
  ])('a sign that stands alone, or a small fault of form, in %j', (written, title, fault) => {
    expect(titles(rss(written))).toEqual([title, 'Seconde']);
    expect(read(rss(written)).faults.join()).toContain(fault);
  });

  it.each(['UTF_8', 'utf8mb4', 'Utf-8', 'UTF8'])('the encoding called %s is UTF-8', (name) => {
    expect(titles(rss('Évacuation', `<?xml version="1.0" encoding="${name}"?>`))).toEqual(['Évacuation', 'Seconde']);
  });

  it.each(['latin-1', 'ANSI', 'cp1252', 'ISO_8859-1'])('the encoding called %s is Windows-1252', (name) => {
    const bytes = latin(rss('\xc9vacuation', `<?xml version="1.0" encoding="${name}"?>`));
    expect(titles(bytes)).toEqual(['Évacuation', 'Seconde']);
  });

  it.each(['Warning: mysqli in /srv/x.php\n', '<br />\n<b>Warning</b>: x<br />\n'])(
    'before the document stands %j',
    (before) => {
      expect(titles(rss('Une crue', before))).toEqual(['Une crue', 'Seconde']);
    },
  );

  it.each([
    ['Cr\u0000ue', 'Crue', 'U+0000'],
    ['Cr\u0008ue', 'Crue', 'U+0008'],
    ['Cru\u001fe', 'Crue', 'U+001F'],
    ['Crue\uffff', 'Crue', 'U+FFFF'],
    ['Crue\u000bforte', 'Crue forte', 'U+000B'],
    ['Crue\u000cforte', 'Crue forte', 'U+000C'],
    ['<![CDATA[Cr\u0001ue & co]]>', 'Crue & co', 'U+0001'],
    ['Cr&#0;ue', 'Crue', '&#0;'],
    ['Cr&#x1F;ue', 'Crue', '&#x1F;'],
    ['Crue&#11;forte', 'Crue forte', '&#11;'],
    ['Crue&#99999999;', 'Crue', '&#99999999;'],
    ['Crue&#xD800;', 'Crue', '&#xD800;'],
    ['L&#146;Yvette', 'L’Yvette', '&#146;'],
  ])('a character that XML does not have, in %j', (written, title, fault) => {
    expect(titles(rss(written)).map((text) => text.replace(/\s+/g, ' '))).toEqual([title, 'Seconde']);
    expect(read(rss(written)).faults.join()).toContain(fault);
  });

  it.each([
    [
      'one byte of Latin-1',
      Buffer.concat([
        Buffer.from(rss('É')).subarray(0, 59),
        latin('\xe9tampes, '),
        Buffer.from(rss('École').slice(59)),
      ]),
      'utf-8',
    ],
    ['Latin-1 throughout', latin(rss('\xc9tampes, \xe0 l\x92\xe9cole')), 'utf-8'],
    ['a byte of Windows-1252', latin(rss('l\x92Yvette')), 'utf-8'],
    ['a sequence that is cut', latin(rss('crue\xc3')), 'utf-8'],
    ['UTF-8 that is declared as UTF-16', rss('Étampes', '<?xml version="1.0" encoding="utf-16"?>'), null],
    ['UTF-16 without a mark', Buffer.from(rss('Étampes', '<?xml version="1.0"?>'), 'utf16le'), null],
    [
      'an odd byte at the end of UTF-16',
      Buffer.concat([Buffer.from(`\ufeff${rss('Étampes')}`, 'utf16le'), Buffer.from([0])]),
      'utf-16le',
    ],
    [
      'a byte that is no ASCII where ASCII is declared',
      latin(rss('\xc9tampes', '<?xml version="1.0" encoding="us-ascii"?>')),
      null,
    ],
  ])('%s', (_what, document, fault) => {
    expect(titles(document)).toHaveLength(2);
    expect(titles(document)[1]).toBe('Seconde');
    expect(titles(document)[0]).not.toContain('\u0000');
    expect(read(document).faults.slice(0, 1)).toEqual(fault ? [`octets qui ne sont pas du ${fault}`] : []);
  });

  it('reads the letters among bytes of two encodings', () => {
    expect(
      titles(
        Buffer.concat([
          Buffer.from('<rss><channel><item><title>École '),
          latin('\xe9t\xe9 l\x92eau'),
          Buffer.from(' à Évry</title></item></channel></rss>'),
        ]),
      ),
    ).toEqual(['École été l’eau à Évry']);
  });

  it.each([
    '<!DOCTYPE rss>',
    '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/publish/formats/rss-0.91.dtd">',
    '<!DOCTYPE rss SYSTEM "http://a.example/b.dtd">',
    '<?xml version="1.0"?>\n<!DOCTYPE rdf:RDF SYSTEM \'x\'>',
  ])('the declaration %s', (declaration) => {
    expect(titles(rss('Crue', declaration))).toEqual(['Crue', 'Seconde']);
    expect(read(rss('Crue', declaration)).faults.join()).toContain('DOCTYPE');
  });

  it.each([
    '<!DOCTYPE rss [<!ENTITY a "aaaa">]>',
    '<!DOCTYPE rss [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>',
    '<!DOCTYPE rss SYSTEM "x.dtd" [<!ENTITY % p SYSTEM "http://a.example/"> %p;]>',
    '<!DOCTYPE rss [ ]>',
  ])('but %s is refused: nothing expands', (declaration) => {
    expect(() => read(rss('&a;', declaration))).toThrow(FeedFault);
    expect(() => read(rss('&a;', declaration))).toThrow(/DOCTYPE/);
  });

  it('is read in a moment, however many there are', () => {
    for (const sign of ['&', '<', '&eacute;', '\u0001', '<!--', '<![CDATA[', '&#', ']]>', '<a b ', '&a']) {
      const before = process.cpuUsage();
      try {
        read(rss(sign.repeat(100_000 / sign.length)));
      } catch (error) {
        expect(error).toBeInstanceOf(FeedFault);
      }
      expect(process.cpuUsage(before).user / 1000, sign).toBeLessThan(5_000);
    }
  });
});

import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { element, serialize } from '../../../src/xml/write.ts';

/** What a foreign parser reads: names, attributes and text, flat and in order. */
function read(xml: string): string[] {
  const parser = new SaxesParser();
  const seen: string[] = [];
  let text = '';
  const flush = () => {
    if (text !== '') seen.push(`"${text}"`);
    text = '';
  };
  parser.on('opentag', (tag) => {
    flush();
    seen.push(
      `<${tag.name}${Object.entries(tag.attributes)
        .map(([name, value]) => ` ${name}=${value}`)
        .join('')}`,
    );
  });
  parser.on('text', (part) => {
    text += part;
  });
  parser.on('closetag', (tag) => {
    flush();
    seen.push(`/${tag.name}`);
  });
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(xml.replace('?>\n', '?>')).close();
  return seen;
}

describe('XML', () => {
  it('keeps the order of elements, attributes and text, and adds no white space', () => {
    const xml = serialize(
      element(
        'a',
        { xmlns: 'urn:x', 'z:b': '1', a: undefined },
        element('c', null, 'x'),
        'y',
        undefined,
        element('c', null),
      ),
    );
    expect(xml).toBe('<?xml version="1.0" encoding="UTF-8"?>\n<a xmlns="urn:x" z:b="1"><c>x</c>y<c/></a>');
  });

  it.each(['a & b', '&amp;', '&eacute;', '<b>', ']]>', `"it's"`, 'é 🌊 ', '  spaced  ', '0', 'true', ''])(
    'carries %j as text and as an attribute, unchanged',
    (text) => {
      expect(read(serialize(element('r', { at: text }, text)))).toEqual([
        `<r at=${text}`,
        ...(text === '' ? [] : [`"${text}"`]),
        '/r',
      ]);
    },
  );

  it('is read back by a foreign parser as it was written, whatever the text', () => {
    const text = fc
      .string({ unit: 'grapheme', maxLength: 30 })
      .filter((one) => !/[^\x20-\x7e\u00a1-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(one));
    fc.assert(
      fc.property(text, text, (attribute, inside) => {
        const seen = read(serialize(element('r', { at: attribute }, inside)));
        expect(seen).toEqual([`<r at=${attribute}`, ...(inside === '' ? [] : [`"${inside}"`]), '/r']);
      }),
      { numRuns: 1000 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readMailAddress, readMailSender } from '../../../src/mail/mail-address.rules.ts';

describe('an address of a mailbox', () => {
  it.each([
    ['mairie@ville.example', 'mairie@ville.example'],
    [' Mairie.Astreinte+alerte@Ville.EXAMPLE ', 'Mairie.Astreinte+alerte@ville.example'],
    ['o’neill@ville.example'.replace('’', "'"), "o'neill@ville.example"],
    ['mairie@évry-courcouronnes.example', 'mairie@xn--vry-courcouronnes-9sb.example'],
  ])('%j is read as %s', (text, address) => {
    expect(readMailAddress(text)).toBe(address);
  });

  it.each([
    ...['', 'mairie', '@ville.example', 'mairie@', 'a@b@ville.example', 'mairie@ville', 'mairie@192.0.2.1'],
    ...['mairie@[192.0.2.1]', '"a b"@ville.example', 'a b@ville.example', '.a@ville.example', 'a.@ville.example'],
    ...['a..b@ville.example', 'a,b@ville.example', 'grp: a@ville.example;', 'a@ville.example, b@evil.example'],
    ...[
      'Mairie <a@ville.example>',
      '<a@ville.example>',
      'a@ville.example>',
      'a@ville.example\r\nRCPT TO:<b@evil.example>',
    ],
    ...['a@ville.example\nBcc: b@evil.example', 'a\u0000@ville.example', 'mairé@ville.example', 'a@ville.example(b)'],
    ...[
      'a@ville..example',
      'a@-ville.example',
      'a@ville.example/evil',
      'a@ville.example:25',
      'a@ville.example?b',
      'a@v%69lle.example',
    ],
    ...[`${'a'.repeat(65)}@ville.example`, `a@${'b'.repeat(250)}.example`, 'a@ville\uD800.example', 'a@ville。example'],
  ])('%j is refused', (text) => {
    expect(readMailAddress(text)).toBeUndefined();
  });

  it('is one address, whatever was typed', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.emailAddress()), (text) => {
        const address = readMailAddress(text);
        if (address === undefined) return;
        expect(address).toMatch(/^[\w!#$%&'*+/=?^`{|}~.-]+@[a-z\d.-]+$/);
        expect(readMailAddress(address)).toBe(address);
      }),
    );
  });
});

describe('the sender of letters', () => {
  it.each([
    ['alerte@essonne.example', { name: '', address: 'alerte@essonne.example' }],
    ['Alerte Essonne <alerte@essonne.example>', { name: 'Alerte Essonne', address: 'alerte@essonne.example' }],
  ])('%j is read', (text, sender) => {
    expect(readMailSender(text)).toEqual(sender);
  });

  it.each(['Alerte', '"Alerte" <a@b.example>', 'A <a@b.example>, B <c@d.example>', 'A\nBcc: x <a@b.example>'])(
    '%j is refused',
    (text) => {
      expect(readMailSender(text)).toBeUndefined();
    },
  );
});

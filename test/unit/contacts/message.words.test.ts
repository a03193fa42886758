import { describe, expect, it } from 'vitest';
import { CALL_REASONS } from '../../../src/calling/call.rules.ts';
import { codeHash, isCode, newCode, spacedCode } from '../../../src/contacts/contact.rules.ts';
import { callLetter, callLink, callWords, codeLetter } from '../../../src/contacts/messages/message.words.ts';
import { MODES, SEVERITIES } from '../../../src/publications/vocabulary.ts';

const nextAt = new Date('2026-01-13T02:42:59Z');

describe('the message of a call', () => {
  it('is one line of the hub’s own words', () => {
    const call = { reason: 'COSIGN', mode: 'ACTUAL', severity: 'EXTREME', nextAt } as const;
    expect(callWords(call)).toBe('Tocsin 91 : seconde signature demandée, gravité extrême. Avant 03 h 42.');
    expect(callWords({ ...call, mode: 'EXERCISE', severity: null, reason: 'SOURCE_FAULT' })).toBe(
      'EXERCICE Tocsin 91 : une source est muette. Avant 03 h 42.',
    );
    expect(callWords({ ...call, nextAt: new Date('2026-07-13T22:05:00Z') })).toMatch(/Avant 00 h 05\.$/);
  });

  it('fits into two texts of a telephone with its link, for every reason, gravity and mode', () => {
    const link = callLink('https://informations-publiques.essonne.example', 'x'.repeat(22));
    for (const reason of CALL_REASONS)
      for (const severity of [...SEVERITIES, null])
        for (const mode of MODES) {
          const words = callWords({ reason, severity, mode, nextAt });
          expect(words).toMatch(/^(?:EXERCICE |ESSAI )?Tocsin 91 : \P{Lu}/u);
          // UCS-2: 67 signs for each part of several.
          expect(`${words} ${link}`.length).toBeLessThanOrEqual(3 * 67);
        }
  });

  it('is the same letter at each attempt, and of no list', () => {
    const message = { id: '0190', address: 'a@essonne.example', createdAt: nextAt };
    expect(callLetter(message, 'Mots.', 'https://x.example/desk/a/y')).toEqual({
      id: 'call.0190',
      to: 'a@essonne.example',
      subject: 'Mots.',
      text: 'Mots. https://x.example/desk/a/y\n',
      html: null,
      language: 'fr-FR',
      at: nextAt,
      follows: [],
      leaveUrl: null,
    });
    expect(codeLetter(message, '12345678')).toMatchObject({ id: 'code.0190', html: null, leaveUrl: null });
  });
});

describe('a code', () => {
  it('has eight digits, is kept by its hash with its contact point, and is read with blanks', () => {
    for (let count = 0; count < 200; count += 1) expect(newCode()).toMatch(/^\d{8}$/);
    expect(spacedCode('00412345')).toBe('0041 2345');
    const hash = codeHash('point', '00412345');
    expect(hash).not.toContain('0041');
    expect(isCode('point', ' 0041 2345\n', hash)).toBe(true);
    for (const [point, given] of [
      ['other', '00412345'],
      ['point', '00412346'],
      ['point', '412345'],
      ['point', ''],
      ['point', '\u0000\ud800'],
    ] as const)
      expect(isCode(point, given, hash)).toBe(false);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isApiKey } from '../../../../src/access/keys/api-key.rules.ts';
import { hashOfSealedKey, isSealedKey, newSealedKey } from '../../../../src/access/sealed/sealed-key.rules.ts';

const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

describe('a sealed key', () => {
  it('is read from paper: seven groups of five, without letters that look like others', () => {
    const { key, hash } = newSealedKey();
    expect(key).toMatch(/^tocsin_sealed_([0-9A-HJKMNP-TV-Z]{5}-){6}[0-9A-HJKMNP-TV-Z]{5}$/);
    expect([isSealedKey(key), isApiKey(key)]).toEqual([true, true]);
    expect(hashOfSealedKey(key)).toBe(hash);
  });

  it('is the same however it is typed: in small letters, without hyphens, O for 0, I or l for 1', () => {
    for (let n = 0; n < 200; n += 1) {
      const { key, hash } = newSealedKey();
      const letters = key.slice('tocsin_sealed_'.length);
      for (const typed of [
        key.toLowerCase(),
        key.toUpperCase(),
        `tocsin_sealed_${letters.replaceAll('-', '')}`,
        `tocsin_sealed_${letters.replaceAll('0', 'o').replaceAll('1', 'l')}`,
        `tocsin_sealed_${letters.replaceAll('0', 'O').replaceAll('1', 'I')}`,
      ])
        expect([isSealedKey(typed), hashOfSealedKey(typed)]).toEqual([true, hash]);
    }
  });

  it('with one sign wrong, two exchanged or one lost is told without PostgreSQL', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 34 }), fc.constantFrom(...DIGITS), (at, letter) => {
        const letters = newSealedKey().key.slice('tocsin_sealed_'.length).replaceAll('-', '');
        const whole = (text: string) => hashOfSealedKey(`tocsin_sealed_${text}`) !== undefined;
        const changed = letters.slice(0, at) + letter + letters.slice(at + 1);
        expect(whole(changed)).toBe(changed === letters);
        expect(whole(letters.slice(0, at) + letters.slice(at + 1))).toBe(false);
        if (at === 0) return;
        const exchanged =
          letters.slice(0, at - 1) + letters.charAt(at) + letters.charAt(at - 1) + letters.slice(at + 1);
        expect(whole(exchanged)).toBe(exchanged === letters);
      }),
    );
  });

  it.each(['', '-', '0'.repeat(35), `${'0'.repeat(5_000)}`, 'é'.repeat(35), 'U'.repeat(35)])('is not %j', (text) => {
    expect(hashOfSealedKey(`tocsin_sealed_${text}`)).toBeUndefined();
  });

  it('uses every sign in every place', () => {
    const keys = Array.from({ length: 2_000 }, () => newSealedKey().key.slice(14).replaceAll('-', ''));
    expect(new Set(keys).size).toBe(keys.length);
    for (let at = 0; at < 28; at += 1) expect(new Set(keys.map((key) => key[at])).size).toBe(32);
  });

  it('keeps its form: envelopes stay good after an update', () => {
    expect(hashOfSealedKey('tocsin_sealed_4R93E-T5KTA-R2KWC-393PB-0H2SE-JN10W-FCRCS')).toBe(
      '371c4fadc3cf0b363fc111d10b8c4bbb82e282b29b9cac63505f2829c82a9d79',
    );
  });
});

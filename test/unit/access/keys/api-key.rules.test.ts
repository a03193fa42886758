import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashOfKey, isApiKey, isWhole, newApiKey } from '../../../../src/access/keys/api-key.rules.ts';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

describe('a key of a machine', () => {
  it('is one word of 256 bits and a checksum, known by its beginning, and kept as its hash alone', () => {
    const { key, prefix, hash } = newApiKey();
    expect(key).toMatch(/^tocsin_[0-9A-Za-z]{49}$/);
    expect([isApiKey(key), isWhole(key)]).toEqual([true, true]);
    expect(key.startsWith(prefix)).toBe(true);
    expect(prefix).toHaveLength(10);
    expect(hash).toBe(hashOfKey(key));
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is never the same twice, and every letter and digit comes in every place but the first', () => {
    const keys = Array.from({ length: 3_000 }, () => newApiKey().key);
    expect(new Set(keys).size).toBe(keys.length);
    for (let at = 8; at < 50; at += 1) expect([at, new Set(keys.map((key) => key[at])).size]).toEqual([at, 62]);
  });

  it('with one character wrong, two exchanged or one lost is told by its checksum alone', () => {
    fc.assert(
      fc.property(fc.integer({ min: 7, max: 55 }), fc.constantFrom(...DIGITS), (at, letter) => {
        const { key } = newApiKey();
        const changed = key.slice(0, at) + letter + key.slice(at + 1);
        expect(isWhole(changed)).toBe(changed === key);
        const exchanged = key.slice(0, at - 1) + key.charAt(at) + key.charAt(at - 1) + key.slice(at + 1);
        if (at > 7) expect(isWhole(exchanged)).toBe(exchanged === key);
        expect(isWhole(key.slice(0, at) + key.slice(at + 1))).toBe(false);
      }),
    );
  });

  it.each([
    '',
    'tocsin_',
    'tocsin',
    `tocsin_${'0'.repeat(49)}\n`,
    `tocsin_${'é'.repeat(49)}`,
    `tocsin_${'0'.repeat(5000)}`,
  ])('is not %j', (text) => {
    expect(isWhole(text)).toBe(false);
  });

  it('keeps its form: keys that machines have are good after an update', () => {
    // Made by the first version of these rules; of no database.
    const known = 'tocsin_b15zvuWVStnsFVxCHaaIxtqXbXeQlUQ6MbLPikDHtHo23OaDA';
    expect(isWhole(known)).toBe(true);
    expect(hashOfKey(known)).toBe('3ea8affe5db994dfd0072abaa5a450ad22ac86e64e036ab8ecd51088f1d17822');
  });
});

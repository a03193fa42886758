import { describe, expect, it } from 'vitest';
import { readFeedFilter } from '../../../src/channels/feeds/feed-filter.ts';
import { languageTag, readLanguageTag } from '../../../src/publications/content/language.rules.ts';
import { LanguageTagScalar } from '../../../src/publications/content/language.types.ts';
import { firstText } from '../../../src/publications/content/translations.rules.ts';
import { territory } from '../../support/hub/hub.ts';

/** One reader of languages: in inputs, arguments and feeds the same text means the same. */
describe('a language as people and programs write it', () => {
  it.each([
    ['fr-FR', 'fr-FR'],
    ['en_GB', 'en-GB'],
    ['EN', 'en'],
    ['en-us', 'en-US'],
    ['en_US.UTF-8', 'en-US'],
    ['de_DE@euro', 'de-DE'],
    [' fr-fr ', 'fr-FR'],
    ['FR-fr-X-FALC', 'fr-FR-x-falc'],
    ['zh_hant_TW', 'zh-Hant-TW'],
    ['SR-LATN', 'sr-Latn'],
    ['es-419', 'es-419'],
    ['sl-rozaj', 'sl-rozaj'],
    ['en-US-u-hc-h12', 'en-US'],
    ['en_US_POSIX', 'en-US'],
    ['fr-FR-u-ca-gregory-x-falc', 'fr-FR-x-falc'],
    ['en\u2011GB', 'en-GB'],
    ['\u200ben–gb', 'en-GB'],
    ['ＥＮ', 'en'],
    ['fra', 'fr'],
    ['sr_RS@latin', 'sr-RS'],
  ])('%s means %s', (written, tag) => {
    expect(readLanguageTag(written)).toBe(tag);
    expect(languageTag.parse(written)).toBe(tag);
    expect(LanguageTagScalar.parseValue(written)).toBe(tag);
    expect(readFeedFilter({ language: written }, territory, ['language']).language).toBe(tag);
  });

  it.each([
    '',
    ' ',
    '*',
    'de,en',
    'English',
    'C',
    'C.UTF-8',
    'POSIX',
    'fr-',
    '-fr',
    'f',
    'français',
    'en GB',
    '12',
    '_',
  ])('is refused with the reason where it is no tag: %j', (written) => {
    expect(readLanguageTag(written)).toBeUndefined();
    expect(languageTag.safeParse(written).error?.issues[0]?.message).toContain('BCP 47');
    expect(() => LanguageTagScalar.parseValue(written)).toThrow('BCP 47');
  });

  it.each(['*', 'English', 'C.UTF-8', 'f'])('is refused in the address of a feed: %j', (written) => {
    expect(() => readFeedFilter({ language: written }, territory, ['language'])).toThrow(
      'language: must be one BCP 47',
    );
  });
});

/** Look-up of RFC 4647, 3.4, over a list of languages, and a neighbour before nothing. */
describe('the text for the languages of a reader', () => {
  const TEXTS = ['fr-FR', 'fr-FR-x-falc', 'en-GB', 'zh-Hant', 'zh-Hans', 'de-AT'].map((language) => ({ language }));
  it.each<[string[], string]>([
    [['en-GB'], 'en-GB'],
    [['en-US'], 'en-GB'],
    [['zh-Hans-CN'], 'zh-Hans'],
    [['zh-Hant-x-y-z'], 'zh-Hant'],
    [['de-CH', 'en'], 'de-AT'],
    [['it', 'en'], 'en-GB'],
    [['fr-FR-x-falc'], 'fr-FR-x-falc'],
    [['fr'], 'fr-FR'],
    [['it', 'es'], 'fr-FR'],
    [[], 'fr-FR'],
  ])('%j is %s', (languages, expected) => {
    expect(firstText(TEXTS, languages)?.language).toBe(expected);
  });

  it('is looked for in the first 20 of them alone, however many a client sends', () => {
    const others = Array.from({ length: 20 }, () => 'it');
    expect(firstText(TEXTS, [...others.slice(1), 'en-GB'])?.language).toBe('en-GB');
    expect(firstText(TEXTS, [...others, 'en-GB'])?.language).toBe('fr-FR');
  });

  it('is none where there is not even French', () => {
    expect(firstText([{ language: 'en-GB' }], ['de'])).toBeUndefined();
  });
});

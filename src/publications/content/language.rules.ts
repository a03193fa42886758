import { z } from 'zod';

export const FRENCH = 'fr-FR';

/** Language, script, region, variants and private use of RFC 5646, in their usual case. */
const LANGUAGE_TAG =
  /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?(-([a-z\d]{5,8}|\d[a-z\d]{3}))*(-x(-[a-z\d]{1,8})+)?$/;
/** A locale of POSIX goes on with its encoding and its variant: `en_US.UTF-8`, `de_DE@euro`. */
const BEHIND_TAG = /[.@].*$/;
/** Calendars and the like that a browser's locale goes on with: `en-US-u-hc-h12`. */
const EXTENSIONS = /-[a-wyz]-.*?(?=-x-|$)/;

export const LANGUAGE_FAULT = 'must be one BCP 47 language tag such as fr-FR, en-GB or fr-FR-x-falc';

/**
 * The language tag that a text means, in its usual case; undefined for none. The one reader of languages that people and
 * programs write: `en_GB`, `EN`, `en-us` and `en_US.UTF-8` too.
 */
export function readLanguageTag(written: string): string | undefined {
  const tag = written
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .trim()
    .replace(BEHIND_TAG, '')
    .replace(/[_\p{Pd}]/gu, '-');
  try {
    const read = Intl.getCanonicalLocales(tag)[0]?.replace(EXTENSIONS, '') ?? '';
    return LANGUAGE_TAG.test(read) ? read : undefined;
  } catch {
    return undefined;
  }
}

/** Scripts that are written from right to left, as Unicode's character database has them. */
const RIGHT_TO_LEFT = new Set('Adlm Arab Aran Hebr Mand Mend Nkoo Rohg Samr Syre Syrc Syrj Syrn Thaa Yezi'.split(' '));

export type Direction = 'ltr' | 'rtl';

/** The direction in which a language is written: by the script that its tag names, else by its usual one. */
export function directionOf(language: string): Direction {
  const { script } = new Intl.Locale(language).maximize();
  return script && RIGHT_TO_LEFT.has(script) ? 'rtl' : 'ltr';
}

/** A language in an input; its output is the tag in its usual case. */
export const languageTag = z.string().transform((written, context) => {
  const tag = readLanguageTag(written);
  if (tag) return tag;
  context.addIssue({ code: 'custom', message: LANGUAGE_FAULT });
  return z.NEVER;
});

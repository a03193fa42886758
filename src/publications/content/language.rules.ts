import { z } from 'zod';

export const FRENCH = 'fr-FR';

/** Language, script, region, variants and private use of RFC 5646, in their usual case. */
const LANGUAGE_TAG =
  /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?(-([a-z\d]{5,8}|\d[a-z\d]{3}))*(-x(-[a-z\d]{1,8})+)?$/;
/** A locale of POSIX goes on with its encoding and its variant: `en_US.UTF-8`, `de_DE@euro`. */
const BEHIND_TAG = /[.@].*$/;

export const LANGUAGE_FAULT = 'must be one BCP 47 language tag such as fr-FR, en-GB or fr-FR-x-falc';

/**
 * The language tag that a text means, in its usual case; undefined for none. The one reader of languages that people and
 * programs write: `en_GB`, `EN`, `en-us` and `en_US.UTF-8` too.
 */
export function readLanguageTag(written: string): string | undefined {
  const tag = written.trim().replace(BEHIND_TAG, '').replaceAll('_', '-');
  try {
    const [read = ''] = Intl.getCanonicalLocales(tag);
    return LANGUAGE_TAG.test(read) ? read : undefined;
  } catch {
    return undefined;
  }
}

/** A language in an input; its output is the tag in its usual case. */
export const languageTag = z.string().transform((written, context) => {
  const tag = readLanguageTag(written);
  if (tag) return tag;
  context.addIssue({ code: 'custom', message: LANGUAGE_FAULT });
  return z.NEVER;
});

import { type InEachTongue, LOCALES, type Tongue } from './tongue.ts';

/** Moments as people say them, Paris time. */
function inParis(options: Intl.DateTimeFormatOptions): InEachTongue<Intl.DateTimeFormat> {
  const format = (locale: string) => new Intl.DateTimeFormat(locale, { ...options, timeZone: 'Europe/Paris' });
  return { fr: format(LOCALES.fr), en: format(LOCALES.en) };
}

const FULL = inParis({ dateStyle: 'full', timeStyle: 'short' });
const LONG = inParis({ weekday: 'long', day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit' });
const SHORT = inParis({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });

/** With its year: "jeudi 2 juin 2016 à 14:00". */
export const fullDateTime = (tongue: Tongue, at: string): string => FULL[tongue].format(new Date(at));

/** "jeudi 2 juin à 14:00" */
export const longDateTime = (tongue: Tongue, at: string): string => joined(tongue, LONG[tongue].format(new Date(at)));

/** "2 juin à 14:00" */
export const shortDateTime = (tongue: Tongue, at: string): string => joined(tongue, SHORT[tongue].format(new Date(at)));

const joined = (tongue: Tongue, text: string): string => (tongue === 'fr' ? text.replace(', ', ' à ') : text);

/**
 * The languages of the words that the hub itself puts around those of publishers: French for French, English for every other
 * one. A further language is a further name here; the compiler then asks for its words wherever there are some.
 */
export type Tongue = 'fr' | 'en';
export type InEachTongue<T> = Readonly<Record<Tongue, T>>;

/** The conventions by which each is written: dates, capital letters. */
export const LOCALES: InEachTongue<string> = { fr: 'fr-FR', en: 'en-GB' };

function inParis(options: Intl.DateTimeFormatOptions): InEachTongue<Intl.DateTimeFormat> {
  const format = (locale: string) => new Intl.DateTimeFormat(locale, { ...options, timeZone: 'Europe/Paris' });
  return { fr: format(LOCALES.fr), en: format(LOCALES.en) };
}

const FULL = inParis({ dateStyle: 'full', timeStyle: 'short' });

/** A moment as people say it, with its year, Paris time: "jeudi 2 juin 2016 à 14:00". */
export const fullDateTime = (tongue: Tongue, at: string): string => FULL[tongue].format(new Date(at));

/**
 * The languages of the words that the hub itself puts around those of publishers: French for French, English for every other
 * one. A further language is a further name here; the compiler then asks for its words wherever there are some.
 */
export type Tongue = 'fr' | 'en';

/** French for French, English for every other language. */
export const tongueFor = (language: string): Tongue => (/^fr\b/i.test(language) ? 'fr' : 'en');

export type InEachTongue<T> = Readonly<Record<Tongue, T>>;

/** The conventions by which each is written: dates, capital letters. */
export const LOCALES: InEachTongue<string> = { fr: 'fr-FR', en: 'en-GB' };

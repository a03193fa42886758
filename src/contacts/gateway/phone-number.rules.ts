/** E.164: a plus, and up to 15 digits. */
const INTERNATIONAL = /^\+[1-9]\d{7,14}$/;
/** In France: numbers of ten digits, and not those of services, which cost the operator what somebody else earns. */
const NATIONAL = /^0[1-79]\d{8}$/;
const FRENCH_SERVICE = /^\+338/;

/**
 * A telephone number as it is called: +33612345678; undefined for anything that is not exactly one. Written with blanks, dots, hyphens or
 * brackets, in France with its zero.
 */
export function readPhoneNumber(text: string): string | undefined {
  const digits = text.trim().replace(/[\s.\-()\u00a0\u202f]/g, '');
  const number = NATIONAL.test(digits) ? `+33${digits.slice(1)}` : digits.replace(/^\+330(?=\d{9}$)/, '+33');
  return INTERNATIONAL.test(number) && !FRENCH_SERVICE.test(number) ? number : undefined;
}

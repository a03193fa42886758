import { domainToASCII } from 'node:url';

/** RFC 5321: of the part before the @, and of a whole address. */
const [LONGEST_LOCAL, LONGEST] = [64, 254];

/** A dot-atom of RFC 5322: no quotes, blanks, brackets, commas, colons, and no sign that a mail server would have to know UTF-8 for. */
const LOCAL = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
const DOMAIN = /^(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+[a-z](?:[a-z\d-]{0,61}[a-z\d])$/;
/** Signs that a domain as people write it may hold. `domainToASCII` would take a URL's own apart, and strip others. */
const WRITTEN_DOMAIN = /^[\p{L}\p{M}\p{N}.-]+$/u;

/**
 * An address as it is written to: a domain with accents in its ASCII form, in lower case; undefined for anything that is not exactly
 * one address. Strict, since a mail program reads names, groups, comments and further recipients out of looser words.
 */
export function readMailAddress(text: string): string | undefined {
  const [local, written, ...more] = text.trim().split('@');
  if (!local || !written || more.length > 0 || !LOCAL.test(local) || local.length > LONGEST_LOCAL) return undefined;
  if (!WRITTEN_DOMAIN.test(written)) return undefined;
  const domain = domainToASCII(written.normalize('NFC')).toLowerCase();
  const address = `${local}@${domain}`;
  return DOMAIN.test(domain) && address.length <= LONGEST ? address : undefined;
}

/** The sender of letters. */
export interface MailSender {
  /** '' where only the address is shown. */
  name: string;
  address: string;
}

const NAMED = /^([^<>"]*)<([^<>]*)>$/;
const CONTROLS = /\p{Cc}/u;

/** Reads `Nom <adresse>` or an address alone; undefined for anything else. */
export function readMailSender(text: string): MailSender | undefined {
  const [, name = '', within = text] = NAMED.exec(text.trim()) ?? [];
  const address = readMailAddress(within);
  return address === undefined || CONTROLS.test(name) ? undefined : { name: name.trim(), address };
}

/** The part of an address behind the @. */
export const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);

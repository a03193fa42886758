import { domainToASCII } from 'node:url';
import tlds from 'tlds' with { type: 'json' };

/** A link as networks find it in a text: where it stands, and whether it says http. */
export interface Link {
  start: number;
  end: number;
  hasProtocol: boolean;
  /** Whether networks take it for one for certain: other text may look like a link by accident. */
  isCertain: boolean;
}

const TLDS = new Set([...tlds, 'onion']);
const LABEL = '[\\p{L}\\p{N}](?:[\\p{L}\\p{N}\\p{M}_-]*[\\p{L}\\p{N}\\p{M}])?';
// ASCII alone: a letter beyond it that a network would take into the link is counted on top, never left out.
const PATH = "(?:/(?:[A-Za-z0-9!*';:=+,.$/%#\\[\\]_~@|&-]*[A-Za-z0-9+=_#/-])?)?";
const QUERY = "(?:\\?[A-Za-z0-9!?*'();:&=+$/%#\\[\\]_.,~|@-]*[A-Za-z0-9_&=#/-])?";
const LINK = new RegExp(
  `(?<![A-Za-z0-9@＠$#＃\\uFEFF\\uFFFE\\uFFFF])(https?://)?((?:${LABEL}\\.)+${LABEL})(?::\\d+)?${PATH}${QUERY}`,
  'giu',
);
/** The signs before a host without http that keep networks from taking it for a link. */
const AFTER_SIGN = /(?:^|[\s!#-/:-@[-_{-~])[-_./]$/;

/** Top-level domains of IANA's list that twitter-text 3.1 does not know: it is not said whether X links them. */
const UNKNOWN_TO_X = new Set(['amazon', 'kids', 'music', 'spa', 'ישראל', 'アマゾン', '亚马逊']);
const isUnknownToX = (host: string): boolean => UNKNOWN_TO_X.has(host.split('.').at(-1)?.toLowerCase() ?? '');
/** In characters, as twitter-text has it. */
const LONGEST_ON_X = 4096;
const LONGEST_HOST = 253;
const LONGEST_LABEL = 63;

/** Whether X takes a host behind http for one: a sign too many in it, and the whole address is text. */
function isHostOnX(host: string): boolean {
  const labels = host.split('.');
  const ascii = domainToASCII(host);
  return (
    ascii !== '' &&
    ascii.length <= LONGEST_HOST &&
    ascii.split('.').every(({ length }) => length <= LONGEST_LABEL) &&
    !labels.at(-2)?.includes('_') &&
    !isUnknownToX(host)
  );
}

/**
 * The links of a text, as X and Mastodon find them: a host that ends in a top-level domain of IANA's list, with or without
 * http before it. "fermée.Me voir" has one: the space after the full stop is missing.
 */
export function linksIn(text: string): Link[] {
  const links: Link[] = [];
  const finder = new RegExp(LINK);
  for (let found = finder.exec(text); found; found = finder.exec(text)) {
    const [whole, protocol = '', host = ''] = found;
    const named = upToTopLevel(host, text[found.index + protocol.length + host.length] ?? '');
    const isAfterSign = protocol === '' && AFTER_SIGN.test(text.slice(Math.max(0, found.index - 2), found.index));
    if (named !== undefined && !isAfterSign) links.push(...linksAt(found.index, { whole, protocol, host, named }));
    // Within a host that is none, and behind one that ended early, another link may stand.
    if (named === undefined) finder.lastIndex = found.index + 1;
    else if (named !== host || !isHostOnX(named)) finder.lastIndex = found.index + protocol.length + named.length;
  }
  return links;
}

/** Signs of addresses: outside of a link they say that a network may part the run of characters in another way. */
const ADDRESS_SIGN = /[/?#=&]/;

/**
 * How many links more than those that were found a network may take a run of characters for, where addresses are glued to
 * one another; null where the run holds nothing but its links, and words.
 */
export function strayLinks(run: string, links: readonly string[]): number | null {
  const rest = links.reduce((left, link) => left.replace(link, ' '), run);
  const strays = hostEndsIn(rest);
  return strays > 0 || ADDRESS_SIGN.test(rest) || links.some((link) => hostEndsIn(link) > 1) ? strays : null;
}

/** Full stops with a top-level domain behind them. */
const hostEndsIn = (text: string): number =>
  [...text.matchAll(/[.。．｡]([^\s.]+)/gu)].filter(([, label = '']) => topLevelOf(label, '.') !== undefined).length;

interface Found {
  whole: string;
  protocol: string;
  host: string;
  /** The host as far as its top-level domain. */
  named: string;
}

function linksAt(index: number, { whole, protocol, host, named }: Found): Link[] {
  const hasProtocol = protocol !== '';
  const bare = protocol.length + named.length;
  const length = named === host && (hasProtocol || whole[bare] === '/') ? lengthOnX(whole) : bare;
  const start = hasProtocol ? 0 : startOf(named);
  const isCertain = hasProtocol && !isTooLongOnX(whole.slice(0, length)) && isHostOnX(named);
  // Letters of several scripts glued together may be a link more to a network: one without any text, to be counted too. So may
  // the labels before a top-level domain that X does not know.
  const glued = named
    .slice(0, isUnknownToX(named) ? named.lastIndexOf('.') : start)
    .split('.')
    .filter((label) => topLevelOf(label, '.') !== undefined);
  const more = glued.map(() => ({ start: index, end: index, hasProtocol: false, isCertain: false }));
  return [...more, { start: index + start, end: index + length, hasProtocol, isCertain }];
}

/** X's own short links end with their letters, of which they have 40 at most. */
const SHORTENED = /^https?:\/\/t\.co\/([a-z0-9]+)/i;
const lengthOnX = (link: string): number => (SHORTENED.exec(link)?.[0] ?? link).length;
const isTooLongOnX = (link: string): boolean =>
  link.length > LONGEST_ON_X || (SHORTENED.exec(link)?.[1] ?? '').length > 40;

/** Up to the last label with a letter that X does not take for Latin: they are fewer than Unicode's, the wide ones are none. */
const GLUED = /^.*(?![\u0300-\u036F])[^A-Za-z0-9\u00C0-\u024F\u1E00-\u1EFF._-][^.]*\./u;

/**
 * Where a host without http begins: a word in other letters than Latin that is glued before it is text, and so is all before a
 * `_`, and a first letter beyond ASCII, which networks take for the text before the link ("É" of "Évry.Fr").
 */
function startOf(host: string): number {
  const glued = Math.max(host.lastIndexOf('_') + 1, GLUED.exec(host)?.[0].length ?? 0);
  const [first = ''] = host.slice(glued);
  return glued + (/[A-Za-z0-9]/.test(first) ? 0 : first.length);
}

/** The part of a host that ends in a top-level domain: a sentence may go on behind it without a space. `next` stands behind it. */
function upToTopLevel(host: string, next: string): string | undefined {
  const labels = host.split('.');
  for (let last = labels.length - 1; last > 0; last--) {
    const top = topLevelOf(labels[last] ?? '', last === labels.length - 1 ? next : '.');
    if (top !== undefined) return [...labels.slice(0, last), top].join('.');
  }
  return undefined;
}

/** The top-level domain that a label is, or begins with where a letter beyond ASCII follows ("fermée.Préfecture"). */
function topLevelOf(label: string, next: string): string | undefined {
  const encoded = /^xn--[-0-9a-z]+/i.exec(label);
  if (encoded) return encoded[0];
  for (let length = label.length; length >= 2; length--) {
    const start = label.slice(0, length);
    if (TLDS.has(start.toLowerCase()) && !/[0-9A-Za-z@+-]/.test(label[length] ?? next)) return start;
  }
  return undefined;
}

import tlds from 'tlds' with { type: 'json' };

/** A link as networks find it in a text: where it stands, and whether it says http. */
export interface Link {
  start: number;
  end: number;
  hasProtocol: boolean;
}

const TLDS = new Set(tlds);
const LABEL = '[\\p{L}\\p{N}](?:[\\p{L}\\p{N}_-]*[\\p{L}\\p{N}])?';
// ASCII alone: a letter beyond it that a network would take into the link is counted on top, never left out.
const PATH = "(?:/(?:[A-Za-z0-9!*';:=+,.$/%#\\[\\]_~@|&-]*[A-Za-z0-9+=_#/-])?)?";
const QUERY = "(?:\\?[A-Za-z0-9!?*'();:&=+$/%#\\[\\]_.,~|@-]*[A-Za-z0-9_&=#/-])?";
const LINK = new RegExp(
  `(?<![A-Za-z0-9@＠$#＃\\u202A-\\u202E])(https?://)?((?:${LABEL}\\.)+${LABEL})(?![\\p{L}\\p{N}@]|://)(?::\\d+)?${PATH}${QUERY}`,
  'giu',
);
/** The signs before a host without http that keep networks from taking it for a link. */
const AFTER_SIGN = /(?:^|[\s!#-/:-@[-_{-~])[-_./]$/;

/**
 * The links of a text, as X and Mastodon find them: a host that ends in a top-level domain of IANA's list, with or without
 * http before it. "fermée.Me voir" has one: the space after the full stop is missing.
 */
export function linksIn(text: string): Link[] {
  const links: Link[] = [];
  for (const found of text.matchAll(LINK)) {
    const [whole, protocol = '', host = ''] = found;
    const named = upToTopLevel(host);
    if (named === undefined) continue;
    if (protocol === '' && AFTER_SIGN.test(text.slice(Math.max(0, found.index - 2), found.index))) continue;
    const length = named === host ? whole.length : protocol.length + named.length;
    const start = protocol === '' ? startOf(named) : 0;
    // Letters of several scripts glued together may be a link more to a network: one without any text, to be counted too.
    for (const label of named.slice(0, start).split('.'))
      if (topLevelOf(label) !== undefined) links.push({ start: found.index, end: found.index, hasProtocol: false });
    links.push({ start: found.index + start, end: found.index + length, hasProtocol: protocol !== '' });
  }
  return links;
}

/**
 * Where a host without http begins: a word in other letters than Latin that is glued before it is text, and so is a first
 * letter beyond ASCII, which networks take for the text before the link ("É" of "Évry.Fr").
 */
function startOf(host: string): number {
  const glued = /^.*[^\p{Script=Latin}\p{N}._-][^.]*\./u.exec(host)?.[0] ?? '';
  const [first = ''] = host.slice(glued.length);
  return glued.length + (/[A-Za-z0-9]/.test(first) ? 0 : first.length);
}

/** The part of a host that ends in a top-level domain: a sentence may go on behind it without a space. */
function upToTopLevel(host: string): string | undefined {
  const labels = host.split('.');
  for (let last = labels.length - 1; last > 0; last--) {
    const top = topLevelOf(labels[last] ?? '');
    if (top !== undefined) return [...labels.slice(0, last), top].join('.');
  }
  return undefined;
}

/** The top-level domain that a label is, or begins with where a letter beyond ASCII follows ("fermée.Préfecture"). */
function topLevelOf(label: string): string | undefined {
  for (let length = label.length; length >= 2; length--) {
    const start = label.slice(0, length);
    if (TLDS.has(start.toLowerCase()) && !/[0-9A-Za-z-]/.test(label[length] ?? '')) return start;
  }
  return undefined;
}

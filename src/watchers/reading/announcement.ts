import { readDate } from '../../dates/read-date.ts';
import { childrenOf, type XmlElement } from '../../xml/tree.ts';
import { CAP_VERSIONS } from './cap-message.ts';
import { type NoteFault, quoted } from './feed-fault.ts';

/** An item's own account of a CAP message that stands elsewhere, before the hub has read that message. */
export interface CapAnnouncement {
  /** TYPED: the feed says that CAP stands there. LIKELY: elements of CAP, or the address, tell so. POSSIBLE: there is an address. */
  certainty: 'TYPED' | 'LIKELY' | 'POSSIBLE';
  /** Where the message may stand, the likeliest first; as written, so they may be relative or no addresses at all. */
  addresses: string[];
  status: string | null;
  msgType: string | null;
  /** The ends that the item names and that can be read. */
  ends: Date[];
}

const CAP = Object.keys(CAP_VERSIONS);
const CAP_MEDIA_TYPE = /^application\/(?:\S*[.-])?(?:cap|common-alerting-protocol)(?:\+xml)?\s*(?:;|$)/i;
const XML_MEDIA_TYPE = /^(?:application|text)\/xml\b/i;
/** `/cap/4711`, `/4711.cap`, `/4711.xml`, `?format=cap`. */
const CAP_ADDRESS = /\.(?:cap|xml)(?:[?#]|$)|[/._=]cap(?:[/._?#&=]|$)/i;
const WEB = /^https?:\/\//i;
/** Links that lead from an item to what it is about; in RSS a link has no `rel`. */
const OWN_RELATIONS = new Set(['', 'alternate', 'enclosure', 'self']);
/** Elements of CAP that speak of a message; places alone may stand beside any news. */
const FACTS = new Set([
  ...['identifier', 'sender', 'sent', 'status', 'msgType', 'scope', 'references'],
  ...['event', 'urgency', 'severity', 'certainty', 'responseType', 'effective', 'onset', 'expires'],
]);
const DATES = new Set(['sent', 'effective', 'onset', 'expires']);
const MOST_ADDRESSES = 3;

/** Where an item leads to a CAP message, and what it says of it; null where it does neither. */
export function announcementIn(item: XmlElement, note: NoteFault): CapAnnouncement | null {
  const facts = factsIn(item);
  const { certainty, addresses } = leadIn(item, facts.length > 0);
  if (facts.length === 0 && addresses.length === 0) return null;
  const textOf = (wanted: string) => facts.find(({ name }) => name === wanted)?.text.trim() || null;
  return {
    certainty,
    addresses: [...new Set(addresses)].slice(0, MOST_ADDRESSES),
    status: textOf('status'),
    msgType: textOf('msgType') ?? (textOf('references') && 'Update'),
    ends: endsIn(facts, note),
  };
}

/** Elements that stand beside the words of an item and mean something of their own, without dates: categories, how grave it is … */
export const markedIn = (item: XmlElement): string =>
  [
    ...childrenOf(item, 'category').map(({ text, attributes }) => `${attributes.term ?? ''} ${text}`),
    ...factsIn(item).flatMap(({ name, text }) => (DATES.has(name) ? [] : [text])),
  ].join('\n');

const factsIn = ({ children }: XmlElement): XmlElement[] =>
  children.filter(({ name, uri }) => CAP.includes(uri) && FACTS.has(name));

function endsIn(facts: readonly XmlElement[], note: NoteFault): Date[] {
  return facts.flatMap(({ name, text }) => {
    if (name !== 'expires' || text.trim() === '') return [];
    const end = readDate(text);
    if (!end) note(`expires illisible : ${quoted(text)}`);
    return end ? [end] : [];
  });
}

function leadIn(item: XmlElement, hasFacts: boolean): Pick<CapAnnouncement, 'certainty' | 'addresses'> {
  const typed = typedAddresses(item);
  if (typed.length > 0) return { certainty: 'TYPED', addresses: typed };
  const plain = plainAddresses(item);
  const likely = plain.filter(({ isXml, address }) => isXml || CAP_ADDRESS.test(address));
  const chosen = likely.length > 0 ? likely : plain;
  return {
    certainty: likely.length > 0 || hasFacts ? 'LIKELY' : 'POSSIBLE',
    addresses: chosen.map(({ address }) => address),
  };
}

/** Addresses that a feed calls CAP: by the media type of a link, enclosure or content, or by an element `cap` as GDACS has it. */
function typedAddresses({ children }: XmlElement): string[] {
  const within = children.flatMap((child) => [child, ...child.children]);
  return within.flatMap((element) => {
    if (element.name === 'cap' && WEB.test(element.text.trim())) return [element.text.trim()];
    return CAP_MEDIA_TYPE.test(element.attributes.type ?? '') ? targetsOf(element) : [];
  });
}

interface PlainAddress {
  address: string;
  isXml: boolean;
}

/** Addresses of an item that nothing says to be a page: links first, then its id or guid where that is an address. */
function plainAddresses(item: XmlElement): PlainAddress[] {
  const links = [...childrenOf(item, 'link'), ...childrenOf(item, 'enclosure')].flatMap((link) => {
    const type = link.attributes.type?.trim() ?? '';
    const isXml = XML_MEDIA_TYPE.test(type);
    if (!OWN_RELATIONS.has(link.attributes.rel?.trim() ?? '') || (type !== '' && !isXml)) return [];
    const written = targetsOf(link);
    const targets = written.length > 0 ? written : [link.text.trim()].filter((text) => text !== '');
    return targets.map((address) => ({ address, isXml }));
  });
  const names = [...childrenOf(item, 'id'), ...childrenOf(item, 'guid')]
    .map(({ text }) => text.trim())
    .filter((text) => WEB.test(text) && !isPage(item, text))
    .map((address) => ({ address, isXml: false }));
  return [...links, ...names];
}

const targetsOf = ({ attributes: { href, url, src } }: XmlElement): string[] =>
  [href ?? url ?? src ?? ''].map((text) => text.trim()).filter((text) => text !== '');

const isPage = (item: XmlElement, address: string): boolean =>
  childrenOf(item, 'link').some(
    (link) => /html/i.test(link.attributes.type ?? '') && targetsOf(link).includes(address),
  );

import { decodeXml } from '../../xml/decode.ts';
import { readTree, XML_LIMITS } from '../../xml/read-tree.ts';
import type { XmlElement } from '../../xml/tree.ts';
import { XmlFault } from '../../xml/xml-fault.ts';
import { atomReader } from './atom.ts';
import { readCap } from './cap-message.ts';
import { FeedFault } from './feed-fault.ts';
import { rssReader } from './rss.ts';
import { capItem, type FeedReader, type ReadFeed } from './watched-item.ts';

export interface WatchedFeed extends ReadFeed {
  format: string;
  /** What could not be read although the feed could, each fault once. */
  faults: string[];
}

/** A single CAP message of any version. */
const capReader: FeedReader = {
  format: 'CAP',
  reads: ({ name }) => name === 'alert',
  read(root, _most, note) {
    const item = capItem(readCap(root, note));
    return { title: item.cap?.infos[0]?.senderName ?? null, items: [item] };
  },
};

/** Every format of feeds that watchers read. A new one is a file beside this one and a row here. */
const READERS: readonly FeedReader[] = [capReader, rssReader, atomReader];

/** Feeds put what is new first, and reading must not hold up the hub, however long a feed is. */
const MOST_ITEMS = 300;

/**
 * Reads a feed in any of the formats, leniently: unknown elements are passed over, and so are all items after the first 300.
 * Throws FeedFault for a document of no such format, one that is not well formed, and one that is too big.
 */
export function readFeed(bytes: Uint8Array, mediaType = ''): WatchedFeed {
  if (bytes.length > XML_LIMITS.bytes) throw new FeedFault(`plus de ${XML_LIMITS.bytes} octets`);
  const root = rootOf(bytes, mediaType);
  const reader = READERS.find(({ reads }) => reads(root));
  if (!reader) throw new FeedFault(`ni RSS, ni Atom, ni CAP : <${root.name.slice(0, 60)}>`);
  const faults = new Set<string>();
  const { title, items } = reader.read(root, MOST_ITEMS, (fault) => faults.add(fault));
  return { format: reader.format, title, items, faults: [...faults] };
}

function rootOf(bytes: Uint8Array, mediaType: string): XmlElement {
  try {
    return readTree(decodeXml(bytes, mediaType));
  } catch (error) {
    throw error instanceof XmlFault ? new FeedFault(error.message) : error;
  }
}

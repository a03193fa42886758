import { decodeXml } from '../../xml/decode.ts';
import { readTree, XML_LIMITS } from '../../xml/read-tree.ts';
import type { XmlElement } from '../../xml/tree.ts';
import { XmlFault } from '../../xml/xml-fault.ts';
import { atomReader } from './atom.ts';
import { readCap } from './cap-message.ts';
import { FeedFault, type NoteFault } from './feed-fault.ts';
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
const MOST_FAULTS = 5;

/**
 * Reads a feed in any of the formats, leniently: unknown elements are passed over, and so are all items after the first 300.
 * It reads all that can be read, and tells the rest in `faults`. Throws FeedFault for a document of no such format, one whose
 * form is lost, and one that is too big.
 */
export function readFeed(bytes: Uint8Array, mediaType = ''): WatchedFeed {
  if (bytes.length > XML_LIMITS.bytes) throw new FeedFault(`plus de ${XML_LIMITS.bytes} octets`);
  const faults = new Set<string>();
  const note: NoteFault = (fault) => faults.add(fault);
  try {
    return { ...readDocument(readTree(decodeXml(bytes, mediaType, note), note), note), faults: [...faults] };
  } catch (error) {
    if (!(error instanceof XmlFault || error instanceof FeedFault)) throw error;
    // The faults that were borne first are often why the rest is no feed.
    throw new FeedFault([...faults, error.message].slice(0, MOST_FAULTS).join(' ; '));
  }
}

function readDocument(root: XmlElement, note: NoteFault): Omit<WatchedFeed, 'faults'> {
  const reader = READERS.find(({ reads }) => reads(root));
  if (!reader) throw new FeedFault(`ni RSS, ni Atom, ni CAP : <${root.name.slice(0, 60)}>`);
  return { format: reader.format, ...reader.read(root, MOST_ITEMS, note) };
}

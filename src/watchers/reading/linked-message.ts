import { decodeXml } from '../../xml/decode.ts';
import { readTree } from '../../xml/read-tree.ts';
import type { XmlElement } from '../../xml/tree.ts';
import { XmlFault } from '../../xml/xml-fault.ts';
import { CAP_VERSIONS, isCap, readCap, type WatchedCap } from './cap-message.ts';
import { FeedFault } from './feed-fault.ts';

/** The document at the address to which an item leads. */
export interface LinkedMessage {
  /** Null where it is no CAP message: a page, a feed. */
  cap: WatchedCap | null;
  /** Parts of the message that could not be read. */
  faults: string[];
}

/** Feeds, which may hold messages of their own, are not what an item leads to. */
const FEEDS = new Set(['feed', 'rss', 'RDF']);

/** Reads a CAP message, alone or in an envelope such as EDXL. Throws FeedFault for a message that cannot be read. */
export function readLinkedMessage(bytes: Uint8Array, mediaType: string): LinkedMessage {
  const faults = new Set<string>();
  const note = (fault: string) => void faults.add(fault);
  try {
    const root = readTree(decodeXml(bytes, mediaType, note), note);
    const alert = root.name === 'alert' || FEEDS.has(root.name) ? root : (alertIn(root) ?? root);
    return alert.name === 'alert' ? { cap: readCap(alert, note), faults: [...faults] } : { cap: null, faults: [] };
  } catch (error) {
    if (!(error instanceof XmlFault)) throw error;
    if (speaksOfCap(bytes)) throw new FeedFault(error.message);
    return { cap: null, faults: [] };
  }
}

const alertIn = ({ children }: XmlElement): XmlElement | undefined => {
  for (const child of children) {
    const found = isCap(child) ? child : alertIn(child);
    if (found) return found;
  }
  return undefined;
};

/** Whether a document that was lost, perhaps on its way, was meant as CAP. */
const speaksOfCap = (bytes: Uint8Array): boolean => {
  const beginning = Buffer.from(bytes.subarray(0, 4_000)).toString('latin1');
  return Object.keys(CAP_VERSIONS).some((uri) => beginning.includes(uri));
};

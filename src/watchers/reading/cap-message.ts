import { readDate } from '../../dates/read-date.ts';
import { readLanguageTag } from '../../publications/content/language.rules.ts';
import { childrenOf, rawText, trimmedText, type XmlElement } from '../../xml/tree.ts';
import { FeedFault, type NoteFault, quoted } from './feed-fault.ts';
import { readCapArea, type WatchedArea } from './watched-area.ts';

/** The namespaces of CAP 1.0, 1.1 and 1.2. */
export const CAP_VERSIONS: Readonly<Record<string, string>> = {
  'http://www.incident.com/cap/1.0': '1.0',
  'urn:oasis:names:tc:emergency:cap:1.1': '1.1',
  'urn:oasis:names:tc:emergency:cap:1.2': '1.2',
};

/** A message in one language. `headline`, `description`, `instruction` are as they were written, byte by byte. */
export interface CapInfo {
  language: string;
  event: string;
  categories: string[];
  responseTypes: string[];
  urgency: string | null;
  severity: string | null;
  certainty: string | null;
  /** Both as they were written, and null where they cannot be read. */
  onset: string | null;
  expires: string | null;
  senderName: string | null;
  headline: string | null;
  description: string | null;
  instruction: string | null;
  web: string | null;
  areas: WatchedArea[];
}

export interface WatchedCap {
  version: string;
  identifier: string;
  sender: string;
  /** As it was written: references must repeat it. */
  sent: string;
  status: string;
  msgType: string;
  /** Public, Restricted or Private; null where the message does not say. */
  scope: string | null;
  references: string | null;
  infos: CapInfo[];
}

/** The triplet by which other messages name this one. */
export const referenceOf = ({ sender, identifier, sent }: WatchedCap): string => `${sender},${identifier},${sent}`;

export const isCap = (element: XmlElement): boolean => element.name === 'alert' && element.uri in CAP_VERSIONS;

/**
 * Reads a CAP message leniently: an end or a beginning that cannot be read is noted and counts as none. Throws FeedFault
 * where identifier, sender, date or status is missing, and where the date cannot be read: others refer to it.
 */
export function readCap(alert: XmlElement, note: NoteFault): WatchedCap {
  const version = CAP_VERSIONS[alert.uri];
  if (!version) throw new FeedFault(`espace de noms CAP inconnu : ${alert.uri}`);
  const required = (name: string): string => {
    const text = trimmedText(alert, name);
    if (text === null) throw new FeedFault(`message CAP sans ${name}`);
    return text;
  };
  const sent = required('sent');
  if (!readDate(sent)) throw new FeedFault(`date d’envoi illisible : ${quoted(sent)}`);
  return {
    version,
    identifier: required('identifier'),
    sender: required('sender'),
    sent,
    status: required('status'),
    msgType: trimmedText(alert, 'msgType') ?? 'Alert',
    scope: trimmedText(alert, 'scope'),
    references: trimmedText(alert, 'references'),
    infos: childrenOf(alert, 'info').map((info) => readInfo(info, note)),
  };
}

const readInfo = (info: XmlElement, note: NoteFault): CapInfo => ({
  language: languageOf(info),
  event: trimmedText(info, 'event') ?? '',
  categories: childrenOf(info, 'category').map(({ text }) => text.trim()),
  responseTypes: childrenOf(info, 'responseType').map(({ text }) => text.trim()),
  urgency: trimmedText(info, 'urgency'),
  severity: trimmedText(info, 'severity'),
  certainty: trimmedText(info, 'certainty'),
  onset: readableDate(info, 'onset', note),
  expires: readableDate(info, 'expires', note),
  senderName: trimmedText(info, 'senderName'),
  headline: rawText(info, 'headline'),
  description: rawText(info, 'description'),
  instruction: rawText(info, 'instruction'),
  web: trimmedText(info, 'web'),
  areas: childrenOf(info, 'area').map((area) => readCapArea(area, note)),
});

/** CAP's default for a message that names no language is en-US. A text that is no tag stays as it was written. */
function languageOf(info: XmlElement): string {
  const written = trimmedText(info, 'language') ?? 'en-US';
  return readLanguageTag(written) ?? written;
}

/** A date as it was written; null where it cannot be read, which is noted. */
function readableDate(info: XmlElement, name: 'onset' | 'expires', note: NoteFault): string | null {
  const text = trimmedText(info, name);
  if (text === null || readDate(text)) return text;
  note(`${name} illisible : ${quoted(text)}`);
  return null;
}

import { instant } from '../../clock.ts';
import { type AlertDocument, type CapMessage, currentMessage } from '../../publications/alert/alert.content.ts';
import { eventName } from '../../publications/content/hazards.ts';
import { bestText } from '../../publications/content/translations.rules.ts';
import { senderOf } from '../../publications/decision/signed.rules.ts';
import { signedBy } from '../../publications/frozen.ts';
import { element, serializeAround, serializePart, type XmlNode } from '../../xml/write.ts';
import { keptParts } from '../kept-parts.ts';
import { type CapText, textsOf } from './closing.ts';
import { levels, messageType } from './message.ts';
import { CAP, capWord } from './words.ts';

const ATOM = 'http://www.w3.org/2005/Atom';

/** The feed itself: its words, its address, and the time of its last change. */
export interface AtomHead {
  title: string;
  author: string;
  selfUrl: string;
  homeUrl: string;
  /** BCP 47; each entry comes in this language, the nearest to it, or French. */
  language: string;
  /** RFC 3339. */
  updated: string;
}

/** The address of a CAP message, for ever. */
export const capUrl = (publicUrl: string, { identifier }: CapMessage): string => `${publicUrl}/cap/${identifier}.xml`;

/**
 * Whether the feed still lists an alert's newest message: until it expires, whether it warns or announces an end. `now` in
 * milliseconds since 1970.
 */
export const isListed = (document: AlertDocument, now: number): boolean =>
  instant(currentMessage(document)?.expires ?? '') > now;

/** Alerts as an Atom feed (RFC 4287) of CAP messages: an entry's id is the address that gives the message. */
export function capAtom(head: AtomHead, alerts: readonly AlertDocument[], publicUrl: string): string {
  return serializeAround(
    element(
      'feed',
      { xmlns: ATOM, 'xmlns:cap': CAP, 'xml:lang': head.language },
      element('id', null, head.selfUrl),
      element('title', null, head.title),
      element('updated', null, head.updated),
      element('author', null, element('name', null, head.author)),
      element('link', { rel: 'self', type: 'application/atom+xml', href: head.selfUrl }),
      element('link', { rel: 'alternate', type: 'text/html', href: head.homeUrl }),
    ),
    '</feed>',
    alerts.map((alert) => keptEntry(alert, head, publicUrl)),
  );
}

const entries = keptParts<AlertDocument, string>();

/** The entry of an alert, empty for one without a message. It follows from the document, its language and the hub alone. */
function keptEntry(alert: AlertDocument, { language, author }: AtomHead, publicUrl: string): string {
  const message = currentMessage(alert);
  const text = bestText(textsOf(alert), language);
  if (!message || !text) return '';
  return entries(alert, [text.language, author, publicUrl].join(' '), () =>
    serializePart(entry(alert, { message, text, author, publicUrl })),
  );
}

interface EntryParts {
  message: CapMessage;
  text: CapText;
  author: string;
  publicUrl: string;
}

function entry(alert: AlertDocument, { message, text, author, publicUrl }: EntryParts): XmlNode {
  const url = capUrl(publicUrl, message);
  const sender = senderOf(alert);
  const { signatories } = signedBy(alert);
  return element(
    'entry',
    { 'xml:lang': text.language },
    element('id', null, url),
    element('title', null, text.headline),
    element('published', null, alert.publishedAt),
    element('updated', null, message.sent),
    sender === author ? undefined : named('author', sender),
    ...(signatories ?? []).map(({ name }) => named('contributor', name)),
    element('link', { rel: 'alternate', type: 'application/cap+xml', href: url }),
    element('link', { rel: 'related', type: 'text/html', href: `${publicUrl}/publications/${alert.id}` }),
    ...alert.categories.map((category) => element('category', { term: capWord(category) })),
    element('summary', null, summary(text)),
    ...facts(alert, message, text),
  );
}

/** A person construct of RFC 4287; here it is always an organisation. */
const named = (role: 'author' | 'contributor', name: string): XmlNode =>
  element(role, null, element('name', null, name));

const summary = ({ description, instruction }: CapText): string =>
  instruction ? `${description}\n\n${instruction}` : description;

/** The facts by which an aggregator sorts and shows alerts before it fetches the message. */
function facts(alert: AlertDocument, message: CapMessage, text: CapText): XmlNode[] {
  const { urgency, severity, certainty, responseTypes } = levels(alert);
  const pairs: [name: string, value: string | null][] = [
    ['identifier', message.identifier],
    ['sender', message.sender],
    ['sent', message.sent],
    ['status', capWord(alert.mode)],
    ['msgType', messageType(alert)],
    ...alert.categories.map((category): [string, string] => ['category', capWord(category)]),
    ['event', eventName(alert.hazard, text)],
    ...responseTypes.map((type): [string, string] => ['responseType', capWord(type)]),
    ['urgency', capWord(urgency)],
    ['severity', capWord(severity)],
    ['certainty', capWord(certainty)],
    ['effective', message.sent],
    ['onset', alert.onsetAt],
    ['expires', message.expires],
    ...alert.areas.map((area): [string, string] => ['areaDesc', area.description]),
  ];
  return [
    ...pairs.flatMap(([name, value]) => (value === null ? [] : [element(`cap:${name}`, null, value)])),
    ...alert.communes.map((code) =>
      element('cap:geocode', null, element('cap:valueName', null, 'INSEE'), element('cap:value', null, code)),
    ),
  ];
}

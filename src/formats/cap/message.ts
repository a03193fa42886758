import { instant } from '../../clock.ts';
import { type AlertDocument, type CapMessage, currentMessage } from '../../publications/alert/alert.content.ts';
import { PUBLISHER } from '../../publications/content/content.ts';
import { awarenessType, eventName } from '../../publications/content/hazards.ts';
import { tongueFor } from '../../publications/content/tongue.ts';
import { isOutdated } from '../../publications/content/translations.rules.ts';
import { decisionOf, type PublicDecision } from '../../publications/decision/decision.content.ts';
import { decisionLine } from '../../publications/decision/decision.words.ts';
import { senderOf } from '../../publications/decision/signed.rules.ts';
import { signedBy } from '../../publications/frozen.ts';
import { element, type XmlNode } from '../../xml/write.ts';
import type { FormatSetting } from '../setting.ts';
import { capAreas, isApproximate } from './area.rules.ts';
import { type CapText, textsOf } from './closing.ts';
import { awarenessLevel, CAP, capWord, modeNote } from './words.ts';

/** Marks messages that hold to the rules of docs/integrations/cap.md. */
const PROFILE = 'TOCSIN-CAP-1';
/** Which list the event codes are of. */
const EVENT_TERMS = 'OET:v1.0';

/** The values beside a document that its message needs. */
export type CapSetting = Pick<FormatSetting, 'territory' | 'publicUrl'>;

/** The effect of a message on those before it. */
export type MessageType = 'Alert' | 'Update' | 'Cancel';

/** The type of a document's newest message: an all clear is an Update whose responseType says so. */
export function messageType({ cancelled, messages }: AlertDocument): MessageType {
  if (cancelled) return 'Cancel';
  return messages.length > 1 ? 'Update' : 'Alert';
}

/**
 * The earlier messages that the newest one names: all that live when it is sent (I-05); the last one where none does,
 * since an Update must name something.
 */
export function referenced(messages: readonly CapMessage[]): CapMessage[] {
  const message = messages.at(-1);
  const earlier = messages.slice(0, -1);
  const live = earlier.filter(({ expires }) => message && instant(expires) > instant(message.sent));
  return live.length > 0 ? live : earlier.slice(-1);
}

/** The triplet by which one message names another. */
export const triplet = ({ sender, identifier, sent }: CapMessage): string => `${sender},${identifier},${sent}`;

/** The newest message of an alert as CAP 1.2 has it, unsigned. Throws where the document holds no message. */
export function capMessage(document: AlertDocument, setting: CapSetting): XmlNode {
  const message = currentMessage(document);
  if (!message) throw new Error(`alert ${document.id} has no CAP message`);
  const { mode, source, cancelled, incident } = document;
  const note = [modeNote(mode), cancelled?.reason].filter((text) => text !== undefined).join(' ');
  const areas = capAreas(document.areas, setting.territory);
  return element(
    'alert',
    { xmlns: CAP },
    element('identifier', null, message.identifier),
    element('sender', null, message.sender),
    element('sent', null, message.sent),
    element('status', null, capWord(mode)),
    element('msgType', null, messageType(document)),
    source.relayed ? element('source', null, provenance(source)) : undefined,
    element('scope', null, 'Public'),
    element('code', null, PROFILE),
    note ? element('note', null, note) : undefined,
    document.messages.length > 1
      ? element('references', null, referenced(document.messages).map(triplet).join(' '))
      : undefined,
    incident ? element('incidents', null, incident.slug) : undefined,
    ...textsOf(document).map((text) => info(document, message, text, areas, setting)),
  );
}

/** The source of a relayed message, for its readers, and the address of the original. */
const provenance = ({ name, reference, url }: AlertDocument['source']): string =>
  [`${name}, relayé par ${PUBLISHER}`, reference, url].filter((part) => part !== null).join(' ; ');

function info(
  document: AlertDocument,
  message: CapMessage,
  text: CapText,
  areas: readonly XmlNode[],
  { publicUrl, territory }: CapSetting,
): XmlNode {
  const { onsetAt, source } = document;
  const { publisher, signatories } = signedBy(document);
  const { responseTypes, urgency, severity, certainty } = levels(document);
  const decision = decisionInForce(document);
  return element(
    'info',
    null,
    element('language', null, text.language),
    ...document.categories.map((category) => element('category', null, capWord(category))),
    element('event', null, eventName(document.hazard, text)),
    ...responseTypes.map((type) => element('responseType', null, capWord(type))),
    element('urgency', null, capWord(urgency)),
    element('severity', null, capWord(severity)),
    element('certainty', null, capWord(certainty)),
    element('eventCode', null, element('valueName', null, EVENT_TERMS), element('value', null, document.hazard)),
    element('effective', null, message.sent),
    onsetAt ? element('onset', null, onsetAt) : undefined,
    element('expires', null, message.expires),
    element('senderName', null, senderOf(document)),
    element('headline', null, text.headline),
    element('description', null, described(text, decision)),
    text.instruction ? element('instruction', null, text.instruction) : undefined,
    element('web', null, document.web ?? `${publicUrl}/publications/${document.id}`),
    document.contact ? element('contact', null, document.contact) : undefined,
    parameter('awareness_level', awarenessLevel(severity)),
    parameter('awareness_type', awarenessType(document.hazard)),
    parameter('relayed_reference', source.relayed ? source.reference : null),
    parameter('published_by', publisher?.name ?? null),
    ...(signatories ?? []).map(({ name }) => parameter('signed_by', name)),
    ...decided(decision),
    parameter('translation_stale', isOld(document, text) ? 'true' : null),
    parameter('outlines_approximate', isApproximate(document.areas, territory) ? 'true' : null),
    ...areas,
  );
}

/** The decision behind a message; null once it orders nothing any more. */
const decisionInForce = (document: AlertDocument): PublicDecision | null =>
  document.cancelled || document.allClear ? null : decisionOf(document);

/** The words, and the decision as a paragraph of its own: many readers show no parameters. */
const described = ({ description, language }: CapText, decision: PublicDecision | null): string =>
  decision ? `${description}\n\n${decisionLine(decision, tongueFor(language))}` : description;

const decided = (decision: PublicDecision | null): (XmlNode | undefined)[] =>
  decision
    ? [
        parameter('decided_by', decision.by),
        parameter('decided_act', decision.act),
        parameter('decided_at', decision.decidedAt),
        parameter('confirmed_at', decision.confirmedAt),
      ]
    : [];

/** How grave: once it is over there is nothing left to fear, and nothing more to do. */
export function levels(
  document: AlertDocument,
): Pick<AlertDocument, 'responseTypes' | 'urgency' | 'severity' | 'certainty'> {
  const { allClear, cancelled } = document;
  if (!allClear && !cancelled) return document;
  return {
    responseTypes: allClear ? ['ALL_CLEAR'] : ['NONE'],
    urgency: 'PAST',
    severity: 'MINOR',
    certainty: 'OBSERVED',
  };
}

const isOld = ({ texts, cancelled, allClear }: AlertDocument, { language }: CapText): boolean =>
  !cancelled && !allClear && texts.some((text) => text.language === language && isOutdated(text, texts));

const parameter = (name: string, value: string | null): XmlNode | undefined =>
  value === null
    ? undefined
    : element('parameter', null, element('valueName', null, name), element('value', null, value));

import { createHash } from 'node:crypto';
import { readDate } from '../dates/read-date.ts';
import type { WatchedCap } from './reading/cap-message.ts';

/** A name by which CAP messages refer to one another. */
type Triplet = Pick<WatchedCap, 'sender' | 'identifier' | 'sent'>;

/** The effect of a message on those that it refers to; ALERT has none. */
export type MessageRole = 'ALERT' | 'UPDATE' | 'CANCEL' | 'ALL_CLEAR' | 'REPLY';

const ROLES: Readonly<Record<string, MessageRole>> = {
  update: 'UPDATE',
  cancel: 'CANCEL',
  allclear: 'ALL_CLEAR',
  ack: 'REPLY',
  error: 'REPLY',
};

/** The role of a message. Most authorities write an all clear as an Update whose every `info` asks to respond by AllClear. */
export function roleOf({ msgType, infos, references }: WatchedCap): MessageRole {
  const role = ROLES[msgType.toLowerCase()] ?? 'ALERT';
  const mayEnd = role === 'UPDATE' || (role === 'ALERT' && references !== null);
  const isOver = ({ responseTypes }: (typeof infos)[number]) =>
    responseTypes.some((type) => type.toLowerCase() === 'allclear');
  return mayEnd && infos.length > 0 && infos.every(isOver) ? 'ALL_CLEAR' : role;
}

/** Whether a message speaks of what is so, to everybody. CAP 1.0 may leave out the scope. */
export const isPublic = ({ scope }: Pick<WatchedCap, 'scope'>): boolean => !scope || scope.toLowerCase() === 'public';

/** The messages that one refers to, as it writes them: `sender,identifier,sent`, with blanks between them. */
export const referencesIn = (references: string | null): string[] =>
  references?.split(/\s+/).filter((reference) => reference !== '') ?? [];

/** The key of a CAP message: the same however the offset of its date is written. */
export function capKey({ sender, identifier, sent }: Triplet): string {
  return digest(`cap:${sender},${identifier},${readDate(sent)?.toISOString() ?? sent}`);
}

/** The keys of the messages that one refers to. An authority speaks of its own messages alone: those of others are left out. */
export const referredKeys = ({ sender, references }: Pick<WatchedCap, 'sender' | 'references'>): string[] =>
  referencesIn(references).flatMap((reference) => {
    const [by, identifier, sent, ...more] = reference.split(',');
    return by === sender && identifier && sent && more.length === 0 ? [capKey({ sender, identifier, sent })] : [];
  });

export const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

import type { CallReason } from '../../calling/call.rules.ts';
import type { MailAnswer } from '../../mail/smtp-answer.rules.ts';
import type { PointWay } from '../contact.rules.ts';

/** A message as it leaves: of a call, or of a code. */
export interface OutgoingMessage {
  /** The same at each attempt of a call; each attempt of a code has a code of its own, and so an id of its own. */
  id: string;
  way: PointWay;
  address: string;
  createdAt: Date;
  /** Null for a code. */
  call: Readonly<{ reason: CallReason; words: string; link: string }> | null;
  /** Null for a call. */
  code: string | null;
}

/** Those that hand messages on, by some of the ways. */
export interface MessageSender {
  readonly ways: readonly PointWay[];
  /** How many are under way at a time. */
  readonly atOnce: number;
  /** Makes one attempt. Throws only where `signal` broke it off. */
  send(message: OutgoingMessage, signal: AbortSignal): Promise<MailAnswer>;
}

import type { Targets } from '../../outgoing/checked-connection.ts';
import type { PushSeal } from './envelope/push-seal.ts';
import type { SenderKey } from './envelope/sender-keys.ts';

/** Where pushes may lead. */
export interface PushTargets extends Targets {
  /** Whether any port will do, and not 443 alone: for developers. */
  anyPort?: boolean;
  /** The time of one attempt, in milliseconds; 10 seconds where it is left out. */
  timeoutMs?: number;
}

/** The operator gives a hub this to push with. */
export interface PushSecrets {
  /** Private keys on P-256, as PEM: today's first, and those of earlier subscriptions. */
  keys: readonly string[];
  /** 32 bytes, the same for all hubs of a database. */
  seal: Buffer;
  subject: string;
}

/** With what a hub pushes: without it none is offered. */
export interface PushSettings {
  /** Today's first; the others are those of earlier subscriptions. */
  keys: readonly SenderKey[];
  /** Whom push services write to where something is wrong: `mailto:` or `https:`. */
  subject: string;
  seal: PushSeal;
}

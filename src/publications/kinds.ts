import { advice } from './advice/advice.kind.ts';
import { aidPoint } from './aid-point/aid-point.kind.ts';
import { alert } from './alert/alert.kind.ts';
import { closure } from './closure/closure.kind.ts';
import { correction } from './correction/correction.kind.ts';
import { event } from './event/event.kind.ts';
import type { AnyKind } from './kind/kind.ts';
import { KINDS, type PublicationKind } from './vocabulary.ts';

/** Every kind that the hub publishes, in the order of the public page: one of the lists that a new kind joins. */
const kinds: Readonly<Record<PublicationKind, AnyKind>> = {
  ALERT: alert,
  AID_POINT: aidPoint,
  CLOSURE: closure,
  EVENT: event,
  CORRECTION: correction,
  ADVICE: advice,
};

export const kindsInOrder: readonly AnyKind[] = Object.values(kinds);

export const kindOf = (name: PublicationKind): AnyKind => kinds[name];

/** A table of something that every kind has. */
export const ofEachKind = <T>(read: (kind: AnyKind) => T): Record<PublicationKind, T> =>
  Object.fromEntries(KINDS.map((name) => [name, read(kinds[name])])) as Record<PublicationKind, T>;

import { advice } from './advice/advice.kind.ts';
import { alert } from './alert/alert.kind.ts';
import { closure } from './closure/closure.kind.ts';
import { correction } from './correction/correction.kind.ts';
import { event } from './event/event.kind.ts';
import { type AnyKind, anyKind } from './kind.ts';
import type { PublicationKind } from './vocabulary.ts';

/** Every kind that the hub publishes: the one list that a new kind joins. */
export const kinds: readonly AnyKind[] = [
  anyKind(alert),
  anyKind(advice),
  anyKind(event),
  anyKind(closure),
  anyKind(correction),
];

const byName = new Map(kinds.map((kind) => [kind.name, kind]));

/** The kind of that name; throws for a name that is in no list, which no validated value can be. */
export function kindOf(name: PublicationKind): AnyKind {
  const kind = byName.get(name);
  if (!kind) throw new RangeError(`no kind ${name}`);
  return kind;
}

import { Extensions, FieldResolver, Resolver, Root } from 'type-graphql';
import { VOLATILE } from '../../graphql/document-facts.ts';
import { CommuneType } from '../../territory/commune.types.ts';
import type { Commune } from '../../territory/territory.ts';
import { decisionOf, type LegalOrder, legalOrderOf, type PublicDecision } from '../decision/decision.content.ts';
import { DecisionType } from '../decision/decision.types.ts';
import type { PublicView } from '../document.ts';
import { EventType } from '../event/event.types.ts';
import { communeNamed, type KindReads, type KindTypes } from '../kind/kind.types.ts';
import type { ClosureDocument } from './closure.content.ts';
import { closureObserved, isPassable } from './closure.rules.ts';
import {
  ClosureInput,
  ClosureType,
  LegalOrderType,
  ObservationType,
  ObserveClosureArguments,
  RoadType,
} from './closure.types.ts';

/** The fields of a closure that are not read off its document. */
@Resolver(() => ClosureType)
export class ClosureResolver {
  constructor(private readonly reads: KindReads) {}

  @Extensions(VOLATILE)
  @FieldResolver(() => EventType, {
    nullable: true,
    description: 'The event that it is made for; null for none, or where that event is not public.',
  })
  event(@Root() closure: ClosureDocument): PublicView | null {
    const event = closure.eventId ? this.reads.board.get(closure.eventId) : undefined;
    return event?.mode === closure.mode ? event : null;
  }

  @FieldResolver(() => ObservationType, { nullable: true })
  observed(@Root() closure: ClosureDocument): ReturnType<typeof closureObserved> {
    return closureObserved(closure);
  }

  @FieldResolver(() => DecisionType, { nullable: true })
  decision(@Root() closure: ClosureDocument): PublicDecision | null {
    return decisionOf(closure);
  }

  @FieldResolver(() => LegalOrderType, { nullable: true })
  legalOrder(@Root() closure: ClosureDocument): LegalOrder | null {
    return legalOrderOf(closure);
  }

  @Extensions(VOLATILE)
  @FieldResolver(() => Boolean, {
    description: 'Whether through traffic can pass now, by the plan, what was seen of it and how it ended.',
  })
  passable(@Root() closure: ClosureDocument): boolean {
    return isPassable(closure, this.reads.board.state(closure));
  }
}

@Resolver(() => RoadType)
export class RoadResolver {
  constructor(private readonly reads: KindReads) {}

  @FieldResolver(() => CommuneType, { nullable: true })
  commune(@Root() road: { commune: string | null }): Commune | null {
    return communeNamed(this.reads.territory, road);
  }
}

export const closureTypes = {
  type: ClosureType,
  input: ClosureInput,
  resolvers: (reads: KindReads) => [new ClosureResolver(reads), new RoadResolver(reads)],
  observe: {
    description: 'Records what was seen at a closed road. For editors and marshals.',
    publication: 'The id of the closure.',
    arguments: ObserveClosureArguments,
  },
} satisfies KindTypes;

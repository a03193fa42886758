import { Extensions, FieldResolver, Resolver, Root } from 'type-graphql';
import { instant } from '../../clock.ts';
import { VOLATILE } from '../../graphql/document-facts.ts';
import { CommuneType } from '../../territory/commune.types.ts';
import type { Commune } from '../../territory/territory.ts';
import { ClosureType } from '../closure/closure.types.ts';
import type { PublicView } from '../document.ts';
import { communeNamed, type KindReads, type KindTypes } from '../kind/kind.types.ts';
import type { EventDocument, Keyed, Passage } from './event.content.ts';
import { EventInput, EventType, PassageType } from './event.types.ts';
import { withKeys } from './passage.rules.ts';

/** The fields that an event derives from its document, or finds among what is public now. */
@Resolver(() => EventType)
export class EventResolver {
  constructor(private readonly reads: KindReads) {}

  @FieldResolver(() => [PassageType])
  passages(@Root() event: EventDocument): Keyed<Passage>[] {
    return withKeys(event.passages).sort((a, b) => instant(a.expectedFrom) - instant(b.expectedFrom));
  }

  @Extensions(VOLATILE)
  @FieldResolver(() => [ClosureType], { description: 'The closures made for it that are public now, soonest first.' })
  closures(@Root() event: EventDocument): PublicView[] {
    return this.reads.board
      .naming(event.id)
      .filter(({ document }) => document.mode === event.mode)
      .sort((a, b) => a.starts - b.starts)
      .map(({ document }) => document);
  }
}

@Resolver(() => PassageType)
export class PassageResolver {
  constructor(private readonly reads: KindReads) {}

  @FieldResolver(() => CommuneType, { nullable: true })
  commune(@Root() passage: { commune: string | null }): Commune | null {
    return communeNamed(this.reads.territory, passage);
  }
}

export const eventTypes = {
  type: EventType,
  input: EventInput,
  resolvers: (reads: KindReads) => [new EventResolver(reads), new PassageResolver(reads)],
} satisfies KindTypes;

import { Arg, FieldResolver, Resolver, Root } from 'type-graphql';
import { AlertType, HazardType } from '../publications/alert/alert.types.ts';
import { ClosureType, RoadType } from '../publications/closure/closure.types.ts';
import { FRENCH } from '../publications/content.ts';
import {
  type AlertDocument,
  type ClosureDocument,
  currentMessage,
  type EventDocument,
  type PublicDocument,
} from '../publications/document.ts';
import { VigilanceColourEnum } from '../publications/enum.types.ts';
import { EventType, PassageType } from '../publications/event/event.types.ts';
import { hazardLabel } from '../publications/hazards.ts';
import { VIGILANCE } from '../publications/vocabulary.ts';
import { CommuneType } from '../territory/commune.types.ts';
import type { Commune, Territory } from '../territory/territory.ts';
import type { PublicReads } from './public-reads.ts';

/** The fields that a kind derives from its document, or finds on the board. */
@Resolver(() => AlertType)
export class AlertResolver {
  constructor(private readonly reads: PublicReads) {}

  @FieldResolver(() => HazardType)
  hazard(@Root() alert: AlertDocument): { code: string } {
    return { code: alert.hazard };
  }

  @FieldResolver(() => VigilanceColourEnum)
  vigilance(@Root() alert: AlertDocument): string {
    return VIGILANCE[alert.severity];
  }

  @FieldResolver(() => String)
  capIdentifier(@Root() alert: AlertDocument): string {
    return currentMessage(alert)?.identifier ?? alert.id;
  }

  @FieldResolver(() => String)
  capUrl(@Root() alert: AlertDocument): string {
    return `${this.reads.publicUrl}/cap/${this.capIdentifier(alert)}.xml`;
  }
}

@Resolver(() => HazardType)
export class HazardResolver {
  @FieldResolver(() => String, { description: 'Its name: French for French, English for every other language.' })
  label(
    @Root() hazard: { code: string },
    @Arg('language', () => String, { defaultValue: FRENCH, description: 'BCP 47 tag.' }) language: string,
  ): string {
    return hazardLabel(hazard.code, language);
  }
}

@Resolver(() => EventType)
export class EventResolver {
  constructor(private readonly reads: PublicReads) {}

  @FieldResolver(() => [PassageType])
  passages(@Root() event: EventDocument): EventDocument['passages'] {
    return [...event.passages].sort((a, b) => Date.parse(a.expectedFrom) - Date.parse(b.expectedFrom));
  }

  @FieldResolver(() => [ClosureType], { description: 'The closures made for it that are public now, soonest first.' })
  closures(@Root() event: EventDocument): PublicDocument[] {
    return this.reads.board
      .closuresOf(event.id)
      .filter(({ document }) => document.mode === event.mode)
      .sort((a, b) => a.starts - b.starts)
      .map(({ document }) => document);
  }
}

const communeOf = (territory: Territory, { commune }: { commune: string | null }): Commune | null =>
  (commune && territory.byCode(commune)) || null;

@Resolver(() => PassageType)
export class PassageResolver {
  constructor(private readonly reads: PublicReads) {}

  @FieldResolver(() => CommuneType, { nullable: true })
  commune(@Root() passage: { commune: string | null }): Commune | null {
    return communeOf(this.reads.territory, passage);
  }
}

@Resolver(() => RoadType)
export class RoadResolver {
  constructor(private readonly reads: PublicReads) {}

  @FieldResolver(() => CommuneType, { nullable: true })
  commune(@Root() road: { commune: string | null }): Commune | null {
    return communeOf(this.reads.territory, road);
  }
}

@Resolver(() => ClosureType)
export class ClosureResolver {
  constructor(private readonly reads: PublicReads) {}

  @FieldResolver(() => EventType, {
    nullable: true,
    description: 'The event that it is made for; null for none, or where that event is not public.',
  })
  event(@Root() closure: ClosureDocument): PublicDocument | null {
    const event = closure.eventId ? this.reads.board.get(closure.eventId) : undefined;
    return event?.mode === closure.mode ? event : null;
  }
}

import { Arg, Extensions, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { VOLATILE } from '../graphql/document-facts.ts';
import type { AdviceDocument } from '../publications/advice/advice.content.ts';
import { AdviceType } from '../publications/advice/advice.types.ts';
import { type AlertDocument, currentMessage } from '../publications/alert/alert.content.ts';
import { AlertType, HazardType } from '../publications/alert/alert.types.ts';
import type { ClosureDocument } from '../publications/closure/closure.content.ts';
import { ClosureType, RoadType } from '../publications/closure/closure.types.ts';
import { FRENCH } from '../publications/content/content.ts';
import { hazardLabel } from '../publications/content/hazards.ts';
import { bestText } from '../publications/content/translations.rules.ts';
import type { CorrectionDocument } from '../publications/correction/correction.content.ts';
import { ratingOf } from '../publications/correction/correction.content.ts';
import { CorrectionType } from '../publications/correction/correction.types.ts';
import type { PublicDocument } from '../publications/document.ts';
import { VigilanceColourEnum } from '../publications/enum.types.ts';
import type { EventDocument } from '../publications/event/event.content.ts';
import { EventType, PassageType } from '../publications/event/event.types.ts';
import { VIGILANCE } from '../publications/vocabulary.ts';
import { CommuneType } from '../territory/commune.types.ts';
import type { Commune, Territory } from '../territory/territory.ts';
import type { PublicReads } from './public-reads.ts';

const LANGUAGE = { defaultValue: FRENCH, description: 'BCP 47 tag.' };

/** The fields that a kind derives from its document, or finds on the board. */
@Resolver(() => AlertType)
export class AlertResolver {
  constructor(private readonly reads: PublicReads) {}

  @FieldResolver(() => HazardType)
  hazard(@Root() alert: AlertDocument): { code: string } {
    return { code: alert.hazard };
  }

  @FieldResolver(() => [AdviceType], {
    description: 'What to do about it, pinned as it was when this revision was published.',
  })
  advice(@Root() alert: AlertDocument): AdviceDocument[] {
    return alert.advice;
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

@Resolver(() => AdviceType)
export class AdviceResolver {
  @FieldResolver(() => HazardType)
  hazard(@Root() advice: AdviceDocument): { code: string } {
    return { code: advice.hazard };
  }

  @FieldResolver(() => [String], { description: 'What to do, in the language asked for or the nearest to it.' })
  dos(@Root() advice: AdviceDocument, @Arg('language', () => String, LANGUAGE) language: string): string[] {
    return bestText(advice.items, language)?.dos ?? [];
  }

  @FieldResolver(() => [String], { description: 'What not to do, in the language asked for or the nearest to it.' })
  donts(@Root() advice: AdviceDocument, @Arg('language', () => String, LANGUAGE) language: string): string[] {
    return bestText(advice.items, language)?.donts ?? [];
  }
}

@Resolver(() => CorrectionType)
export class CorrectionResolver {
  @FieldResolver(() => Int, {
    nullable: true,
    description: '1 (false) to 5 (true); null for a verdict outside that scale.',
  })
  rating(@Root() correction: CorrectionDocument): number | null {
    return ratingOf(correction.verdict);
  }
}

@Resolver(() => HazardType)
export class HazardResolver {
  @FieldResolver(() => String, {
    description: 'Its name: in French for a French language tag, in English for every other.',
  })
  label(@Root() hazard: { code: string }, @Arg('language', () => String, LANGUAGE) language: string): string {
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

  @Extensions(VOLATILE)
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

  @Extensions(VOLATILE)
  @FieldResolver(() => EventType, {
    nullable: true,
    description: 'The event that it is made for; null for none, or where that event is not public.',
  })
  event(@Root() closure: ClosureDocument): PublicDocument | null {
    const event = closure.eventId ? this.reads.board.get(closure.eventId) : undefined;
    return event?.mode === closure.mode ? event : null;
  }
}

import { Arg, FieldResolver, Resolver, Root } from 'type-graphql';
import type { AdviceDocument } from '../advice/advice.content.ts';
import { AdviceType } from '../advice/advice.types.ts';
import { hazardLabel } from '../content/hazards.ts';
import { LanguageTagScalar } from '../content/language.types.ts';
import { VigilanceColourEnum } from '../enum.types.ts';
import { LANGUAGE_ARGUMENT } from '../input.types.ts';
import type { KindReads, KindTypes } from '../kind/kind.types.ts';
import { VIGILANCE } from '../vocabulary.ts';
import { type AlertDocument, currentMessage } from './alert.content.ts';
import { AlertInput, AlertType, HazardType } from './alert.types.ts';

/** The fields that an alert derives from its document. */
@Resolver(() => AlertType)
export class AlertResolver {
  constructor(private readonly reads: KindReads) {}

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

@Resolver(() => HazardType)
export class HazardResolver {
  @FieldResolver(() => String, {
    description: 'Its name: in French for a French language tag, in English for every other.',
  })
  label(
    @Root() hazard: { code: string },
    @Arg('language', () => LanguageTagScalar, LANGUAGE_ARGUMENT) language: string,
  ): string {
    return hazardLabel(hazard.code, language);
  }
}

export const alertTypes = {
  type: AlertType,
  input: AlertInput,
  resolvers: (reads: KindReads) => [new AlertResolver(reads), new HazardResolver()],
} satisfies KindTypes;

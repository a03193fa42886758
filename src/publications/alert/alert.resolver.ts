import { Arg, Extensions, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { VOLATILE } from '../../graphql/document-facts.ts';
import { UrlScalar } from '../../graphql/scalars.ts';
import type { AdviceDocument } from '../advice/advice.content.ts';
import { AdviceType } from '../advice/advice.types.ts';
import { HAZARD_CODES, type HazardLabel, hazardLabelFor, type NamedHazard } from '../content/hazards.ts';
import { LANGUAGES, LanguageTagScalar } from '../content/language.types.ts';
import { decisionOf, type PublicDecision } from '../decision/decision.content.ts';
import { DecisionType } from '../decision/decision.types.ts';
import { VigilanceColourEnum } from '../enum.types.ts';
import type { KindReads, KindTypes } from '../kind/kind.types.ts';
import { type View, viewOfPinned } from '../view.ts';
import { VIGILANCE } from '../vocabulary.ts';
import { type AlertDocument, API_RESPONSES, currentMessage } from './alert.content.ts';
import { AlertInput, AlertType, HazardLabelType, HazardType, ResponseTypeEnum } from './alert.types.ts';

/** The fields that an alert derives from its document. */
@Resolver(() => AlertType)
export class AlertResolver {
  constructor(private readonly reads: KindReads) {}

  @FieldResolver(() => HazardType)
  hazard(@Root() { hazard, texts }: AlertDocument): NamedHazard {
    return { code: hazard, texts };
  }

  @Extensions(VOLATILE)
  @FieldResolver(() => [AdviceType], {
    description: 'What to do about it, pinned as it was when this revision was published.',
  })
  advice(@Root() alert: AlertDocument): View<AdviceDocument>[] {
    return alert.advice.map((advice) => this.reads.board.current(viewOfPinned(advice)));
  }

  @FieldResolver(() => [ResponseTypeEnum])
  responseTypes(@Root() alert: AlertDocument): string[] {
    return alert.responseTypes.map(API_RESPONSES.wordOf);
  }

  @FieldResolver(() => DecisionType, { nullable: true })
  decision(@Root() alert: AlertDocument): PublicDecision | null {
    return decisionOf(alert);
  }

  @FieldResolver(() => VigilanceColourEnum)
  vigilance(@Root() alert: AlertDocument): string {
    return VIGILANCE[alert.severity];
  }

  @FieldResolver(() => String)
  capIdentifier(@Root() alert: AlertDocument): string {
    return currentMessage(alert)?.identifier ?? alert.id;
  }

  @FieldResolver(() => UrlScalar)
  capUrl(@Root() alert: AlertDocument): string {
    return `${this.reads.publicUrl}/cap/${this.capIdentifier(alert)}.xml`;
  }
}

@Resolver(() => HazardType)
export class HazardResolver {
  @Query(() => [HazardType], { nullable: true, description: 'Every hazard that publications can name.' })
  hazards(): NamedHazard[] {
    return HAZARD_CODES.map((code) => ({ code, texts: [] }));
  }

  @FieldResolver(() => HazardLabelType, {
    description:
      'Its name: in the language of the `text` beside it where there is one, else in the first of these languages that there is.',
  })
  label(
    @Root() hazard: NamedHazard,
    @Arg('languages', () => [LanguageTagScalar], LANGUAGES) languages: string[],
  ): HazardLabel {
    return hazardLabelFor(hazard, languages);
  }
}

export const alertTypes = {
  type: AlertType,
  input: AlertInput,
  resolvers: (reads: KindReads) => [new AlertResolver(reads), new HazardResolver()],
} satisfies KindTypes;

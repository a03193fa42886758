import { Arg, FieldResolver, Resolver, Root } from 'type-graphql';
import { HazardType } from '../alert/alert.types.ts';
import type { NamedHazard } from '../content/hazards.ts';
import { LANGUAGES, LanguageTagScalar } from '../content/language.types.ts';
import { firstText } from '../content/translations.rules.ts';
import type { KindTypes } from '../kind/kind.types.ts';
import type { AdviceDocument } from './advice.content.ts';
import { AdviceInput, AdviceType } from './advice.types.ts';

/** The fields that advice derives from its document. */
@Resolver(() => AdviceType)
export class AdviceResolver {
  @FieldResolver(() => HazardType)
  hazard(@Root() { hazard, texts }: AdviceDocument): NamedHazard {
    return { code: hazard, texts };
  }

  @FieldResolver(() => [String], { description: 'What to do, in the first of these languages that there is.' })
  dos(
    @Root() advice: AdviceDocument,
    @Arg('languages', () => [LanguageTagScalar], LANGUAGES) languages: string[],
  ): string[] {
    return firstText(advice.items, languages)?.dos ?? [];
  }

  @FieldResolver(() => [String], { description: 'What not to do, in the first of these languages that there is.' })
  donts(
    @Root() advice: AdviceDocument,
    @Arg('languages', () => [LanguageTagScalar], LANGUAGES) languages: string[],
  ): string[] {
    return firstText(advice.items, languages)?.donts ?? [];
  }
}

export const adviceTypes = {
  type: AdviceType,
  input: AdviceInput,
  resolvers: () => [new AdviceResolver()],
} satisfies KindTypes;

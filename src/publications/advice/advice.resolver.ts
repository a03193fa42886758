import { Arg, FieldResolver, Resolver, Root } from 'type-graphql';
import { HazardType } from '../alert/alert.types.ts';
import { LanguageTagScalar } from '../content/language.types.ts';
import { bestText } from '../content/translations.rules.ts';
import { LANGUAGE_ARGUMENT } from '../input.types.ts';
import type { KindTypes } from '../kind/kind.types.ts';
import type { AdviceDocument } from './advice.content.ts';
import { AdviceInput, AdviceType } from './advice.types.ts';

/** The fields that advice derives from its document. */
@Resolver(() => AdviceType)
export class AdviceResolver {
  @FieldResolver(() => HazardType)
  hazard(@Root() advice: AdviceDocument): { code: string } {
    return { code: advice.hazard };
  }

  @FieldResolver(() => [String], { description: 'What to do, in the language asked for or the nearest to it.' })
  dos(
    @Root() advice: AdviceDocument,
    @Arg('language', () => LanguageTagScalar, LANGUAGE_ARGUMENT) language: string,
  ): string[] {
    return bestText(advice.items, language)?.dos ?? [];
  }

  @FieldResolver(() => [String], { description: 'What not to do, in the language asked for or the nearest to it.' })
  donts(
    @Root() advice: AdviceDocument,
    @Arg('language', () => LanguageTagScalar, LANGUAGE_ARGUMENT) language: string,
  ): string[] {
    return bestText(advice.items, language)?.donts ?? [];
  }
}

export const adviceTypes = {
  type: AdviceType,
  input: AdviceInput,
  resolvers: () => [new AdviceResolver()],
} satisfies KindTypes;

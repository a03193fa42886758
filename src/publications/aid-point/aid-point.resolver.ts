import { Arg, FieldResolver, Resolver, Root } from 'type-graphql';
import { CommuneType } from '../../territory/commune.types.ts';
import type { Commune } from '../../territory/territory.ts';
import { LanguageTagScalar } from '../content/language.types.ts';
import { bestText } from '../content/translations.rules.ts';
import { LANGUAGE_ARGUMENT } from '../input.types.ts';
import { communeNamed, type KindReads, type KindTypes } from '../kind/kind.types.ts';
import type { AidPointDetails, AidPointDocument } from './aid-point.content.ts';
import { AidPointInput, AidPointType, ObserveAidPointArguments } from './aid-point.types.ts';

const inLanguage = ({ details }: AidPointDocument, language: string): AidPointDetails | undefined =>
  bestText(details, language);

/** The fields that an aid point derives from its document. */
@Resolver(() => AidPointType)
export class AidPointResolver {
  constructor(private readonly reads: KindReads) {}

  @FieldResolver(() => CommuneType, { nullable: true })
  commune(@Root() point: AidPointDocument): Commune | null {
    return communeNamed(this.reads.territory, point);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'When it is open, day by day, in the language asked for or the nearest to it; null where it is not said.',
  })
  openingHours(
    @Root() point: AidPointDocument,
    @Arg('language', () => LanguageTagScalar, LANGUAGE_ARGUMENT) language: string,
  ): string | null {
    return inLanguage(point, language)?.openingHours ?? null;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'The people it is for, in the language asked for or the nearest to it; null for everybody.',
  })
  audience(
    @Root() point: AidPointDocument,
    @Arg('language', () => LanguageTagScalar, LANGUAGE_ARGUMENT) language: string,
  ): string | null {
    return inLanguage(point, language)?.audience ?? null;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'How people with a disability get in and around, in the language asked for or the nearest to it; null where it is not said.',
  })
  accessibility(
    @Root() point: AidPointDocument,
    @Arg('language', () => LanguageTagScalar, LANGUAGE_ARGUMENT) language: string,
  ): string | null {
    return inLanguage(point, language)?.accessibility ?? null;
  }

  @FieldResolver(() => [String], {
    description: 'Donations that are wanted, in the language asked for or the nearest to it.',
  })
  wanted(
    @Root() point: AidPointDocument,
    @Arg('language', () => LanguageTagScalar, LANGUAGE_ARGUMENT) language: string,
  ): string[] {
    return inLanguage(point, language)?.wanted ?? [];
  }

  @FieldResolver(() => [String], {
    description: 'Donations that are no longer wanted, in the language asked for or the nearest to it.',
  })
  unwanted(
    @Root() point: AidPointDocument,
    @Arg('language', () => LanguageTagScalar, LANGUAGE_ARGUMENT) language: string,
  ): string[] {
    return inLanguage(point, language)?.unwanted ?? [];
  }
}

export const aidPointTypes = {
  type: AidPointType,
  input: AidPointInput,
  resolvers: (reads: KindReads) => [new AidPointResolver(reads)],
  observe: {
    description: 'Records what was seen at an aid point: whether it takes people in, and its free places. For editors.',
    publication: 'The id of the aid point.',
    arguments: ObserveAidPointArguments,
  },
} satisfies KindTypes;

import { Arg, FieldResolver, Resolver, Root } from 'type-graphql';
import { CommuneType } from '../../territory/commune.types.ts';
import type { Commune } from '../../territory/territory.ts';
import { LANGUAGES, LanguageTagScalar } from '../content/language.types.ts';
import { firstText } from '../content/translations.rules.ts';
import { communeNamed, type KindReads, type KindTypes } from '../kind/kind.types.ts';
import { type AidPointDetails, type AidPointDocument, API_WHEELCHAIR } from './aid-point.content.ts';
import { aidPointObserved } from './aid-point.rules.ts';
import {
  AidObservationType,
  AidPointInput,
  AidPointType,
  ObserveAidPointArguments,
  WheelchairEnum,
} from './aid-point.types.ts';

const inLanguage = ({ details }: AidPointDocument, languages: readonly string[]): AidPointDetails | undefined =>
  firstText(details, languages);

/** The fields that an aid point derives from its document. */
@Resolver(() => AidPointType)
export class AidPointResolver {
  constructor(private readonly reads: KindReads) {}

  @FieldResolver(() => CommuneType, { nullable: true })
  addressCommune(@Root() point: AidPointDocument): Commune | null {
    return communeNamed(this.reads.territory, point);
  }

  @FieldResolver(() => WheelchairEnum, { nullable: true })
  wheelchair(@Root() { wheelchair }: AidPointDocument): string | null {
    return wheelchair && API_WHEELCHAIR.wordOf(wheelchair);
  }

  @FieldResolver(() => AidObservationType, { nullable: true })
  observed(@Root() point: AidPointDocument): ReturnType<typeof aidPointObserved> {
    return aidPointObserved(point);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'When it is open, day by day, in the first of these languages that there is; null where it is not said.',
  })
  openingHours(
    @Root() point: AidPointDocument,
    @Arg('languages', () => [LanguageTagScalar], LANGUAGES) languages: string[],
  ): string | null {
    return inLanguage(point, languages)?.openingHours ?? null;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'The people it is for, in the first of these languages that there is; null for everybody.',
  })
  audience(
    @Root() point: AidPointDocument,
    @Arg('languages', () => [LanguageTagScalar], LANGUAGES) languages: string[],
  ): string | null {
    return inLanguage(point, languages)?.audience ?? null;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'How people with a disability get in and around, in the first of these languages that there is; null where it is not said.',
  })
  accessibility(
    @Root() point: AidPointDocument,
    @Arg('languages', () => [LanguageTagScalar], LANGUAGES) languages: string[],
  ): string | null {
    return inLanguage(point, languages)?.accessibility ?? null;
  }

  @FieldResolver(() => [String], {
    description: 'Donations that are wanted, in the first of these languages that there is.',
  })
  wanted(
    @Root() point: AidPointDocument,
    @Arg('languages', () => [LanguageTagScalar], LANGUAGES) languages: string[],
  ): string[] {
    return inLanguage(point, languages)?.wanted ?? [];
  }

  @FieldResolver(() => [String], {
    description: 'Donations that are no longer wanted, in the first of these languages that there is.',
  })
  unwanted(
    @Root() point: AidPointDocument,
    @Arg('languages', () => [LanguageTagScalar], LANGUAGES) languages: string[],
  ): string[] {
    return inLanguage(point, languages)?.unwanted ?? [];
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

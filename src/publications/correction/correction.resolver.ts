import { FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { KindTypes } from '../kind/kind.types.ts';
import { API_VERDICTS, type CorrectionDocument } from './correction.content.ts';
import { ratingOf } from './correction.rules.ts';
import { CorrectionInput, CorrectionType, VerdictEnum } from './correction.types.ts';

/** The fields that a correction derives from its document. */
@Resolver(() => CorrectionType)
export class CorrectionResolver {
  @FieldResolver(() => VerdictEnum)
  verdict(@Root() correction: CorrectionDocument): string {
    return API_VERDICTS.wordOf(correction.verdict);
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: '1 (false) to 5 (true); null for a verdict outside that scale.',
  })
  rating(@Root() correction: CorrectionDocument): number | null {
    return ratingOf(correction.verdict);
  }
}

export const correctionTypes = {
  type: CorrectionType,
  input: CorrectionInput,
  resolvers: () => [new CorrectionResolver()],
} satisfies KindTypes;

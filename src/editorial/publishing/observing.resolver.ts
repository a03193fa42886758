import { Arg, Args, Ctx, ID, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../../graphql/context.ts';
import type { PublicDocument } from '../../publications/document.ts';
import type { ObserveArguments } from '../../publications/input.types.ts';
import { kindOf } from '../../publications/kinds.ts';
import { typesOf } from '../../publications/kinds.types.ts';
import type { PublicationKind } from '../../publications/vocabulary.ts';
import type { EditorialOffice } from '../dossier/editorial-work.ts';
import { observe } from './public.commands.ts';

/** The mutation that records what was seen on the ground, `observeClosure` say; none for kinds that are not observed. */
export function observingOf(kind: PublicationKind, office: EditorialOffice): object[] {
  const { observation } = kindOf(kind);
  const { type, observe: mutation } = typesOf(kind);
  if (!observation || !mutation) return [];
  const { action } = observation;
  const { description, publication, arguments: Arguments } = mutation;

  @Resolver()
  class ObservingResolver {
    @Mutation(() => type, { name: action, description })
    observe(
      @Ctx() { actor }: Context,
      @Arg('id', () => ID, { description: publication }) id: string,
      @Args(() => Arguments) seen: ObserveArguments,
    ): Promise<PublicDocument> {
      return office.run(actor, { action, subject: id }, (work) => observe(work, kind, { ...seen, id }));
    }
  }

  return [new ObservingResolver()];
}

import { Arg, Args, Ctx, ID, Resolver } from 'type-graphql';
import type { Context } from '../../graphql/context.ts';
import { PayloadMutation } from '../../graphql/payload.types.ts';
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
  const observed = { publication: { type: () => type, description: 'The publication as it then stood.' } };

  @Resolver()
  class ObservingResolver {
    @PayloadMutation(observed, { name: action, description })
    async observe(
      @Ctx() { actor }: Context,
      @Arg('id', () => ID, { description: publication }) id: string,
      @Args(() => Arguments) seen: ObserveArguments,
    ): Promise<{ publication: PublicDocument }> {
      const deed = { action, subject: id } as const;
      return { publication: await office.run(actor, deed, (work) => observe(work, kind, { ...seen, id })) };
    }
  }

  return [new ObservingResolver()];
}

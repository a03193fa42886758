import { Arg, Ctx, ID, Int, Resolver } from 'type-graphql';
import type { Context } from '../../graphql/context.ts';
import { PayloadMutation } from '../../graphql/payload.types.ts';
import { kindOf } from '../../publications/kinds.ts';
import { typesOf } from '../../publications/kinds.types.ts';
import type { PublicationKind } from '../../publications/vocabulary.ts';
import { DOSSIER, type DossierPayload, dossierPayload } from '../dossier/dossier-payload.types.ts';
import type { EditorialOffice } from '../dossier/editorial-work.ts';
import { draft, revise } from './draft.commands.ts';

const INPUT = { description: 'The whole content.' };
const MINOR = {
  defaultValue: false,
  description:
    'True: it mends a typo of what is public. Words alone may change, numbers in them may not. Its post keeps its permalink, so that no scheduler sends another.',
};

/** The two mutations by which editors write publications of one kind: `draftAlert` and `reviseAlert`, say. */
export function draftingOf(kind: PublicationKind, office: EditorialOffice): object {
  const { noun } = kindOf(kind);
  const { input: Input } = typesOf(kind);

  @Resolver()
  class DraftingResolver {
    @PayloadMutation(DOSSIER, {
      name: `draft${noun}`,
      description: 'Opens a dossier with a first draft. For editors.',
    })
    async draft(@Ctx() { actor }: Context, @Arg('input', () => Input, INPUT) input: object): Promise<DossierPayload> {
      const written = await office.run(actor, { action: 'draft' }, (work) => draft(work, kind, input));
      return dossierPayload(office, written);
    }

    @PayloadMutation(DOSSIER, {
      name: `revise${noun}`,
      description: 'Saves new content; approvals of the earlier one are void. For editors.',
    })
    async revise(
      @Ctx() { actor }: Context,
      @Arg('id', () => ID, { description: 'The id of the dossier.' }) id: string,
      @Arg('version', () => Int, {
        description: 'The version that you saw; CONFLICT where it is no longer current.',
      })
      version: number,
      @Arg('input', () => Input, INPUT) input: object,
      @Arg('minor', () => Boolean, MINOR) minor: boolean,
    ): Promise<DossierPayload> {
      const deed = { action: 'revise', subject: id } as const;
      const written = await office.run(actor, deed, (work) => revise(work, kind, { id, version, input, minor }));
      return dossierPayload(office, written);
    }
  }

  return new DraftingResolver();
}

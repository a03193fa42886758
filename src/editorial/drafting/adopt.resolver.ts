import { Arg, Ctx, ID, Resolver } from 'type-graphql';
import type { Actor } from '../../access/actor.ts';
import { PayloadMutation } from '../../graphql/payload.types.ts';
import { DOSSIER, type DossierPayload, dossierPayload } from '../dossier/dossier-payload.types.ts';
import type { EditorialOffice } from '../dossier/editorial-work.ts';
import { adoptMessage } from './adopt.commands.ts';

@Resolver()
export class AdoptResolver {
  constructor(private readonly office: EditorialOffice) {}

  @PayloadMutation(DOSSIER, {
    description:
      'Opens a dossier that relays the CAP message of a trusted authority word for word; it is never edited. An Update revises the dossier that relays what it refers to, a Cancel or an all clear ends it at once. FORBIDDEN where no watcher trusts the sender, CONFLICT where it was adopted before, INVALID_INPUT where it is not public, or where nothing relays what it refers to. For editors and validators; what is public is ended by a validator.',
  })
  async adoptMessage(
    @Ctx() { actor }: { actor: Actor | null },
    @Arg('reportId', () => ID, { description: 'The report that a watcher made of the message.' }) reportId: string,
    @Arg('hazard', () => String, { description: 'OASIS Event Terms code, such as OET-081: what the message is about.' })
    hazard: string,
  ): Promise<DossierPayload> {
    const adopted = await this.office.run(actor, { action: 'adoptMessage' }, (work) =>
      adoptMessage(work, { reportId, hazard }),
    );
    return dossierPayload(this.office, adopted);
  }
}

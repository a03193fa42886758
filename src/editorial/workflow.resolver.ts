import { Arg, Ctx, ID, Int, Mutation, Resolver } from 'type-graphql';
import type { Actor } from '../access/actor.ts';
import type { Context } from '../graphql/context.ts';
import { DateTimeScalar } from '../graphql/scalars.ts';
import type { Deed } from '../office/audit.commands.ts';
import type { PublicDocument } from '../publications/document.ts';
import { PublicationTextInput } from '../publications/input.types.ts';
import { IncidentType, PublicationType } from '../publications/publication.types.ts';
import type { DossierRow } from './dossier/dossier.entity.ts';
import { DossierType } from './dossier/dossier.types.ts';
import { type DossierFile, dossierFiles, writtenDossier } from './dossier/dossier-file.queries.ts';
import type { EditorialOffice, PublishingWork } from './dossier/editorial-work.ts';
import { openIncident } from './drafting/incident.commands.ts';
import { allClear, cancel, confirmStillTrue } from './publishing/public.commands.ts';
import { cosign, publish, publishUrgently } from './publishing/publish.commands.ts';
import { abandon, approve, requestChanges, submitForReview } from './review/review.commands.ts';
import { delayEvent } from './timekeeping/delay.commands.ts';

const ID_ARG = { description: 'The id of the dossier.' };
const VERSION = { description: 'The version that you saw; CONFLICT where it is no longer current.' };
const REASON = { description: 'The reason, in words.' };

/** The mutations of the desk that are the same for all kinds. Each runs its command in a transaction. */
@Resolver()
export class WorkflowResolver {
  constructor(private readonly office: EditorialOffice) {}

  @Mutation(() => DossierType, { description: 'Submits a draft to the validators. For editors.' })
  submitForReview(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
  ) {
    return this.run(actor, { action: 'submitForReview', subject: id }, (work) =>
      submitForReview(work, { id, version }),
    );
  }

  @Mutation(() => DossierType, { description: 'Sends a dossier back to its editors. For validators.' })
  requestChanges(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('comment', () => String, { description: 'What to correct.' }) comment: string,
  ) {
    return this.run(actor, { action: 'requestChanges', subject: id }, (work) =>
      requestChanges(work, { id, version, comment }),
    );
  }

  @Mutation(() => DossierType, {
    description: 'Approves this very content; nobody approves what they wrote. For validators.',
  })
  approve(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
  ) {
    return this.run(actor, { action: 'approve', subject: id }, (work) => approve(work, { id, version }));
  }

  @Mutation(() => DossierType, { description: 'Publishes what was approved, now or later. For validators.' })
  publish(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('at', () => DateTimeScalar, {
      nullable: true,
      description: 'Null: now. Otherwise a time before the end of the content.',
    })
    at: string | null,
  ) {
    return this.run(actor, { action: 'publish', subject: id }, (work) => publish(work, { id, version, at }));
  }

  @Mutation(() => DossierType, {
    description:
      'Publishes without an approval, when lives are at stake; another person cosigns within 30 minutes. For duty officers.',
  })
  publishUrgently(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('reason', () => String, REASON) reason: string,
  ) {
    return this.run(actor, { action: 'publishUrgently', subject: id }, (work) =>
      publishUrgently(work, { id, version, reason }),
    );
  }

  @Mutation(() => DossierType, { description: 'Signs an urgent publication as the second person. For validators.' })
  cosign(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
  ) {
    return this.run(actor, { action: 'cosign', subject: id }, (work) => cosign(work, { id, version }));
  }

  @Mutation(() => DossierType, {
    description: 'Gives up the revision in hand; what is public stays public. For editors and validators.',
  })
  abandon(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('reason', () => String, REASON) reason: string,
  ) {
    return this.run(actor, { action: 'abandon', subject: id }, (work) => abandon(work, { id, version, reason }));
  }

  @Mutation(() => PublicationType, { description: 'Confirms that a publication still holds. For editors.' })
  confirmStillTrue(@Ctx() { actor }: Context, @Arg('id', () => ID, ID_ARG) id: string): Promise<PublicDocument> {
    return this.office.run(actor, { action: 'confirmStillTrue', subject: id }, (work) => confirmStillTrue(work, id));
  }

  @Mutation(() => PublicationType, { description: 'Withdraws a publication for good. For validators.' })
  cancel(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('reason', () => String, { description: 'The reason; the public reads it.' }) reason: string,
  ): Promise<PublicDocument> {
    return this.office.run(actor, { action: 'cancel', subject: id }, (work) => cancel(work, { id, version, reason }));
  }

  @Mutation(() => PublicationType, {
    description: 'Says that the danger is over, and ends the thread. For validators.',
  })
  allClear(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('texts', () => [PublicationTextInput], { description: 'The words; French (fr-FR) is always among them.' })
    texts: PublicationTextInput[],
  ): Promise<PublicDocument> {
    return this.office.run(actor, { action: 'allClear', subject: id }, (work) =>
      allClear(work, { id, version, texts }),
    );
  }

  @Mutation(() => IncidentType, { description: 'Opens an incident that publications can belong to. For editors.' })
  openIncident(
    @Ctx() { actor }: Context,
    @Arg('slug', () => String, { description: 'Lower-case words joined by hyphens, such as crue-2016.' }) slug: string,
    @Arg('title', () => String, { description: 'Its name, in French.' }) title: string,
  ): Promise<{ id: string; slug: string; title: string }> {
    return this.office.run(actor, { action: 'openIncident' }, (work) => openIncident(work, { slug, title }));
  }

  @Mutation(() => [DossierType], {
    description:
      'Moves an event and the closures made for it, in one operation. The new drafts are reviewed like any other. For editors.',
  })
  async delayEvent(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, { description: 'The id of the event.' }) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('minutes', () => Int, { description: 'How much later; negative: earlier.' }) minutes: number,
  ): Promise<DossierFile[]> {
    const changed = await this.office.run(actor, { action: 'revise', subject: id }, (work) =>
      delayEvent(work, { id, version, minutes }),
    );
    const ids = changed.map((dossier) => dossier.id);
    const files = await dossierFiles(this.office.read(), ids);
    return ids.flatMap((each) => files.get(each) ?? []);
  }

  private async run(
    actor: Actor | null,
    deed: Deed,
    command: (work: PublishingWork) => Promise<Pick<DossierRow, 'id'>>,
  ): Promise<DossierFile> {
    const { id } = await this.office.run(actor, deed, command);
    return writtenDossier(this.office.read(), id);
  }
}

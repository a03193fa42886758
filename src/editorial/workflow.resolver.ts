import { Arg, Ctx, ID, Int, Resolver } from 'type-graphql';
import type { Actor } from '../access/actor.ts';
import type { Context } from '../graphql/context.ts';
import { PayloadMutation } from '../graphql/payload.types.ts';
import { DateTimeScalar, UrlScalar } from '../graphql/scalars.ts';
import type { Deed } from '../office/audit.commands.ts';
import type { PublicDocument } from '../publications/document.ts';
import { PublicationTextInput } from '../publications/input.types.ts';
import { PublicationType } from '../publications/publication.types.ts';
import type { DossierRow } from './dossier/dossier.entity.ts';
import { DossierType } from './dossier/dossier.types.ts';
import { type DossierFile, dossierFiles } from './dossier/dossier-file.queries.ts';
import { DOSSIER, type DossierPayload, dossierPayload } from './dossier/dossier-payload.types.ts';
import type { EditorialOffice, PublishingWork } from './dossier/editorial-work.ts';
import { confirmDecision } from './publishing/confirm.commands.ts';
import { cancelPublication, giveAllClear, verifyPublication } from './publishing/public.commands.ts';
import { publishDossier, publishDossierUrgently } from './publishing/publish.commands.ts';
import { cosignDossier } from './review/cosign.commands.ts';
import { abandonDossier, approveDossier, requestDossierChanges, submitDossier } from './review/review.commands.ts';
import { delayEvent } from './timekeeping/delay.commands.ts';

const ID_ARG = { description: 'The id of the dossier.' };
const VERSION = { description: 'The version that you saw; CONFLICT where it is no longer current.' };
const REASON = { description: 'The reason, in words.' };

const DOSSIERS = { dossiers: { type: () => [DossierType], description: 'Each that was moved, as it then stood.' } };
const PUBLICATION = { publication: { type: () => PublicationType, description: 'The publication as it then stood.' } };

interface PublicationPayload {
  publication: PublicDocument;
}

/** The mutations of the desk that are the same for all kinds. Each runs its command in a transaction. */
@Resolver()
export class WorkflowResolver {
  constructor(private readonly office: EditorialOffice) {}

  @PayloadMutation(DOSSIER, { description: 'Submits a draft to the validators. For editors.' })
  submitDossier(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
  ) {
    return this.run(actor, { action: 'submitDossier', subject: id }, (work) => submitDossier(work, { id, version }));
  }

  @PayloadMutation(DOSSIER, {
    description:
      'Sends a dossier back to its editors. For validators, and a SIGNATORY where a rule asks for their organisation.',
  })
  requestDossierChanges(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('comment', () => String, { description: 'What to correct.' }) comment: string,
  ) {
    return this.run(actor, { action: 'requestDossierChanges', subject: id }, (work) =>
      requestDossierChanges(work, { id, version, comment }),
    );
  }

  @PayloadMutation(DOSSIER, {
    description:
      'Approves this very content; nobody approves what they wrote. For validators, and a SIGNATORY where a rule asks for their organisation.',
  })
  approveDossier(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
  ) {
    return this.run(actor, { action: 'approveDossier', subject: id }, (work) => approveDossier(work, { id, version }));
  }

  @PayloadMutation(DOSSIER, {
    description:
      'Publishes what was approved, now or later. WRONG_STAGE while `signaturesMissing` of the dossier holds any. For validators.',
  })
  publishDossier(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('at', () => DateTimeScalar, {
      nullable: true,
      description: 'Null: now. Otherwise a time before the end of the content.',
    })
    at: string | null,
  ) {
    return this.run(actor, { action: 'publishDossier', subject: id }, (work) =>
      publishDossier(work, { id, version, at }),
    );
  }

  @PayloadMutation(DOSSIER, {
    description:
      'Publishes without an approval, and without the signatures that rules ask for, when lives are at stake; another person cosigns within 30 minutes. For duty officers.',
  })
  publishDossierUrgently(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('reason', () => String, REASON) reason: string,
  ) {
    return this.run(actor, { action: 'publishDossierUrgently', subject: id }, (work) =>
      publishDossierUrgently(work, { id, version, reason }),
    );
  }

  @PayloadMutation(DOSSIER, {
    description:
      'Signs an urgent publication as the second person. The dossier waits on for others while `signaturesMissing` holds any. For validators, and a SIGNATORY where a rule asks for their organisation.',
  })
  cosignDossier(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
  ) {
    return this.run(actor, { action: 'cosignDossier', subject: id }, (work) => cosignDossier(work, { id, version }));
  }

  @PayloadMutation(DOSSIER, {
    description: 'Gives up the revision in hand; what is public stays public. For editors and validators.',
  })
  abandonDossier(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('reason', () => String, REASON) reason: string,
  ) {
    return this.run(actor, { action: 'abandonDossier', subject: id }, (work) =>
      abandonDossier(work, { id, version, reason }),
    );
  }

  @PayloadMutation(PUBLICATION, { description: 'Confirms that a publication still holds. For editors.' })
  async verifyPublication(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, { description: 'The id of the publication.' }) id: string,
  ): Promise<PublicationPayload> {
    const deed = { action: 'verifyPublication', subject: id } as const;
    return { publication: await this.office.run(actor, deed, (work) => verifyPublication(work, id)) };
  }

  @PayloadMutation(
    { ...DOSSIER, ...PUBLICATION },
    {
      description:
        'Tells by which written act an authority confirmed the oral order that a publication names, without a revision. For a VALIDATOR or a DUTY_OFFICER who wrote none of the revisions that hold the order.',
    },
  )
  confirmDecision(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, { description: 'The id of the publication.' }) id: string,
    @Arg('revision', () => Int, {
      description: 'The number of the public revision that you saw; CONFLICT where another one is public.',
    })
    revision: number,
    @Arg('act', () => String, { description: 'The number or name of the act, at most 100 characters.' }) act: string,
    @Arg('decidedAt', () => DateTimeScalar, {
      description: 'When it was signed: not before the order, nor in the future. `Decision.confirmedAt` answers it.',
    })
    decidedAt: string,
    @Arg('url', () => UrlScalar, { nullable: true, description: 'Where it can be read.' }) url: string | null,
  ) {
    return this.onPublic(actor, { action: 'confirmDecision', subject: id }, (work) =>
      confirmDecision(work, { id, revision, act, decidedAt, url }),
    );
  }

  @PayloadMutation({ ...DOSSIER, ...PUBLICATION }, { description: 'Withdraws a publication for good. For validators.' })
  cancelPublication(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('reason', () => String, { description: 'The reason; the public reads it.' }) reason: string,
  ) {
    return this.onPublic(actor, { action: 'cancelPublication', subject: id }, (work) =>
      cancelPublication(work, { id, version, reason }),
    );
  }

  @PayloadMutation(
    { ...DOSSIER, ...PUBLICATION },
    {
      description: 'Says that the danger is over, and ends the thread. For validators.',
    },
  )
  giveAllClear(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('texts', () => [PublicationTextInput], { description: 'The words; French (fr-FR) is always among them.' })
    texts: PublicationTextInput[],
  ) {
    return this.onPublic(actor, { action: 'giveAllClear', subject: id }, (work) =>
      giveAllClear(work, { id, version, texts }),
    );
  }

  @PayloadMutation(DOSSIERS, {
    description:
      'Moves an event and the closures made for it, in one operation. The new drafts are reviewed like any other. For editors.',
  })
  async delayEvent(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, { description: 'The id of the event.' }) id: string,
    @Arg('version', () => Int, VERSION) version: number,
    @Arg('minutes', () => Int, { description: 'How much later; negative: earlier.' }) minutes: number,
  ): Promise<{ dossiers: () => Promise<DossierFile[]> }> {
    const changed = await this.office.run(actor, { action: 'revise', subject: id }, (work) =>
      delayEvent(work, { id, version, minutes }),
    );
    return { dossiers: () => this.filesOf(changed.map((dossier) => dossier.id)) };
  }

  private async filesOf(ids: string[]): Promise<DossierFile[]> {
    const files = await dossierFiles(this.office.read(), ids);
    return ids.flatMap((id) => files.get(id) ?? []);
  }

  private async run(
    actor: Actor | null,
    deed: Deed,
    command: (work: PublishingWork) => Promise<Pick<DossierRow, 'id'>>,
  ): Promise<DossierPayload> {
    return dossierPayload(this.office, await this.office.run(actor, deed, command));
  }

  private async onPublic(
    actor: Actor | null,
    deed: Deed,
    command: (work: PublishingWork) => Promise<PublicDocument>,
  ): Promise<DossierPayload & PublicationPayload> {
    const publication = await this.office.run(actor, deed, command);
    return { ...dossierPayload(this.office, publication), publication };
  }
}

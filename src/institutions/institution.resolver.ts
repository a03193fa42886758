import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { demand } from '../access/permissions.rules.ts';
import type { Context } from '../graphql/context.ts';
import { PayloadMutation, REMOVED } from '../graphql/payload.types.ts';
import { PageCursorScalar } from '../graphql/scalars.ts';
import { AFTER, firstUpTo } from '../paging/connection.types.ts';
import type { Page } from '../paging/page.rules.ts';
import { CommuneType } from '../territory/commune.types.ts';
import type { Commune, Territory } from '../territory/territory.ts';
import { saveInstitution } from './institution.commands.ts';
import {
  type InstitutionView,
  institutionsPage,
  institutionView,
  type MailboxView,
  mailboxView,
} from './institution.queries.ts';
import {
  InstitutionConnectionType,
  InstitutionInput,
  InstitutionType,
  LetterServiceType,
  MailboxType,
} from './institution.types.ts';
import type { InstitutionOffice } from './institution-work.ts';
import { waitingLetters } from './letters/letter-turn.commands.ts';
import { inviteMailbox, mandateMailbox, removeMailbox } from './mailbox.commands.ts';

const INSTITUTION = { institution: { type: () => InstitutionType, description: 'The institution as it then stood.' } };
const MAILBOX = { mailbox: { type: () => MailboxType, description: 'The mailbox as it then stood.' } };
const ID_ARG = { description: 'The id of the mailbox.' };

interface MailboxPayload {
  mailbox: () => Promise<MailboxView>;
}

/** Institutions that are told by e-mail. */
@Resolver(() => InstitutionType)
export class InstitutionResolver {
  /** `sender`: the address that letters come from; undefined where none leaves this hub. */
  constructor(
    private readonly office: InstitutionOffice,
    private readonly territory: Pick<Territory, 'communesOf'>,
    private readonly sender: string | undefined,
  ) {}

  @Query(() => InstitutionConnectionType, {
    nullable: true,
    description:
      'The institutions that are told by e-mail, by name. For an EDITOR, a VALIDATOR, a DUTY_OFFICER or an ADMIN.',
  })
  institutions(
    @Ctx() { actor }: Context,
    @Arg('search', () => String, { nullable: true, description: 'Words of the name; null: all.' }) search:
      | string
      | null,
    @Arg('first', () => Int, firstUpTo()) first: number,
    @Arg('after', () => PageCursorScalar, AFTER) after: string | null,
  ): Promise<Page<InstitutionView>> {
    return institutionsPage(this.office.read(), actor, { search, first, after });
  }

  @Query(() => LetterServiceType, {
    nullable: true,
    description: 'Whether letters leave the hub. For an EDITOR, a VALIDATOR, a DUTY_OFFICER or an ADMIN.',
  })
  async letterService(@Ctx() { actor }: Context): Promise<LetterServiceType> {
    demand(actor, 'readInstitutions');
    const { waiting, oldestSeconds } = await waitingLetters(this.office.read(), this.office.now);
    const sender = this.sender ?? null;
    return { sends: sender !== null, sender, waiting, oldestSeconds: Math.round(oldestSeconds) };
  }

  @PayloadMutation(INSTITUTION, {
    description:
      'Adds an institution, or saves one anew. It is told of what its filter lets pass from now on, by mailboxes that are invited. CONFLICT where somebody else saved it first. For an EDITOR or an ADMIN.',
  })
  async saveInstitution(
    @Ctx() { actor }: Context,
    @Arg('input', () => InstitutionInput, { description: 'The whole of it.' }) input: InstitutionInput,
  ): Promise<{ institution: () => Promise<InstitutionView> }> {
    const deed = { action: 'saveInstitution', ...(input.id ? { subject: input.id } : {}) } as const;
    const { id } = await this.office.run(actor, deed, (work) => saveInstitution(work, input));
    return { institution: () => institutionView(this.office.read(), id) };
  }

  @PayloadMutation(MAILBOX, {
    description:
      'Invites a mailbox of an institution: it gets one letter, and nothing else before its holder confirms it there. CONFLICT where it is there already; WRONG_STAGE where no letters leave this hub. For an EDITOR or an ADMIN.',
  })
  async inviteMailbox(
    @Ctx() { actor }: Context,
    @Arg('institution', () => ID, { description: 'The id of the institution.' }) institution: string,
    @Arg('address', () => String, { description: 'One e-mail address, in ASCII before the @.' }) address: string,
    @Arg('label', () => String, { description: 'Whose it is, as “Astreinte”.' }) label: string,
    @Arg('personal', () => Boolean, { defaultValue: false, description: 'Whether it names a person.' })
    personal: boolean,
  ): Promise<MailboxPayload> {
    const invited = { institution, address, label, personal };
    const { id } = await this.office.run(actor, { action: 'inviteMailbox' }, (work) => inviteMailbox(work, invited));
    return this.#payload(id);
  }

  @PayloadMutation(MAILBOX, {
    description:
      'Has a mailbox written to without a click of its holder, by an agreement with the institution. WRONG_STAGE for one that was left. For an ADMIN.',
  })
  async mandateMailbox(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('agreement', () => String, { description: 'Which one: its title and date.' }) agreement: string,
  ): Promise<MailboxPayload> {
    const deed = { action: 'mandateMailbox', subject: id } as const;
    const done = await this.office.run(actor, deed, (work) => mandateMailbox(work, { id, agreement }));
    return this.#payload(done.id);
  }

  @PayloadMutation(REMOVED, {
    description:
      'Takes a mailbox away and erases its address; letters that wait are not sent. For an EDITOR or an ADMIN.',
  })
  async removeMailbox(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
  ): Promise<{ removedId: string }> {
    const deed = { action: 'removeMailbox', subject: id } as const;
    const removed = await this.office.run(actor, deed, (work) => removeMailbox(work, id));
    return { removedId: removed.id };
  }

  @FieldResolver(() => [CommuneType], {
    nullable: true,
    description: 'The communes that it is told of; null: everywhere.',
  })
  communes(@Root() { communes }: InstitutionView): Commune[] | null {
    return communes && this.territory.communesOf(communes);
  }

  #payload(id: string): MailboxPayload {
    return { mailbox: () => mailboxView(this.office.read(), id) };
  }
}

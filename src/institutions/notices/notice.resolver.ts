import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { Context } from '../../graphql/context.ts';
import { type Batch, batchById } from '../../graphql/loaders.ts';
import { PayloadMutation } from '../../graphql/payload.types.ts';
import { PageCursorScalar } from '../../graphql/scalars.ts';
import { present } from '../../office/present.rules.ts';
import { AFTER, firstUpTo } from '../../paging/connection.types.ts';
import type { Page } from '../../paging/page.rules.ts';
import { type InstitutionView, institutionViews } from '../institution.queries.ts';
import { InstitutionType } from '../institution.types.ts';
import type { InstitutionOffice } from '../institution-work.ts';
import { acknowledgeForInstitution } from './acknowledge.commands.ts';
import { type NoticeView, noticesPage, noticeView } from './notice.queries.ts';
import { InstitutionNoticeConnectionType, InstitutionNoticeType } from './notice.types.ts';

const NOTICE = { notice: { type: () => InstitutionNoticeType, description: 'The notice as it then stood.' } };

/** The institutions that have read of an alert, and those that have not. */
@Resolver(() => InstitutionNoticeType)
export class NoticeResolver {
  readonly #institution: Batch<string, InstitutionView | null>;

  constructor(private readonly office: InstitutionOffice) {
    this.#institution = batchById((ids) => institutionViews(office.read(), ids));
  }

  @Query(() => InstitutionNoticeConnectionType, {
    nullable: true,
    description:
      'The institutions that were written to about a publication, those that wait longest first. For an EDITOR, a VALIDATOR, a DUTY_OFFICER or an ADMIN.',
  })
  notices(
    @Ctx() { actor }: Context,
    @Arg('publication', () => ID, { description: 'The id of the publication.' }) publication: string,
    @Arg('unreadForMinutes', () => Int, {
      nullable: true,
      description: 'Those alone that nobody has read for so many minutes; null: all.',
    })
    unreadForMinutes: number | null,
    @Arg('first', () => Int, firstUpTo()) first: number,
    @Arg('after', () => PageCursorScalar, AFTER) after: string | null,
  ): Promise<Page<NoticeView>> {
    return noticesPage(this.office.read(), actor, { publication, unreadForMinutes, first, after }, this.office.now);
  }

  @PayloadMutation(NOTICE, {
    description:
      'Notes who takes charge of an alert at an institution, as the desk heard by telephone; whoever was noted first stays. NOT_FOUND where the institution was not written to about it. For an EDITOR, a VALIDATOR or a DUTY_OFFICER.',
  })
  async acknowledgeForInstitution(
    @Ctx() { actor }: Context,
    @Arg('institution', () => ID, { description: 'The id of the institution.' }) institution: string,
    @Arg('publication', () => ID, { description: 'The id of the publication.' }) publication: string,
    @Arg('takenBy', () => String, { description: 'Who takes charge, as “Astreinte, par téléphone”.' }) takenBy: string,
  ): Promise<{ notice: () => Promise<NoticeView> }> {
    const heard = { institution, publication, takenBy };
    const { id } = await this.office.run(actor, { action: 'acknowledgeForInstitution' }, (work) =>
      acknowledgeForInstitution(work, heard),
    );
    return { notice: () => noticeView(this.office.read(), id) };
  }

  @FieldResolver(() => InstitutionType, { description: 'The institution.' })
  async institution(@Ctx() { load }: Context, @Root() { institutionId }: NoticeView): Promise<InstitutionView> {
    return present(await load(this.#institution).load(institutionId), 'institution', institutionId);
  }
}

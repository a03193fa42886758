import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { Actor } from '../access/actor.ts';
import type { Context } from '../graphql/context.ts';
import { PayloadMutation } from '../graphql/payload.types.ts';
import { PageCursorScalar } from '../graphql/scalars.ts';
import type { Office } from '../office/office.ts';
import { present } from '../office/present.rules.ts';
import type { UnitOfWork } from '../office/unit-of-work.ts';
import { AFTER, firstUpTo } from '../paging/connection.types.ts';
import { LARGEST_DESK_PAGE, type Page } from '../paging/page.rules.ts';
import type { ReportLoaders } from '../reports/report.loaders.ts';
import { ReportType } from '../reports/report.types.ts';
import type { ReportView } from '../reports/report-view.ts';
import { answerFlash, withdrawFlash } from './answer-flash.commands.ts';
import type { EmergencyCalled, FlashAnswer } from './flash.rules.ts';
import { EmergencyCalledEnum, FlashAnswerEnum, FlashConnectionType, FlashFilter, FlashType } from './flash.types.ts';
import { REPLACES_NOTHING } from './flash.words.ts';
import { type FlashView, flashById, flashesPage, flashViews } from './flash-views.queries.ts';
import { flashReport } from './send-flash.commands.ts';

const FLASH = { flash: { type: () => FlashType, description: 'The flash as it then stood.' } };
const SENT = {
  ...FLASH,
  words: {
    type: () => String,
    description: 'That it replaces no emergency number, in French: to be shown as it is, beside the button too.',
  },
  contactOnDuty: {
    type: () => Boolean,
    description: 'False where nobody of the Sdis is on duty: telephone. The duty officer is called at once.',
  },
  directNumber: {
    type: () => String,
    nullable: true,
    description: 'As `Flash.directNumber`: to be called now, where it is there.',
  },
};
const ID_ARG = { description: 'The id of the flash.' };

interface FlashPayload {
  flash: () => Promise<FlashView>;
}

/** Flashes: what they are, how they are sent, answered and taken back. */
@Resolver(() => FlashType)
export class FlashResolver {
  constructor(
    private readonly office: Office,
    private readonly reports: ReportLoaders,
  ) {}

  @Query(() => FlashConnectionType, {
    nullable: true,
    description:
      'Flashes, the newest first. For volunteers and staff; for a MARSHAL those that they sent, for a SIGNATORY those that were sent to their organisation.',
  })
  flashes(
    @Ctx() { actor }: Context,
    @Arg('where', () => FlashFilter, { nullable: true, description: 'Which flashes; null: all.' })
    where: FlashFilter | null,
    @Arg('first', () => Int, firstUpTo(LARGEST_DESK_PAGE)) first: number,
    @Arg('after', () => PageCursorScalar, AFTER) after: string | null,
  ): Promise<Page<FlashView>> {
    return flashesPage(this.#reader(actor), { ...where, first, after });
  }

  @Query(() => FlashType, {
    nullable: true,
    description: 'One flash; null where there is none, or where you may not know of it. For the readers of `flashes`.',
  })
  flash(@Ctx() { actor }: Context, @Arg('id', () => ID, ID_ARG) id: string): Promise<FlashView | null> {
    return flashById(this.#reader(actor), id);
  }

  @PayloadMutation(SENT, {
    description:
      'Tells the contact of the Sdis that a report is about a life at stake. It replaces neither 18 nor 112. CONFLICT, with the number of the first, where the report has a flash. For checkers and duty officers, a MARSHAL of what they reported, and a VOLUNTEER on duty for an incident at PARTIAL or FULL.',
  })
  async flashReport(
    @Ctx() { actor }: Context,
    @Arg('report', () => ID, { description: 'The id of the report; no check is awaited.' }) report: string,
    @Arg('what', () => String, {
      description:
        'What happens, in at most 1,000 characters. Numbers and accounts are kept with the personal data of the report.',
    })
    what: string,
    @Arg('place', () => String, { description: 'Where, in at most 300 characters; never left empty.' }) place: string,
    @Arg('emergencyCalled', () => EmergencyCalledEnum, { description: 'Whether somebody has called 18, 112 or 114.' })
    emergencyCalled: EmergencyCalled,
    @Arg('incident', () => ID, {
      nullable: true,
      description:
        'The open incident that it belongs to; null: the real one of the report, or for which you are on duty. An exercise is always named: then its contacts alone are called.',
    })
    incident: string | null,
  ): Promise<FlashPayload & Record<'words' | 'contactOnDuty' | 'directNumber', unknown>> {
    const input = { report, what, place, emergencyCalled, incident };
    const { id } = await this.office.run(actor, { action: 'flashReport' }, (work) => flashReport(work, input));
    let read: Promise<FlashView> | undefined;
    const flash = () => (read ??= this.#view(id));
    return {
      flash,
      words: REPLACES_NOTHING,
      contactOnDuty: async () => (await flash()).to !== null,
      directNumber: async () => (await flash()).directNumber,
    };
  }

  @PayloadMutation(FLASH, {
    description:
      'Notes the answer of the Sdis to a flash; nobody is rung any more. CONFLICT where somebody answered first. For the contact as SIGNATORY, and for staff who heard it.',
  })
  async answerFlash(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('answer', () => FlashAnswerEnum, { description: 'The answer.' }) answer: FlashAnswer,
    @Arg('remark', () => String, {
      nullable: true,
      description: 'Beside it, at most 500 characters; numbers and accounts are taken out.',
    })
    remark: string | null,
  ): Promise<FlashPayload> {
    const deed = { action: 'answerFlash', subject: id } as const;
    const answered = await this.office.run(actor, deed, (work) => answerFlash(work, { id, answer, remark }));
    return { flash: () => this.#view(answered.id) };
  }

  @PayloadMutation(FLASH, {
    description:
      'Takes a flash back that nobody has answered; nobody is rung any more. For the person who sent it, a CHECKER or a DUTY_OFFICER.',
  })
  async withdrawFlash(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('reason', () => String, {
      description: 'The reason, in at most 500 characters; numbers and accounts are taken out.',
    })
    reason: string,
  ): Promise<FlashPayload> {
    const deed = { action: 'withdrawFlash', subject: id } as const;
    const withdrawn = await this.office.run(actor, deed, (work) => withdrawFlash(work, { id, reason }));
    return { flash: () => this.#view(withdrawn.id) };
  }

  @FieldResolver(() => ReportType, { description: 'The report that tells of it.' })
  async report(@Ctx() { load }: Context, @Root() { report }: FlashView): Promise<ReportView> {
    return present(await load(this.reports.view).load(report), 'report', report);
  }

  async #view(id: string): Promise<FlashView> {
    const { office } = this;
    return present((await flashViews(office.read(), [id], office.now)).get(id), 'flash', id);
  }

  #reader(actor: Actor | null): UnitOfWork {
    const { now } = this.office;
    return { em: this.office.read(), actor, clock: { now: () => now } };
  }
}

import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { DeskChange } from '../editorial/desk-changes/desk-change.types.ts';
import type { DossierLoaders } from '../editorial/dossier/dossier.loaders.ts';
import { DossierType } from '../editorial/dossier/dossier.types.ts';
import type { DossierFile } from '../editorial/dossier/dossier-file.queries.ts';
import type { Context } from '../graphql/context.ts';
import { PayloadMutation } from '../graphql/payload.types.ts';
import { PageCursorScalar } from '../graphql/scalars.ts';
import type { Office } from '../office/office.ts';
import { AFTER, firstUpTo } from '../paging/connection.types.ts';
import type { Page } from '../paging/page.rules.ts';
import type { ReportLoaders } from '../reports/report.loaders.ts';
import { ReportType } from '../reports/report.types.ts';
import type { ReportView } from '../reports/report-view.ts';
import type { WatcherLoaders } from '../watchers/watcher.loaders.ts';
import type { WatcherView } from '../watchers/watcher.queries.ts';
import { WatcherType } from '../watchers/watcher.types.ts';
import { passCall, takeCall, testCall } from './call.commands.ts';
import type { CallLoaders } from './call.loaders.ts';
import { type CallView, callPage, writtenCall } from './call.queries.ts';
import type { ContactWay } from './call.rules.ts';
import { CallConnectionType, CallFilter, CallType, ContactWayEnum } from './call.types.ts';

const ID_ARG = { description: 'The id of the call.' };
const CALL = { call: { type: () => CallType, description: 'The call as it then stood.' } };

interface CallPayload {
  call: () => Promise<CallView>;
}

/** Calls of people to what waits for a decision. */
@Resolver(() => CallType)
export class CallResolver {
  constructor(
    private readonly office: Office,
    private readonly dossiers: DossierLoaders,
    private readonly reports: ReportLoaders,
    private readonly watchers: WatcherLoaders,
  ) {}

  @Query(() => CallConnectionType, {
    nullable: true,
    description:
      'Who is called to what, the newest call first. For staff; a SIGNATORY sees the calls for a signature of their organisation, and those that rang them for a flash; an ADMIN those to which ADMINs are called.',
  })
  calls(
    @Ctx() { actor }: Context,
    @Arg('where', () => CallFilter, { nullable: true, description: 'Which calls; null: all.' })
    where: CallFilter | null,
    @Arg('first', () => Int, firstUpTo()) first: number,
    @Arg('after', () => PageCursorScalar, AFTER) after: string | null,
  ): Promise<Page<CallView>> {
    return callPage(this.office.read(), actor, where ?? {}, { first, after });
  }

  @PayloadMutation(CALL, {
    description:
      'Takes a call: nobody is rung for 15 minutes. The deed that it waits for ends it; without that deed the next people are rung. CONFLICT while somebody else has taken it. For staff, but not for the person who caused it, and for a SIGNATORY or an ADMIN whose role it rings.',
  })
  async takeCall(@Ctx() { actor }: Context, @Arg('id', () => ID, ID_ARG) id: string): Promise<CallPayload> {
    await this.office.run(actor, { action: 'takeCall', subject: id }, (work) => takeCall(work, { id }));
    return this.#payload(id);
  }

  @PayloadMutation(CALL, {
    description: 'Passes a call on: the next people are rung at once. For those who may take it.',
  })
  async passCall(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, ID_ARG) id: string,
    @Arg('note', () => String, { nullable: true, description: 'For the next people, at most 1,000 characters.' })
    note: string | null,
  ): Promise<CallPayload> {
    await this.office.run(actor, { action: 'passCall', subject: id }, (work) => passCall(work, { id, note }));
    return this.#payload(id);
  }

  @PayloadMutation(CALL, {
    description:
      'Rings one person, to see whether that works; taking the call ends it. For a VALIDATOR or a DUTY_OFFICER.',
  })
  async testCall(
    @Ctx() { actor }: Context,
    @Arg('account', () => ID, { description: 'The id of an account that is not disabled.' }) account: string,
    @Arg('ways', () => [ContactWayEnum], {
      nullable: true,
      description: 'The ways by which the person is rung besides the desk; null: by all that the person has.',
    })
    ways: ContactWay[] | null,
  ): Promise<CallPayload> {
    const { id } = await this.office.run(actor, { action: 'testCall' }, (work) => testCall(work, { account, ways }));
    return this.#payload(id);
  }

  @FieldResolver(() => DossierType, {
    nullable: true,
    description: 'The dossier that it is about; null for everything else.',
  })
  dossier(@Ctx() { load }: Context, @Root() { dossier }: CallView): Promise<DossierFile | null> | null {
    return dossier === null ? null : load(this.dossiers.file).load(dossier);
  }

  @FieldResolver(() => ReportType, {
    nullable: true,
    description: 'The report that it is about; null for everything else.',
  })
  report(@Ctx() { load }: Context, @Root() { report }: CallView): Promise<ReportView | null> | null {
    return report === null ? null : load(this.reports.view).load(report);
  }

  @FieldResolver(() => WatcherType, {
    nullable: true,
    description: 'The watcher of the feed that it is about; else null.',
  })
  watcher(@Ctx() { load }: Context, @Root() { watcher }: CallView): Promise<WatcherView | null> | null {
    return watcher === null ? null : load(this.watchers.view).load(watcher);
  }

  #payload(id: string): CallPayload {
    return { call: () => writtenCall(this.office.read(), id.toLowerCase()) };
  }
}

/** The calls in what followers of the desk hear. */
@Resolver(() => DeskChange)
export class DeskChangeCallResolver {
  constructor(private readonly loaders: CallLoaders) {}

  @FieldResolver(() => [CallType], {
    description:
      'The calls about it that are open now, the first one first; without a dossier and a report, the call that changed.',
  })
  async calls(@Ctx() { load }: Context, @Root() change: DeskChange): Promise<CallView[]> {
    const about = change.dossier ?? change.report;
    if (about) return load(this.loaders.open).load(about.id);
    const call = await load(this.loaders.view).load(change.subject);
    return call ? [call] : [];
  }
}

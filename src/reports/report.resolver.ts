import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { Actor } from '../access/actor.ts';
import type { Context } from '../graphql/context.ts';
import { PageCursorScalar } from '../graphql/scalars.ts';
import { AFTER, firstUpTo } from '../paging/connection.types.ts';
import { LARGEST_DESK_PAGE, type Page } from '../paging/page.rules.ts';
import { CommuneType } from '../territory/commune.types.ts';
import type { Commune, Territory } from '../territory/territory.ts';
import type { ReportLoaders } from './report.loaders.ts';
import { reportById, reportsPage } from './report.queries.ts';
import type { ReportState } from './report.rules.ts';
import { ReportConnectionType, ReportStateEnum, ReportType } from './report.types.ts';
import type { ReportView } from './report-view.ts';
import type { ReportOffice } from './report-work.ts';

@Resolver(() => ReportType)
export class ReportResolver {
  constructor(
    private readonly office: ReportOffice,
    private readonly loaders: ReportLoaders,
    private readonly territory: Pick<Territory, 'byCode'>,
  ) {}

  @Query(() => ReportConnectionType, {
    nullable: true,
    description: 'Reports, the newest first. For volunteers and staff.',
  })
  reports(
    @Ctx() { actor }: Context,
    @Arg('states', () => [ReportStateEnum], { nullable: true, description: 'In one of these states; null: in any.' })
    states: ReportState[] | null,
    @Arg('search', () => String, { nullable: true, description: 'Words of the text, whatever accents and endings.' })
    search: string | null,
    @Arg('first', () => Int, firstUpTo(LARGEST_DESK_PAGE)) first: number,
    @Arg('after', () => PageCursorScalar, AFTER) after: string | null,
  ): Promise<Page<ReportView>> {
    return reportsPage(this.reader(actor), { states, search, first, after });
  }

  @Query(() => ReportType, {
    nullable: true,
    description: 'One report; null where there is none. For volunteers and staff.',
  })
  report(
    @Ctx() { actor }: Context,
    @Arg('id', () => ID, { description: 'The id of the report.' }) id: string,
  ): Promise<ReportView | null> {
    return reportById(this.reader(actor), id);
  }

  @FieldResolver(() => CommuneType, { nullable: true, description: 'Where it was seen; null where not given.' })
  commune(@Root() { commune }: ReportView): Commune | null {
    return (commune && this.territory.byCode(commune)) || null;
  }

  @FieldResolver(() => ReportType, {
    nullable: true,
    description: 'The report that says the same; null unless DUPLICATE.',
  })
  duplicateOf(@Ctx() { load }: Context, @Root() { duplicateOf }: ReportView): Promise<ReportView | null> | null {
    return duplicateOf === null ? null : load(this.loaders.view).load(duplicateOf);
  }

  private reader(actor: Actor | null) {
    const { now } = this.office;
    return { em: this.office.read(), actor, clock: { now: () => now } };
  }
}

import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { Actor } from '../access/actor.ts';
import { ViewerType } from '../access/viewer.types.ts';
import type { Context } from '../graphql/context.ts';
import { CommuneType } from '../territory/commune.types.ts';
import type { Commune, Territory } from '../territory/territory.ts';
import { type ReportPage, reportById, reportsPage, reportViews } from './report.queries.ts';
import type { ReportState } from './report.rules.ts';
import { ConclusionType, ReportConnectionType, ReportStateEnum, ReportType } from './report.types.ts';
import type { ConclusionView, Person, ReportView } from './report-view.ts';
import type { ReportOffice } from './report-work.ts';

@Resolver(() => ReportType)
export class ReportResolver {
  constructor(
    private readonly office: ReportOffice,
    private readonly territory: Pick<Territory, 'byCode'>,
  ) {}

  @Query(() => ReportConnectionType, { description: 'Reports, the newest first. For volunteers and staff.' })
  reports(
    @Ctx() { actor }: Context,
    @Arg('states', () => [ReportStateEnum], { nullable: true, description: 'In one of these states; null: in any.' })
    states: ReportState[] | null,
    @Arg('search', () => String, { nullable: true, description: 'Words of the text, whatever accents and endings.' })
    search: string | null,
    @Arg('first', () => Int, { defaultValue: 20, description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: 'The endCursor of the page before.' })
    after: string | null,
  ): Promise<ReportPage> {
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

  @FieldResolver(() => ViewerType, { description: 'The person who submitted it.' })
  submittedBy(@Root() { submittedBy }: ReportView): Person {
    return submittedBy;
  }

  @FieldResolver(() => ViewerType, {
    nullable: true,
    description: 'The person who is checking it; null unless CLAIMED.',
  })
  claimedBy(@Root() { claimedBy }: ReportView): Person | null {
    return claimedBy;
  }

  @FieldResolver(() => ReportType, {
    nullable: true,
    description: 'The report that says the same; null unless DUPLICATE.',
  })
  async duplicateOf(@Root() { duplicateOf }: ReportView): Promise<ReportView | null> {
    if (!duplicateOf) return null;
    const [original] = await reportViews(this.office.read(), [duplicateOf], this.office.now);
    return original ?? null;
  }

  @FieldResolver(() => ConclusionType, { nullable: true, description: 'How it was closed; null while it is open.' })
  conclusion(@Root() { conclusion }: ReportView): ConclusionView | null {
    return conclusion;
  }

  private reader(actor: Actor | null) {
    const { now } = this.office;
    return { em: this.office.read(), actor, clock: { now: () => now } };
  }
}

@Resolver(() => ConclusionType)
export class ConclusionResolver {
  @FieldResolver(() => ViewerType, { description: 'The person who drew it.' })
  by(@Root() { by }: ConclusionView): Person {
    return by;
  }
}

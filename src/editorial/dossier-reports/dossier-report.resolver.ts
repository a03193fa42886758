import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Actor } from '../../access/actor.ts';
import { permits } from '../../access/permissions.rules.ts';
import type { Newsroom } from '../../office/newsroom.ts';
import { reportViews } from '../../reports/report.queries.ts';
import { ReportType } from '../../reports/report.types.ts';
import type { ReportView } from '../../reports/report-view.ts';
import { type DossierView, dossierView } from '../dossier/dossier.resolver.ts';
import { DossierType } from '../dossier/dossier.types.ts';
import { dossiersRestingOn } from './dossier-report.queries.ts';

/** What a dossier rests on. */
@Resolver(() => DossierType)
export class DossierReportsResolver {
  constructor(private readonly newsroom: Newsroom) {}

  @FieldResolver(() => [ReportType], { description: 'The reports that its content rests on, in the order given.' })
  reports(@Root() { file }: DossierView): Promise<ReportView[]> {
    return reportViews(this.newsroom.read(), file.revision.content.reportIds, this.newsroom.now);
  }
}

/** What rests on a report. */
@Resolver(() => ReportType)
export class ReportDossiersResolver {
  constructor(private readonly newsroom: Newsroom) {}

  @FieldResolver(() => [DossierType], {
    description: 'The dossiers that rest on it; empty for who may not see dossiers.',
  })
  async dossiers(@Ctx() { actor }: { actor: Actor | null }, @Root() { id }: ReportView): Promise<DossierView[]> {
    if (!permits(actor, 'dossiers')) return [];
    const ids = await dossiersRestingOn(this.newsroom.read(), id);
    const views = await Promise.all(ids.map((dossier) => dossierView(this.newsroom, dossier)));
    return views.filter((view) => view !== null);
  }
}

import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Actor } from '../../access/actor.ts';
import { permits } from '../../access/permissions.rules.ts';
import { reportViews } from '../../reports/report.queries.ts';
import { ReportType } from '../../reports/report.types.ts';
import type { ReportView } from '../../reports/report-view.ts';
import { type DossierView, dossierView } from '../dossier/dossier.resolver.ts';
import { DossierType } from '../dossier/dossier.types.ts';
import type { EditorialOffice } from '../dossier/editorial-work.ts';
import { dossiersRestingOn } from './dossier-report.queries.ts';

/** What a dossier rests on. */
@Resolver(() => DossierType)
export class DossierReportsResolver {
  constructor(private readonly office: EditorialOffice) {}

  @FieldResolver(() => [ReportType], { description: 'The reports that its content rests on, in the order given.' })
  reports(@Root() { file }: DossierView): Promise<ReportView[]> {
    return reportViews(this.office.read(), file.revision.content.reportIds, this.office.now);
  }
}

/** What rests on a report. */
@Resolver(() => ReportType)
export class ReportDossiersResolver {
  constructor(private readonly office: EditorialOffice) {}

  @FieldResolver(() => [DossierType], {
    description: 'The dossiers that rest on it; empty for viewers who may not see dossiers.',
  })
  async dossiers(@Ctx() { actor }: { actor: Actor | null }, @Root() { id }: ReportView): Promise<DossierView[]> {
    if (!permits(actor, 'dossiers')) return [];
    const ids = await dossiersRestingOn(this.office.read(), id);
    const views = await Promise.all(ids.map((dossier) => dossierView(this.office, dossier)));
    return views.filter((view) => view !== null);
  }
}

import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { permitsEverywhere } from '../../access/permissions.rules.ts';
import type { Context } from '../../graphql/context.ts';
import { loadFound } from '../../graphql/loaders.ts';
import type { ReportLoaders } from '../../reports/report.loaders.ts';
import { ReportType } from '../../reports/report.types.ts';
import type { ReportView } from '../../reports/report-view.ts';
import type { DossierLoaders } from '../dossier/dossier.loaders.ts';
import { DossierType } from '../dossier/dossier.types.ts';
import type { DossierFile } from '../dossier/dossier-file.queries.ts';
import type { DossierReportLoaders } from './dossier-report.loaders.ts';

/** The reports that a dossier rests on. */
@Resolver(() => DossierType)
export class DossierReportsResolver {
  constructor(private readonly reportLoaders: ReportLoaders) {}

  @FieldResolver(() => [ReportType], { description: 'The reports that its content rests on, in the order given.' })
  reports(@Ctx() { load }: Context, @Root() { revision }: DossierFile): Promise<ReportView[]> {
    return loadFound(load(this.reportLoaders.view), revision.content.reportIds);
  }
}

/** The dossiers that rest on a report. */
@Resolver(() => ReportType)
export class ReportDossiersResolver {
  constructor(
    private readonly links: DossierReportLoaders,
    private readonly dossierLoaders: DossierLoaders,
  ) {}

  @FieldResolver(() => [DossierType], {
    description: 'The dossiers that rest on it; empty for viewers who may not see all dossiers.',
  })
  async dossiers(@Ctx() { actor, load }: Context, @Root() { id }: ReportView): Promise<DossierFile[]> {
    if (!permitsEverywhere(actor, 'dossiers')) return [];
    const ids = (await load(this.links.restingOn).load(id)) ?? [];
    return loadFound(load(this.dossierLoaders.file), ids);
  }
}

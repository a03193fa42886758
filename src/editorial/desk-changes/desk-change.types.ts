import { Field, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '../../graphql/scalars.ts';
import { ReportType } from '../../reports/report.types.ts';
import type { ReportView } from '../../reports/report-view.ts';
import { DossierType } from '../dossier/dossier.types.ts';
import type { DossierFile } from '../dossier/dossier-file.queries.ts';

@ObjectType('DeskChange', { description: 'Something that happened to a dossier or a report. Staff only.' })
export class DeskChange {
  @Field(() => DateTimeScalar, { description: 'When it happened.' })
  at!: string;
  @Field(() => DossierType, { nullable: true, description: 'The dossier as it stands now; null for a report.' })
  dossier!: DossierFile | null;
  @Field(() => ReportType, { nullable: true, description: 'The report as it stands now; null for a dossier.' })
  report!: ReportView | null;
}

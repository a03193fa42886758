import { Field, ObjectType } from 'type-graphql';
import { ReportType } from '../reports/report.types.ts';
import type { ReportView } from '../reports/report-view.ts';
import { DateTimeScalar } from '../scalars.ts';
import type { DossierView } from './dossier.resolver.ts';
import { DossierType } from './dossier.types.ts';

@ObjectType('DeskChange', { description: 'Something that happened to a dossier or a report. Staff only.' })
export class DeskChange {
  @Field(() => DateTimeScalar, { description: 'When it happened.' })
  at!: string;
  @Field(() => DossierType, { nullable: true, description: 'The dossier as it stands now; null for a report.' })
  dossier!: DossierView | null;
  @Field(() => ReportType, { nullable: true, description: 'The report as it stands now; null for a dossier.' })
  report!: ReportView | null;
}

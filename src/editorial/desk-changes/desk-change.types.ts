import { Field, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '../../graphql/scalars.ts';
import { ReportType } from '../../reports/report.types.ts';
import type { ReportView } from '../../reports/report-view.ts';
import { DossierType } from '../dossier/dossier.types.ts';
import type { DossierFile } from '../dossier/dossier-file.queries.ts';

@ObjectType('DeskChange', {
  description: 'Something that happened to a dossier, a report, a call or a flash. Staff only.',
})
export class DeskChange {
  /** The id of what it was done to. */
  subject!: string;
  @Field(() => DateTimeScalar, { description: 'When it happened.' })
  at!: string;
  @Field(() => DossierType, {
    nullable: true,
    description:
      'The dossier as it stands now, or the one that the call is about; null for a report and for other calls.',
  })
  dossier!: DossierFile | null;
  @Field(() => ReportType, {
    nullable: true,
    description:
      'The report as it stands now, or the one that the call or the flash is about; null for a dossier and for other calls.',
  })
  report!: ReportView | null;
}

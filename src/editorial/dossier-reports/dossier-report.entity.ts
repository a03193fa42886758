import { defineEntity, p } from '@mikro-orm/core';
import { Report } from '../../reports/report.entity.ts';
import { Dossier } from '../dossier/dossier.entity.ts';

/** What a dossier rests on, as its content says it: a row for each report that it names. */
export const DossierReport = defineEntity({
  name: 'DossierReport',
  tableName: 'dossier_report',
  indexes: [{ name: 'dossier_report_report_index', properties: ['report'] }],
  triggers: [
    {
      name: 'dossier_report_ends_calls',
      timing: 'after',
      events: ['insert'],
      forEach: 'row',
      expression:
        'create trigger dossier_report_ends_calls after insert on dossier_report for each row execute function dossier_report_ends_calls()',
    },
  ],
  properties: {
    dossier: () => p.manyToOne(Dossier).primary(),
    report: () => p.manyToOne(Report).primary(),
  },
});

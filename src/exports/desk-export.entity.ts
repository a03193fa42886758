import { defineEntity, p } from '@mikro-orm/core';
import { Account } from '../access/account.entity.ts';

/** A list that somebody took away as a file: which, by what filter, how many rows. It is on record before the first byte leaves. */
export const DeskExport = defineEntity({
  name: 'DeskExport',
  tableName: 'desk_export',
  triggers: [
    {
      name: 'desk_export_frozen',
      timing: 'before',
      events: ['update', 'delete'],
      forEach: 'row',
      expression:
        'create trigger desk_export_frozen before update or delete on desk_export for each row execute function refuse_change()',
    },
  ],
  properties: {
    id: p.uuid().primary(),
    /** The query of the API that lists the same. */
    list: p.text(),
    /** Its arguments, without what identifies people in words that were looked for. */
    filter: p.json<Readonly<Record<string, unknown>>>(),
    rowCount: p.integer(),
    by: () => p.manyToOne(Account),
    at: p.datetime(3),
  },
});

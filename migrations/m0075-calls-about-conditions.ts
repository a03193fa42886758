import { Migration } from '@mikro-orm/migrations';

/**
 * Calls to conditions that last until somebody mends them, and that are no row: holes of the roster, faults of the hub itself. A
 * topic says which one; one call is open for each (I-50).
 */
export class M0075CallsAboutConditions extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const REASONS = [
  ...[
    'REVIEW',
    'SIGNATURE',
    'COSIGN',
    'ESCALATED',
    'FLASH',
    'ENDS_SOON',
    'DECISION_UNCONFIRMED',
    'SOURCE_FAULT',
    'ROSTER_HOLE',
    'HUB_FAULT',
    'TEST',
  ],
];

const statements = [
  `alter table "call" drop constraint "call_reason_check"`,
  `alter table "call" add constraint "call_reason_check" check ("reason" in (${REASONS.map((one) => `'${one}'`).join(', ')}))`,
  `alter table "call" add column "topic" text null`,
  `alter table "call" drop constraint "call_subject_check"`,
  `alter table "call" add constraint "call_subject_check" check (num_nonnulls(dossier_id, report_id, watcher_id, target_id, topic) = 1)`,
  `create unique index "call_topic_unique" on "call" ("reason", "topic", coalesce("incident_id"::text, '')) where "ended_at" is null and "topic" is not null`,
];

import { Migration } from '@mikro-orm/migrations';

/**
 * Calls about institutions that have not read of an alert, situation reports that are due, and rules of signature that too few
 * people could meet. What people do about them ends the first two, the end of a rule the third, and that of an incident what
 * lasts of it (I-51).
 */
export class M0076CallsThatWaitForWords extends Migration {
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
    'INSTITUTIONS_UNREAD',
    'SITREP_DUE',
    'SOURCE_FAULT',
  ],
  ...['ROSTER_HOLE', 'HUB_FAULT', 'RULE_UNMEETABLE', 'TEST'],
];

const statements = [
  `alter table "call" drop constraint "call_reason_check"`,
  `alter table "call" add constraint "call_reason_check" check ("reason" in (${REASONS.map((one) => `'${one}'`).join(', ')}))`,

  // However many of them a statement changes: the last one that is read ends the call.
  `create function institution_notice_ends_calls() returns trigger language plpgsql as $$
   begin
     if old.acknowledged_at is null and new.acknowledged_at is not null and not exists (
       select 1 from institution_notice n where n.publication = new.publication and n.acknowledged_at is null) then
       update call set ended_at = greatest(started_at, new.acknowledged_at), due_at = null, state = 'DONE'
         where dossier_id = new.publication and reason = 'INSTITUTIONS_UNREAD' and ended_at is null;
     end if;
     return null;
   end $$`,
  `create trigger institution_notice_ends_calls after update on institution_notice for each row execute function institution_notice_ends_calls()`,

  `create function publication_ends_unread() returns trigger language plpgsql as $$
   begin
     if (new.closed or new.announced in ('ENDED', 'CANCELLED')) and not (old.closed or old.announced in ('ENDED', 'CANCELLED')) then
       update call set ended_at = greatest(started_at, new.updated_at), due_at = null, state = 'LAPSED'
         where dossier_id = new.id and reason = 'INSTITUTIONS_UNREAD' and ended_at is null;
     end if;
     return null;
   end $$`,
  `create trigger publication_ends_unread after update on publication for each row execute function publication_ends_unread()`,

  `create function situation_report_ends_calls() returns trigger language plpgsql as $$
   begin
     if (old.state, new.state) = ('DRAFT', 'FROZEN') then
       update call set ended_at = greatest(started_at, new.as_of), due_at = null, state = 'DONE'
         where incident_id = new.incident_id and reason = 'SITREP_DUE' and ended_at is null;
     end if;
     return null;
   end $$`,
  `create trigger situation_report_ends_calls after update on situation_report for each row execute function situation_report_ends_calls()`,

  // Its roster has no holes any more, and nobody waits for its next report.
  `create function incident_ends_calls() returns trigger language plpgsql as $$
   begin
     if (old.state, new.state) = ('OPEN', 'CLOSED') then
       update call set due_at = null, state = 'LAPSED', ended_at = greatest(started_at, coalesce(
           (select max(closed_at) from incident_period where incident_id = new.id), now()))
         where incident_id = new.id and topic is not null and ended_at is null;
     end if;
     return null;
   end $$`,
  `create trigger incident_ends_calls after update on incident for each row execute function incident_ends_calls()`,

  // As before, and the call to the rule itself.
  `create or replace function signature_rule_ends_calls() returns trigger language plpgsql as $$
   begin
     if (old.state, new.state) = ('IN_FORCE', 'ENDED') then
       update call c set ended_at = greatest(c.started_at, new.ended_at), due_at = null, state = 'LAPSED'
         from revision r
         where r.dossier_id = c.dossier_id and r.published_at is null and r.abandoned_at is null
           and c.reason = 'SIGNATURE' and c.ended_at is null and is_signed(r.id);
       update call set ended_at = greatest(started_at, new.ended_at), due_at = null, state = 'DONE'
         where reason = 'RULE_UNMEETABLE' and topic = new.id::text and ended_at is null;
     end if;
     return null;
   end $$`,
];

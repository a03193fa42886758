import { Migration } from '@mikro-orm/migrations';

/**
 * Calls for the signatures of organisations that a dossier lacks. The signature ends them, the rule that asked for it when that is
 * ended, and the dossier once it no longer waits as it stood (I-51).
 */
export class M0068CallsForSignatures extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const REASONS = ['REVIEW', 'SIGNATURE', 'COSIGN', 'ESCALATED', 'ENDS_SOON', 'SOURCE_FAULT', 'TEST'];

const statements = [
  `alter table "call" drop constraint "call_reason_check"`,
  `alter table "call" add constraint "call_reason_check" check ("reason" in (${REASONS.map((one) => `'${one}'`).join(', ')}))`,

  `create function approval_ends_calls() returns trigger language plpgsql as $$
   begin
     update call c set ended_at = greatest(c.started_at, new.at), due_at = null, state = 'DONE'
       from revision r
       where r.id = new.revision_id and c.dossier_id = r.dossier_id and c.reason = 'SIGNATURE' and c.ended_at is null
         and r.published_at is null and is_signed(r.id);
     return null;
   end $$`,
  `create trigger approval_ends_calls after insert on approval for each row execute function approval_ends_calls()`,

  `create function signature_rule_ends_calls() returns trigger language plpgsql as $$
   begin
     if (old.state, new.state) = ('IN_FORCE', 'ENDED') then
       update call c set ended_at = greatest(c.started_at, new.ended_at), due_at = null, state = 'LAPSED'
         from revision r
         where r.dossier_id = c.dossier_id and r.published_at is null and r.abandoned_at is null
           and c.reason = 'SIGNATURE' and c.ended_at is null and is_signed(r.id);
     end if;
     return null;
   end $$`,
  `create trigger signature_rule_ends_calls after update on signature_rule for each row execute function signature_rule_ends_calls()`,

  // As before, and the call for a signature, for which a dossier waits when enough people have approved it too.
  `create or replace function dossier_ends_calls() returns trigger language plpgsql as $$
   declare
     waiting text[] := array['IN_REVIEW', 'APPROVED', 'SCHEDULED'];
   begin
     if old.stage = 'IN_REVIEW' and new.stage <> 'IN_REVIEW' then
       update call set ended_at = new.updated_at, due_at = null, state = case
           when new.stage in ('APPROVED', 'CHANGES_REQUESTED') or new.cosign_due_at is distinct from old.cosign_due_at
           then 'DONE' else 'LAPSED' end
         where dossier_id = new.id and reason = 'REVIEW' and ended_at is null;
     end if;
     if old.stage = any(waiting) and new.stage <> all(waiting) then
       update call set ended_at = new.updated_at, due_at = null,
           state = case new.stage when 'CHANGES_REQUESTED' then 'DONE' else 'LAPSED' end
         where dossier_id = new.id and reason = 'SIGNATURE' and ended_at is null;
     end if;
     if old.cosign_due_at is not null and new.cosign_due_at is null then
       update call set ended_at = new.updated_at, due_at = null, state = 'DONE'
         where dossier_id = new.id and reason = 'COSIGN' and ended_at is null;
     end if;
     return null;
   end $$`,
];

import { Migration } from '@mikro-orm/migrations';
import { alsoAudited } from './audit-state.ts';

/**
 * Rules of signature: people of which organisations must have approved what is published. PostgreSQL publishes nothing without
 * the signatures that the rules in force ask for, and ends no wait for a second signature without them (I-45); two
 * administrators put a rule in force, and end it (I-46). No rule is in force at first: one that nobody could meet would hold back what
 * is published today. A SIGNATORY, who approves for another organisation, comes from two administrators too (I-29).
 */
export class M0056SignatureRules extends Migration {
  override async up(): Promise<void> {
    for (const statement of [...table, ...functions, ...triggers, auditState]) this.addSql(statement);
  }
}

const ACCOUNTS = ['proposed', 'approved', 'end_asked', 'ended'];

const table = [
  `create table "signature_rule" ("id" uuid not null, "version" int not null, "name" text not null, "kinds" text[] not null, "severity_at_least" text null, "response_types" text[] not null, "needs" jsonb not null, "state" text not null, "proposed_by_id" uuid not null, "proposed_at" timestamptz(3) not null, "approved_by_id" uuid null, "approved_at" timestamptz(3) null, "end_asked_by_id" uuid null, "end_asked_at" timestamptz(3) null, "ended_by_id" uuid null, "ended_at" timestamptz(3) null, primary key ("id"))`,
  `alter table "signature_rule" add constraint "signature_rule_severity_at_least_check" check ("severity_at_least" in ('UNKNOWN', 'MINOR', 'MODERATE', 'SEVERE', 'EXTREME'))`,
  `alter table "signature_rule" add constraint "signature_rule_state_check" check ("state" in ('PROPOSED', 'IN_FORCE', 'ENDED'))`,
  ...ACCOUNTS.map(
    (done) =>
      `alter table "signature_rule" add constraint "signature_rule_${done}_by_id_foreign" foreign key ("${done}_by_id") references "account" ("id")${done === 'proposed' ? '' : ' on delete set null'}`,
  ),
];

const SEVERITIES = `array['UNKNOWN', 'MINOR', 'MODERATE', 'SEVERE', 'EXTREME']`;

const functions = [
  // Whether a rule speaks of a content of one of its kinds: by its severity, and by what it asks people to do.
  `create function rule_speaks_of(severity_at_least text, response_types text[], content jsonb) returns boolean language sql immutable as $$
     select (severity_at_least is null
         or coalesce(array_position(${SEVERITIES}, content->>'severity') >= array_position(${SEVERITIES}, severity_at_least), false))
       and (response_types = '{}' or coalesce(jsonb_exists_any(content->'responseTypes', response_types), false))
   $$`,

  // What the rules in force ask of a content of a kind; of one set of organisations the most that any of them asks.
  `create function signature_needs(kind text, content jsonb) returns table (any_of jsonb, needed int) language sql stable as $$
     select n.need->'anyOf', max((n.need->>'count')::int)
     from signature_rule s cross join lateral jsonb_array_elements(s.needs) as n(need)
     where s.state = 'IN_FORCE' and signature_needs.kind = any(s.kinds)
       and rule_speaks_of(s.severity_at_least, s.response_types, signature_needs.content)
     group by 1
   $$`,

  // The same of a revision, with the number of people whose approvals meet each; people who edited it do not count.
  `create function signatures_asked(one uuid) returns jsonb language sql stable as $$
     select coalesce(jsonb_agg(jsonb_build_object('anyOf', n.any_of, 'count', n.needed, 'given', g.people) order by n.any_of), '[]')
     from revision r join dossier d on d.id = r.dossier_id
     cross join lateral signature_needs(d.kind, r.content) n
     cross join lateral (
       select count(distinct a.by_id)::int as people from approval a
       where a.revision_id = r.id and a.voided_at is null and a.content_hash = r.content_hash
         and n.any_of @> to_jsonb(a.organisation->>'kind')
         and not exists (select 1 from revision_editor e where e.revision_id = r.id and e.account_id = a.by_id)) g
     where r.id = one
   $$`,

  `create function is_signed(one uuid) returns boolean language sql stable as $$
     select not exists (
       select 1 from jsonb_array_elements(signatures_asked(one)) as n(need)
       where (n.need->>'given')::int < (n.need->>'count')::int)
   $$`,

  // The revision that was published urgently, while a dossier waits for the second signature under it.
  `create function awaited_cosignature(thread uuid) returns uuid language sql stable as $$
     select r.id from revision r join dossier d on d.id = r.dossier_id
     where d.id = thread and d.cosign_due_at is not null and r.urgent_by_id is not null
     order by r.number desc limit 1
   $$`,

  // The dossiers of which the rules in force ask for a signature of the organisation of an account, by anything that the desk may see of
  // them. PostgreSQL takes it into the query that asks: where no rule names the organisation, no dossier is read.
  `create function dossiers_asking(account uuid) returns table (id uuid) language sql stable as $$
     select d.id from signature_rule s
     join dossier d on d.kind = any(s.kinds) join revision r on r.dossier_id = d.id left join publication p on p.id = d.id
     where s.state = 'IN_FORCE' and exists (
         select 1 from jsonb_array_elements(s.needs) as n(need)
         where n.need->'anyOf' @> (
           select to_jsonb(o.kind) from account a join organisation o on o.id = a.organisation_id where a.id = dossiers_asking.account))
       and ((r.published_at is null and r.abandoned_at is null) or r.id = p.live_revision_id
         or (d.cosign_due_at is not null and r.id = awaited_cosignature(d.id)))
       and rule_speaks_of(s.severity_at_least, s.response_types, r.content)
   $$`,

  // As before, and SIGNATORY, whose approval may be the only one.
  `create or replace function guarded_among(roles text[]) returns text[] language sql immutable as $$
     select array(select unnest(roles) intersect select unnest(array['VALIDATOR', 'SIGNATORY', 'DUTY_OFFICER', 'ADMIN']))
   $$`,

  // As before, and the rules of signature. An urgent publication leaves without: nothing holds an evacuation back.
  `create or replace function revision_frozen() returns trigger language plpgsql as $$
   declare
     approvals int;
     needed int;
   begin
     if tg_op = 'INSERT' then
       if new.published_at is not null then
         raise exception 'a revision is published by approval, never inserted as published' using errcode = 'TOC01';
       end if;
       return new;
     end if;
     if old.published_at is not null then
       raise exception '% of a published revision is refused', tg_op using errcode = 'TOC02';
     end if;
     if tg_op = 'DELETE' then return old; end if;
     if new.published_at is null then return new; end if;
     if new.abandoned_at is not null then
       raise exception 'an abandoned revision is never published' using errcode = 'TOC01';
     end if;
     if new.content is distinct from old.content or new.content_hash is distinct from old.content_hash then
       raise exception 'publishing does not change the content' using errcode = 'TOC01';
     end if;
     if new.urgent_by_id is not null and coalesce(new.urgent_reason, '') <> '' then return new; end if;
     select count(distinct a.by_id) into approvals from approval a
       where a.revision_id = new.id and a.voided_at is null and a.content_hash = new.content_hash
         and not exists (select 1 from revision_editor e where e.revision_id = new.id and e.account_id = a.by_id);
     needed := case when new.severity = 'EXTREME' then 2 else 1 end;
     if approvals < needed then
       raise exception 'publication needs % approval(s) by people who did not edit it, has %', needed, approvals
         using errcode = 'TOC01';
     end if;
     if not is_signed(old.id) then
       raise exception 'publication needs people of other organisations to sign it (I-45)' using errcode = 'TOC01';
     end if;
     return new;
   end $$`,

  `create function dossier_cosigned() returns trigger language plpgsql as $$
   begin
     if old.cosign_due_at is not null and new.cosign_due_at is null and not is_signed(awaited_cosignature(old.id)) then
       raise exception 'this urgent publication needs people of other organisations to sign it (I-45)' using errcode = 'TOC01';
     end if;
     return new;
   end $$`,

  // Every publication reads the needs of every rule in force, so a need that cannot be read is never let in.
  `create function signature_rule_is_whole(one signature_rule) returns boolean language sql immutable as $$
     select one.kinds <> '{}' and coalesce(bool_and(case
       when jsonb_typeof(n.need->'anyOf') = 'array' and n.need->>'count' ~ '^[1-9]$' then jsonb_array_length(n.need->'anyOf') > 0
       else false end), false)
     from jsonb_array_elements(case when jsonb_typeof(one.needs) = 'array' then one.needs else '[]' end) as n(need)
   $$`,

  `create function signature_rule_guard() returns trigger language plpgsql as $$
   begin
     if tg_op = 'DELETE' then
       raise exception 'a rule of signature is ended, never deleted' using errcode = 'TOC02';
     end if;
     if tg_op = 'INSERT' then
       if new.state <> 'PROPOSED' or not signature_rule_is_whole(new)
         or num_nonnulls(new.approved_by_id, new.approved_at, new.end_asked_by_id, new.end_asked_at, new.ended_by_id, new.ended_at) > 0 then
         raise exception 'a rule of signature begins as a whole proposal (I-46)' using errcode = 'TOC02';
       end if;
       new.proposed_at := now();
       return new;
     end if;
     if old.state = 'ENDED' or (new.state, old.state) = ('PROPOSED', 'IN_FORCE')
       or (new.id, new.name, new.kinds, new.severity_at_least, new.response_types, new.needs, new.proposed_by_id, new.proposed_at)
         is distinct from (old.id, old.name, old.kinds, old.severity_at_least, old.response_types, old.needs, old.proposed_by_id, old.proposed_at) then
       raise exception 'a rule of signature never changes: end it, and propose another (I-46)' using errcode = 'TOC02';
     end if;
     if (new.state, old.state) = ('IN_FORCE', 'PROPOSED') then
       if new.approved_by_id is null or new.approved_by_id = new.proposed_by_id
         or not (may_vouch(new.proposed_by_id) and may_vouch(new.approved_by_id)) then
         raise exception 'an ADMIN puts a rule of signature in force that another one proposed, who is still there (I-46)' using errcode = 'TOC01';
       end if;
       new.approved_at := now();
     elsif (new.approved_by_id, new.approved_at) is distinct from (old.approved_by_id, old.approved_at) then
       raise exception 'a rule of signature is approved once, as it comes into force (I-46)' using errcode = 'TOC02';
     end if;
     if new.end_asked_by_id is distinct from old.end_asked_by_id then
       if new.state <> 'IN_FORCE' or (old.end_asked_by_id is not null and may_vouch(old.end_asked_by_id)) then
         raise exception 'the end of a rule in force is asked for once, by an ADMIN who is still there (I-46)' using errcode = 'TOC02';
       end if;
       new.end_asked_at := now();
     elsif new.end_asked_at is distinct from old.end_asked_at then
       raise exception 'the end of a rule of signature is asked for once (I-46)' using errcode = 'TOC02';
     end if;
     if new.state = 'ENDED' then
       if old.state = 'IN_FORCE' and (new.ended_by_id is null or old.end_asked_by_id is null or new.ended_by_id = old.end_asked_by_id
         or not (may_vouch(old.end_asked_by_id) and may_vouch(new.ended_by_id))) then
         raise exception 'an ADMIN ends a rule in force once another one has asked for it, who is still there (I-46)' using errcode = 'TOC01';
       end if;
       new.ended_at := now();
     elsif num_nonnulls(new.ended_by_id, new.ended_at) > 0 then
       raise exception 'a rule of signature that has not ended was ended by nobody (I-46)' using errcode = 'TOC02';
     end if;
     return new;
   end $$`,
];

const triggers = [
  `create trigger dossier_cosigned before update on dossier for each row execute function dossier_cosigned()`,
  `create trigger signature_rule_guard before insert or update or delete on signature_rule for each row execute function signature_rule_guard()`,
  // The schema comparison does not read TRUNCATE triggers back, so this stands in the migration alone.
  `create trigger signature_rule_never_truncated before truncate on signature_rule for each statement execute function refuse_change()`,
];

// As it stands, and a rule of signature.
const auditState = alsoAudited('(select to_jsonb(u) from signature_rule u where u.id = thing)');

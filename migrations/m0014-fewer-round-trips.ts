import { Migration } from '@mikro-orm/migrations';

/**
 * What a mutation locks and then reads, in one statement in place of two. The functions are VOLATILE: each statement inside
 * them sees what was committed before it began, and so what the lock waited for.
 */
export class M0014FewerRoundTrips extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  // Commands on one subject wait for each other; the state is that of the subject once this one's turn has come.
  `create function audit_opening(thing uuid) returns text language plpgsql volatile as $$
   begin
     perform pg_advisory_xact_lock(hashtextextended(thing::text, 1));
     return audit_state(thing);
   end $$`,

  // One transaction draws at a time. The second is the first from then on that comes after the thread's own and is no message's.
  `create function draw_cap_message(of_thread uuid, not_before timestamptz, out earlier int, out sent timestamptz)
   language plpgsql volatile as $$
   begin
     perform pg_advisory_xact_lock(hashtext('tocsin cap message'));
     select count(*), greatest(date_trunc('second', not_before), max(m.sent) + interval '1 second') into earlier, sent
       from cap_message m where m.thread = of_thread;
     if exists (select 1 from cap_message m where m.sent = draw_cap_message.sent) then
       select m.sent + interval '1 second' into sent from cap_message m
         where m.sent >= draw_cap_message.sent
           and not exists (select 1 from cap_message n where n.sent = m.sent + interval '1 second')
         order by m.sent limit 1;
     end if;
   end $$`,
];

import { afterAll, expect, it } from 'vitest';
import { leaseDue, returnLease } from '../../src/channels/webhooks/delivery/attempt.commands.ts';
import { openDatabase } from '../../src/database/connection.ts';
import { entities } from '../../src/entities.ts';
import { testDatabase } from '../support/database/database.ts';

const { url } = await testDatabase();
// A look at each of the messages would take far longer than that.
const database = await openDatabase({ url, entities, statementSeconds: 10 });
afterAll(() => database.close());
const run = (sql: string) => database.pool.query(sql);
const em = () => database.orm.em.fork();

it('takes of each webhook the earliest message that waits and every ping, out of 60,000, and leaves the paused', async () => {
  await run(
    `insert into account (id, version, issuer, subject, name, created_at)
     values (gen_random_uuid(), 1, 'development', 'scheduler', 'Scheduler', now())`,
  );
  await run(
    `insert into webhook (id, version, owner_id, name, url, modes, networks, language, created_at, position, paused)
     select gen_random_uuid(), 1, a.id, n::text, 'https://hook.example/', '{ACTUAL}', '{}', 'fr-FR', now(), 12000,
       case when n = 5 then 'BY_HAND' end
     from account a, generate_series(1, 5) n`,
  );
  await run(
    `insert into webhook_delivery (id, webhook_id, position, type, body, state, attempts, created_at, due_at)
     select gen_random_uuid(), w.id, g, 'publication.verified', '{}',
       case when g <= 6000 then 'DELIVERED' else 'PENDING' end, 0, now(), now() - interval '1 hour'
     from webhook w, generate_series(1, 12000) g`,
  );
  await run(
    `insert into webhook_delivery (id, webhook_id, type, body, state, attempts, created_at, due_at)
     select gen_random_uuid(), id, 'webhook.ping', '{}', 'PENDING', 0, now(), now() - interval '1 hour' from webhook
     where name in ('1', '5')`,
  );
  await run('analyze webhook_delivery');
  const now = new Date();
  const first = await leaseDue(em(), now, 32);
  expect(first.map(({ position }) => position).toSorted()).toEqual([6001, 6001, 6001, 6001, null, null]);
  expect(await leaseDue(em(), now, 32)).toEqual([]);
  for (const message of first) await returnLease(em(), message);
  expect(await leaseDue(em(), new Date(now.getTime() - 2 * 3600_000), 32)).toEqual([]);
  const again = await leaseDue(em(), now, 3);
  expect(again.map(({ attempts }) => attempts)).toEqual([1, 1, 1]);
});

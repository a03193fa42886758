import { randomUUID } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { until } from '../../../src/development/embedded/processes.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { publishNew } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';
import { mailBy } from '../../support/institutions/mail-desk.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { readByMailparser } from '../../support/receivers/mail-readers.ts';
import { startMailServer } from '../../support/receivers/mail-server.ts';

const MANY = 200;
const { url } = await testDatabase();
const first = await startMailServer({ closes: afterAll });
const hubs = [
  await startHub({ url, more: { mail: mailBy(first) } }),
  await startHub({ url, more: { mail: mailBy(first) } }),
] as const;
afterAll(() => Promise.all(hubs.map((hub) => hub.close())));

it('two hubs, of which one ends in the middle, lose no letter of many behind a relay that refuses one and is away for a while', async () => {
  await withSession(url, async (session) => {
    const institution = randomUUID();
    await session.query(
      `insert into institution (id, version, kind, name, language, exercises, created_at, since)
       values ($1, 1, 'TOWN_HALL', 'Mairie', 'fr-FR', false, now(), 0)`,
      [institution],
    );
    await session.query(
      `insert into mailbox (id, institution_id, address, label, personal, state, key, invited_at)
       select gen_random_uuid(), $1, 'm' || n || '@ville.example', 'Accueil', false, 'MANDATED', gen_random_uuid()::text, now()
       from generate_series(1, $2::int) as n`,
      [institution, MANY],
    );
  });
  first.onRecipient((address) => (address === 'm7@ville.example' ? '550 5.1.1 unknown' : undefined));
  await publishNew(hubs[0]);
  await until(() => first.taken.length >= 20, PATIENCE_MS);
  await hubs[1].close();
  // Gone in the middle of what it was handed, and back at the same address.
  await first.close();
  const taken = [...first.taken];
  const second = await startMailServer({ port: first.port, pair: first.pair });
  second.onRecipient((address) => (address === 'm7@ville.example' ? '550 5.1.1 unknown' : undefined));
  const all = () => [...taken, ...second.taken];
  const told = () => new Set(all().map(({ to }) => to[0]));
  await until(() => told().size === MANY - 1, 2 * PATIENCE_MS);
  expect(told().has('m7@ville.example')).toBe(false);
  const idsOf = new Map<string, Set<string>>();
  for (const { to, raw } of all()) {
    const { messageId } = await readByMailparser(raw);
    const [address = ''] = to;
    idsOf.set(address, (idsOf.get(address) ?? new Set()).add(messageId));
  }
  // Whoever got it twice got the same letter twice.
  expect([...idsOf.values()].every((ids) => ids.size === 1)).toBe(true);
  const states = await withSession(url, async (session) => {
    const { rows } = await session.query<{ state: string; count: number }>(
      'select state, count(*)::int as count from letter group by 1 order by 1',
    );
    return rows;
  });
  expect(states).toEqual([
    { state: 'REFUSED', count: 1 },
    { state: 'SENT', count: MANY - 1 },
  ]);
});

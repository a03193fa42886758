import { afterAll, expect, it } from 'vitest';
import { until } from '../../../src/development/embedded/processes.ts';
import { LETTERS_AT_ONCE } from '../../../src/mail/mailer.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { temporaryFolder } from '../../support/database/embedded.ts';
import { publishNew } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';
import { addressOf, startHubProcess } from '../../support/hub/started-hub.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { readByMailparser } from '../../support/receivers/mail-readers.ts';
import { startMailServer, type TakenLetter } from '../../support/receivers/mail-server.ts';

const MANY = 200;
/** How many letters have gone when a hub is killed. */
const BEFORE_KILL = 80;

const { url } = await testDatabase();
const relay = await startMailServer({ closes: afterAll, authOptional: true });

/** Mailboxes that get every letter. */
const writeDown = (): Promise<unknown> =>
  withSession(url, (session) =>
    session.query(
      `with house as (
         insert into institution (id, version, kind, name, language, exercises, created_at, since)
         values (gen_random_uuid(), 1, 'TOWN_HALL', 'Mairie', 'fr-FR', false, now(), 0) returning id)
       insert into mailbox (id, institution_id, address, label, personal, state, key, invited_at)
       select gen_random_uuid(), house.id, 'm' || n || '@ville.example', 'Accueil', false, 'MANDATED', gen_random_uuid()::text, now()
       from house, generate_series(1, $1::int) as n`,
      [MANY],
    ),
  );

const lettersByState = () =>
  withSession(url, async (session) => {
    const { rows } = await session.query<{ state: string; count: number }>(
      'select state, count(*)::int as count from letter where leased_until is null group by 1',
    );
    return rows;
  });

it(`of two hubs one is killed in the middle of ${MANY} letters: none is lost, and at most what it had in hand comes twice, as the same letter`, async () => {
  const first = await startHub({ url });
  await publishNew(first);
  await first.close();
  const env = {
    ...{ PORT: '0', DATABASE_URL: url, TOCSIN_DATA_DIR: await temporaryFolder(), TOCSIN_DEMO: 'false' },
    ...{ TOCSIN_SMTP_URL: `smtp://127.0.0.1:${relay.port}`, TOCSIN_MAIL_FROM: 'alerte@essonne.example' },
    TOCSIN_PUBLIC_URL: 'https://tocsin.example',
  };
  const hubs = [startHubProcess({ env }), startHubProcess({ env })] as const;
  for (const hub of hubs) await addressOf(hub);

  // Once so many have gone the relay keeps its answers to itself, until each hub has waited for all that it may have under way.
  const held: ((says: undefined) => void)[] = [];
  let isOver = false;
  const holds = () => !isOver && relay.taken.length >= BEFORE_KILL;
  relay.onLetter(() => (holds() ? new Promise<undefined>((answer) => held.push(answer)) : undefined));
  await writeDown();
  expect(await until(() => held.length === 2 * LETTERS_AT_ONCE, PATIENCE_MS), hubs[0].printed()).toBe(true);
  hubs[0].process.kill('SIGKILL');
  await hubs[0].ended;
  isOver = true;
  for (const answer of held) answer(undefined);

  const settled = async () => (await lettersByState()).every(({ state, count }) => state === 'SENT' && count === MANY);
  expect(await until(settled, 2 * PATIENCE_MS), JSON.stringify(await lettersByState())).toBe(true);
  const byMailbox = Map.groupBy(relay.taken, ({ to }: TakenLetter) => to[0] ?? '');
  expect(byMailbox.size).toBe(MANY);
  const twice = [...byMailbox.values()].filter(({ length }) => length > 1);
  // The relay had taken all of what the dead hub had in hand.
  expect(twice).toHaveLength(LETTERS_AT_ONCE);
  for (const [one, other, ...more] of twice) {
    expect(more).toEqual([]);
    expect(one && other && one.raw.equals(other.raw)).toBe(true);
  }
  const ids = await Promise.all([...byMailbox.values()].map(async ([one]) => one && readByMailparser(one.raw)));
  expect(new Set(ids.map((one) => one?.messageId)).size).toBe(MANY);
  // testDatabase wants no session left behind.
  hubs[1].process.kill('SIGTERM');
  expect(await hubs[1].ended).toBe(0);
});

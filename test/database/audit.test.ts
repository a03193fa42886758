import type { EntityManager } from '@mikro-orm/postgresql';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { resolveAccount } from '../../src/access/account.queries.ts';
import type { Actor } from '../../src/access/actor.ts';
import { SetClock } from '../../src/clock.ts';
import { sqlOver } from '../../src/database/sql.ts';
import { audited } from '../../src/office/audit.commands.ts';
import { AuditEntry } from '../../src/office/audit.entity.ts';
import { verifyAudit } from '../../src/office/audit.queries.ts';
import { erasePersonalData, readPersonalData } from '../../src/reports/personal/personal.commands.ts';
import { claimReport, dismissReport, escalateReport } from '../../src/reports/report.commands.ts';
import { submitReport } from '../../src/reports/submit.commands.ts';
import { withSession } from '../support/database/cluster.ts';
import { NOON, reportDesk, reportOf } from '../support/desk/report-desk.ts';

const { em, person, territory, url } = await reportDesk();
const volunteer = await person('VOLUNTEER');
const checker = await person('CHECKER');
const clock = new SetClock(NOON);
afterAll(() => clock.set(NOON));

type Deed = Parameters<typeof audited>[1];
const run = <T>(actor: Actor | null, deed: Deed, work: (inside: EntityManager) => Promise<T>): Promise<T> =>
  em().transactional((inside) =>
    audited({ em: inside as EntityManager, actor, at: clock.now(), holdsRoles: false }, deed, () =>
      work(inside as EntityManager),
    ),
  );
const submit = (text = 'Appel du 06 12 34 56 78') =>
  run(volunteer, { action: 'submitReport' }, (inside) =>
    submitReport({ em: inside, actor: volunteer, clock, territory }, reportOf(text)),
  );
const escalate = (id: string) =>
  run(checker, { action: 'escalateReport', subject: id }, (inside) =>
    escalateReport({ em: inside, actor: checker, clock }, { id }),
  );
const entriesOf = (subject: string) => em().find(AuditEntry, { subject }, { orderBy: { position: 'asc' } });
const verify = () => withSession(url, (session) => verifyAudit(sqlOver(session)));
/** What a hand at the database's prompt can do that has first put the triggers out of the way. */
const tamper = (...statements: string[]) =>
  withSession(url, async (session) => {
    for (const statement of ['set session_replication_role = replica', ...statements]) await session.query(statement);
  });

beforeEach(async () => {
  await tamper('delete from audit_entry', `update audit_head set position = 0, hash = ''`);
});

it('a mutation leaves one entry: who, what, to what, when, and its state before and after (I-14)', async () => {
  const { id } = await submit();
  await escalate(id);
  const [first, second, ...more] = await entriesOf(id);
  expect(more).toEqual([]);
  expect(first).toMatchObject({
    action: 'submitReport',
    actor: volunteer.id,
    at: clock.now(),
    stateBefore: null,
    position: 1,
  });
  expect(second).toMatchObject({
    action: 'escalateReport',
    actor: checker.id,
    stateBefore: first?.stateAfter,
    position: 2,
  });
  expect(second?.stateAfter).not.toBe(second?.stateBefore);
  expect(await verify()).toEqual({ sound: 2, fault: null });
});

it('a mutation that is refused leaves no entry', async () => {
  const { id } = await submit();
  await expect(
    run(volunteer, { action: 'escalateReport', subject: id }, (inside) =>
      escalateReport({ em: inside, actor: volunteer, clock }, { id }),
    ),
  ).rejects.toMatchObject({ code: 'FORBIDDEN' });
  expect(await entriesOf(id)).toHaveLength(1);
});

it('every reading of personal data is recorded, and so is their erasure (I-15)', async () => {
  const { id } = await submit();
  await run(checker, { action: 'readPersonalData', subject: id }, (inside) =>
    readPersonalData({ em: inside, actor: checker, clock }, { id }),
  );
  await run(checker, { action: 'dismissReport', subject: id }, (inside) =>
    dismissReport({ em: inside, actor: checker, clock }, { id, reason: 'Faux numéro' }),
  );
  await erasePersonalData(em(), new Date(Date.parse(NOON) + 90 * 86_400_000));
  await erasePersonalData(em(), new Date(Date.parse(NOON) + 90 * 86_400_000));
  expect((await entriesOf(id)).map(({ action, actor }) => [action, actor])).toEqual([
    ['submitReport', volunteer.id],
    ['readPersonalData', checker.id],
    ['dismissReport', checker.id],
    ['erasePersonalData', null],
  ]);
});

it('what the clock did without changing anything leaves no entry', async () => {
  const { id } = await submit();
  await run(null, { action: 'ENDED', subject: id }, async () => undefined);
  expect(await entriesOf(id)).toHaveLength(1);
});

it('many at once, with rollbacks among them, make one chain without a gap, and the states of a subject meet', async () => {
  const { id } = await submit();
  const accountOf = async (index: number) =>
    (await resolveAccount(em(), { issuer: 'test', subject: `audit-${index}`, name: `Personne ${index}` })).id;
  const people = await Promise.all([1, 2, 3, 4].map(async (index) => ({ ...checker, id: await accountOf(index) })));
  await Promise.allSettled(
    people.flatMap((actor) => [
      submit(),
      run(actor, { action: 'claimReport', subject: id }, (inside) => claimReport({ em: inside, actor, clock }, { id })),
      run(actor, { action: 'escalateReport', subject: id }, async (inside) => {
        await escalateReport({ em: inside, actor, clock }, { id });
        throw new Error('the transaction is rolled back');
      }),
      escalate(id),
    ]),
  );
  const entries = await entriesOf(id);
  entries.slice(1).forEach((entry, index) => void expect(entry.stateBefore).toBe(entries[index]?.stateAfter));
  expect(await verify()).toEqual({ sound: await em().count(AuditEntry), fault: null });
  // The first submission, one more by each of four, one claim that wins, four escalations.
  expect(await em().count(AuditEntry)).toBe(10);
});

it('entries are never changed or deleted, not even by the table’s owner', async () => {
  await submit();
  const connection = em().getConnection();
  for (const statement of [
    `update audit_entry set action = 'approveDossier'`,
    'update audit_entry set position = 7',
    'delete from audit_entry',
    'truncate audit_entry',
    'truncate audit_head',
    `insert into audit_entry (id, position, at, action, hash) values (gen_random_uuid(), 9, now(), 'approveDossier', '')`,
  ])
    await expect(connection.execute(statement), statement).rejects.toThrow(/refused|stamped/);
});

const broken: [string, string[], RegExp][] = [
  [
    'changed',
    [`update audit_entry set action = 'approveDossier' where position = 3`],
    /entry 3 .* is not what was written/,
  ],
  ['dropped', ['delete from audit_entry where position = 3'], /entry 3 is missing/],
  ['dropped at the end', ['delete from audit_entry where position = 5'], /entry 5 is missing/],
  [
    'reordered',
    [
      'update audit_entry set position = -position where position in (2, 4)',
      'update audit_entry set position = 6 + position where position < 0',
    ],
    /entry 2 .* is not what was written/,
  ],
  [
    'slipped in',
    [`insert into audit_entry (id, at, action) values (gen_random_uuid(), now(), 'approveDossier')`],
    /has no place in the chain/,
  ],
  [
    'replaced at the end with a hash of its own',
    [`update audit_entry set hash = repeat('0', 64) where position = 5`],
    /entry 5 .* is not what was written/,
  ],
  ['left without its head', ['delete from audit_head'], /the head of the chain is missing/],
];

it.each(broken)('verification names the first broken row when one was %s by hand', async (_how, statements, fault) => {
  for (let index = 0; index < 5; index++) await submit();
  expect(await verify()).toEqual({ sound: 5, fault: null });
  await tamper(...statements);
  const { fault: found } = await verify();
  await tamper(`insert into audit_head (id, position, hash) values (1, 0, '') on conflict do nothing`);
  expect(found).toMatch(fault);
});

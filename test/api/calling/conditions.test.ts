import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aTurn,
  type CallingDesk,
  callingDesk,
  callsOf,
  rungOf,
  type SeenCall,
  takeCall,
} from '../../support/crisis-cell/calling-desk.ts';
import { removeShift, type SeenShift, saveShift, shiftInput } from '../../support/crisis-cell/duty-desk.ts';
import { newIncident, onIncident } from '../../support/crisis-cell/incident-desk.ts';
import { withSession } from '../../support/database/cluster.ts';
import { hoursFromNow, refusal } from '../../support/desk/desk.ts';
import { DEAD_RELAY, invite, saveInstitution } from '../../support/institutions/mail-desk.ts';
import { PATIENCE_MS } from '../../support/patience.ts';

/** People are called to conditions that last until somebody mends them, by one of two hubs. */
let desk: CallingDesk;
beforeAll(async () => {
  desk = await callingDesk({ more: { mail: DEAD_RELAY } });
  await desk.second({ more: { mail: DEAD_RELAY } });
});
afterAll(() => desk.close());

const HOLDER = '00000000-0000-4000-8000-000000000000';
const isOpen = ({ endedAt }: { endedAt: string | null }) => endedAt === null;
type WithTopic = SeenCall & { topic: string; incident: { id: string } | null };
async function calls(reason: string, persona: 'checker' | 'admin' | 'signatory' = 'checker'): Promise<WithTopic[]> {
  const answer = await desk.hub.as(persona).request<{ calls: { nodes: WithTopic[] } }>(
    `query ($reason: CallReason!) {
       calls(where: { reasons: [$reason] }, first: 100) {
         nodes { id reason state mode topic incident { id } endedAt nextAt steps { account { id } } } } }`,
    { reason },
  );
  return answer.calls.nodes.reverse();
}
const run = (statement: string, ...values: unknown[]) =>
  withSession(desk.url, (session) => session.query(statement, values));
const until = async (reason: string, seen: (all: WithTopic[]) => boolean): Promise<WithTopic[]> => {
  await expect.poll(async () => seen(await calls(reason)), { timeout: PATIENCE_MS }).toBe(true);
  return calls(reason);
};
const onFor = (
  persona: 'validator' | 'duty' | 'checker' | 'editor',
  dutyFunction: string,
  hours: [number, number],
  more = {},
) =>
  saveShift(
    desk.hub,
    shiftInput(desk.account(persona), {
      dutyFunction,
      from: hoursFromNow(hours[0]),
      to: hoursFromNow(hours[1]),
      ...more,
    }),
  );

describe('ROSTER_HOLE', () => {
  it('calls nobody where nobody keeps a roster', async () => {
    await aTurn(desk);
    expect(await calls('ROSTER_HOLE')).toEqual([]);
  });

  it('calls to a function that nobody will have, the lead first, then the ADMINs, until it is filled', async () => {
    const { account, pass } = desk;
    await onFor('validator', 'VALIDATOR', [-1, 48]);
    await onFor('checker', 'LEAD', [-1, 48]);
    // The hour from 3 to 4 is empty.
    await onFor('duty', 'DUTY_OFFICER', [-1, 3]);
    await onFor('duty', 'DUTY_OFFICER', [4, 48]);
    const [call] = await until('ROSTER_HOLE', (all) => all[0]?.steps.length === 1);
    expect(call).toMatchObject({ topic: 'DUTY_OFFICER', incident: null, mode: 'ACTUAL', state: 'RINGING' });
    expect(call && rungOf(call)).toEqual([account('checker')]);
    pass(60);
    const [rung] = await until('ROSTER_HOLE', (all) => all[0]?.steps.length === 3);
    expect(rung && rungOf(rung).slice(1).sort()).toEqual([account('admin'), account('admin2')].sort());
    await onFor('editor', 'DUTY_OFFICER', [2, 5]);
    await until('ROSTER_HOLE', (all) => all.length === 1 && all[0]?.state === 'DONE');
    await aTurn(desk);
    expect(await calls('ROSTER_HOLE')).toHaveLength(1);
  });

  it('is done where somebody took it, and comes again after 12 hours; a gap of minutes is none', async () => {
    const { hub, pass, clock } = desk;
    const before = (await calls('ROSTER_HOLE')).length;
    const short = await newIncident(hub, 'trou-court');
    await onIncident(hub, 'duty', 'setIncidentLevel', {
      id: short.id,
      version: 1,
      level: 'REINFORCED',
      reason: 'Crue.',
    });
    const lag = (clock.now().getTime() - Date.now()) / 3_600_000;
    const own = { incident: short.id };
    const shifts: SeenShift[] = [
      await onFor('checker', 'CHECKER', [lag, lag + 10], own),
      await onFor('checker', 'CHECKER', [lag + 10.2, lag + 40], own),
    ];
    await aTurn(desk);
    expect(await calls('ROSTER_HOLE')).toHaveLength(before);
    if (shifts[1]) await removeShift(hub, shifts[1]);
    const [call] = (await until('ROSTER_HOLE', (all) => all.length === before + 1)).slice(before);
    expect(call).toMatchObject({ topic: 'CHECKER', incident: { id: short.id } });
    await takeCall(hub, 'editor', call?.id ?? '');
    pass(15);
    await until('ROSTER_HOLE', (all) => all[before]?.state === 'DONE');
    await aTurn(desk);
    expect(await calls('ROSTER_HOLE')).toHaveLength(before + 1);
    pass(12 * 60);
    await until('ROSTER_HOLE', (all) => all.filter(({ topic }) => topic === 'CHECKER').length === 2);
    // It is of the incident, and goes with it; it does not keep it from being closed.
    await onIncident(hub, 'validator', 'closeIncident', { id: short.id, version: 2, reason: 'Décrue.' });
    const states = (await calls('ROSTER_HOLE')).filter(({ topic }) => topic === 'CHECKER').map(({ state }) => state);
    expect(states.sort()).toEqual(['DONE', 'LAPSED']);
    await aTurn(desk);
    expect((await calls('ROSTER_HOLE')).filter(({ topic }) => topic === 'CHECKER')).toHaveLength(2);
  });
});

describe('HUB_FAULT', () => {
  it('calls ADMINs once no letter has left for 10 minutes, then the lead, until one leaves', async () => {
    const { hub, account, pass } = desk;
    // Nobody listens where the relay should be.
    await invite(hub, (await saveInstitution(hub)).id, 'accueil@longjumeau.example');
    pass(9);
    await aTurn(desk);
    expect(await calls('HUB_FAULT')).toEqual([]);
    pass(1);
    const [call] = await until('HUB_FAULT', (all) => all[0]?.steps.length === 2);
    expect(call).toMatchObject({ topic: 'LETTERS', state: 'RINGING' });
    expect(call && rungOf(call).sort()).toEqual([account('admin'), account('admin2')].sort());
    await run(`update letter set attempts = 1`);
    await until('HUB_FAULT', (all) => all.length === 1 && all[0]?.state === 'DONE');
  });

  it('is said by the others where nobody keeps time for a while, and ends once somebody does', async () => {
    const { pass } = desk;
    await withSession(desk.url, async (session) => {
      // As a hub that holds the lease, and does nothing.
      const hold = (anew: number) =>
        session.query(
          `update timekeeping_lease set fencing = fencing + ${anew}, holder = '${HOLDER}', session = pg_backend_pid(),
             until = now() + interval '9 seconds', kept_at = now() - interval '11 minutes'`,
        );
      await hold(1);
      const untilTold = (seen: (call: WithTopic | undefined) => boolean) =>
        expect
          .poll(
            async () => {
              await hold(0);
              return seen((await calls('HUB_FAULT')).find(({ topic }) => topic === 'TIME'));
            },
            { timeout: PATIENCE_MS, interval: 250 },
          )
          .toBe(true);
      await untilTold((call) => call !== undefined);
      pass(1);
      await untilTold((call) => call?.steps.length === 2);
    });
    // Its session has ended: another hub keeps time.
    await until('HUB_FAULT', (all) => all.find(({ topic }) => topic === 'TIME')?.state === 'DONE');
  });
});

describe('an ADMIN', () => {
  it('reads and takes the calls to which ADMINs are called, and no other', async () => {
    const { hub } = desk;
    const reasons = (await callsOf(hub, {}, 'admin')).map(({ reason }) => reason);
    expect(new Set(reasons)).toEqual(new Set(['ROSTER_HOLE', 'HUB_FAULT']));
    const [test] = await callsOf(hub, { reasons: ['TEST'] });
    expect((await refusal(takeCall(hub, 'admin', test?.id ?? ''))).code).toBe('NOT_FOUND');
    desk.pass(24 * 60);
    const [hole] = (await until('ROSTER_HOLE', (all) => all.some(isOpen))).filter(isOpen);
    expect(await calls('ROSTER_HOLE', 'signatory')).toEqual([]);
    expect((await refusal(takeCall(hub, 'signatory', hole?.id ?? ''))).code).toBe('NOT_FOUND');
    expect(await takeCall(hub, 'admin', hole?.id ?? '')).toMatchObject({ state: 'TAKEN' });
  });
});

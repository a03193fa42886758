import { expect } from 'vitest';
import { SetClock } from '../../../src/clock.ts';
import type { Persona } from '../../../src/development/development-tokens.ts';
import { testDatabase } from '../database/database.ts';
import type { Desk } from '../desk/desk.ts';
import { type Hub, type HubOptions, startHub } from '../hub/hub.ts';
import { PATIENCE_MS } from '../patience.ts';
import { idOf, saveShift, shiftInput } from './duty-desk.ts';

const MINUTE = 60_000;

/** A call as the desk sees it. */
export interface SeenCall {
  id: string;
  reason: string;
  state: string;
  mode: string;
  startedAt: string;
  endedAt: string | null;
  nextAt: string | null;
  takenBy: { id: string } | null;
  takenUntil: string | null;
  note: string | null;
  steps: { account: { id: string }; way: string; rungAt: string; outcome: string }[];
  dossier: { id: string } | null;
  report: { id: string } | null;
}
export const CALL = `id reason state mode startedAt endedAt nextAt takenBy { id } takenUntil note
  steps { account { id } way rungAt outcome } dossier { id } report { id }`;

/** Calls, the oldest first. */
export async function callsOf(hub: Desk, where: object = {}, persona: Persona = 'checker'): Promise<SeenCall[]> {
  const { calls } = await hub
    .as(persona)
    .request<{ calls: { nodes: SeenCall[] } }>(
      `query ($where: CallFilter) { calls(where: $where, first: 100) { nodes { ${CALL} } } }`,
      { where },
    );
  return calls.nodes.reverse();
}

/** The newest call about a dossier or a report. */
export async function callAbout(hub: Desk, subject: string, reason?: string): Promise<SeenCall> {
  const calls = await callsOf(hub, reason ? { reasons: [reason] } : {});
  const found = calls.findLast(({ dossier, report }) => (dossier ?? report)?.id === subject);
  if (!found) throw new Error(`nobody is called to ${subject}`);
  return found;
}

/** One deed on a call; answers it as it then stood. */
async function answer(hub: Desk, persona: Persona, deed: string, variables: object): Promise<SeenCall> {
  const { done } = await hub
    .as(persona)
    .request<{ done: { call: SeenCall } }>(`mutation ${deed} { call { ${CALL} } } }`, variables);
  return done.call;
}

export const takeCall = (hub: Desk, persona: Persona, id: string): Promise<SeenCall> =>
  answer(hub, persona, '($id: ID!) { done: takeCall(id: $id)', { id });

export const passCall = (hub: Desk, persona: Persona, id: string, note: string | null = null): Promise<SeenCall> =>
  answer(hub, persona, '($id: ID!, $note: String) { done: passCall(id: $id, note: $note)', { id, note });

export const testCall = (
  hub: Desk,
  persona: Persona,
  account: string,
  ways: readonly string[] | null = null,
): Promise<SeenCall> =>
  answer(hub, persona, '($account: ID!, $ways: [ContactWay!]) { done: testCall(account: $account, ways: $ways)', {
    account,
    ways,
  });

/** A hub over a database of its own, whose clock a test moves on, and the people of its desk. */
export interface CallingDesk {
  hub: Hub;
  url: string;
  clock: SetClock;
  /** The account of a persona. */
  account(persona: Persona): string;
  /** Puts a persona on the roster from an hour ago on. */
  onDuty(persona: Persona, dutyFunction: string, more?: object): Promise<void>;
  /** Moves the clock on. */
  pass(minutes: number): void;
  /** Another hub over the same database, by the same clock. */
  second(more?: Partial<HubOptions>): Promise<Hub>;
  close(): Promise<void>;
}

const STAFF = ['editor', 'editor2', 'validator', 'validator2', 'duty', 'checker', 'volunteer', 'admin'] as const;
const PEOPLE = [...STAFF, 'admin2', 'signatory'] as const;

export async function callingDesk(more: Partial<HubOptions> = {}): Promise<CallingDesk> {
  const { url } = await testDatabase();
  const clock = new SetClock(new Date());
  const hub = await startHub({ url, clock, ...more });
  const hubs = [hub];
  const accounts = new Map<Persona, string>();
  for (const persona of PEOPLE) accounts.set(persona, await idOf(hub, persona));
  const account = (persona: Persona) => accounts.get(persona) ?? '';
  return {
    hub,
    url,
    clock,
    account,
    onDuty: async (persona, dutyFunction, input = {}) => {
      await saveShift(hub, shiftInput(account(persona), { dutyFunction, ...input }));
    },
    pass: (minutes) => clock.set(new Date(clock.now().getTime() + minutes * MINUTE)),
    second: async (options = {}) => {
      const second = await startHub({ url, clock, ...options });
      hubs.push(second);
      return second;
    },
    close: async () => {
      for (const one of hubs) await one.close();
    },
  };
}

/** The accounts that a call has rung, in that order. */
export const rungOf = (call: SeenCall): string[] => call.steps.map(({ account }) => account.id);

/** Waits until the newest call about something is as it should be; answers it. */
export async function untilCall(
  hub: Desk,
  subject: string,
  isAsWanted: (call: SeenCall) => boolean,
  reason?: string,
): Promise<SeenCall> {
  let seen: SeenCall | undefined;
  await expect
    .poll(
      async () => {
        seen = (await callsOf(hub, reason ? { reasons: [reason] } : {})).findLast(
          ({ dossier, report }) => (dossier ?? report)?.id === subject,
        );
        return seen !== undefined && isAsWanted(seen);
      },
      { timeout: PATIENCE_MS },
    )
    .toBe(true);
  if (!seen) throw new Error(`nobody is called to ${subject}`);
  return seen;
}

/** Waits until exactly these people were rung for the newest call about something, in this order. */
export async function untilRung(hub: Desk, subject: string, people: readonly string[]): Promise<SeenCall> {
  const call = await untilCall(hub, subject, ({ steps }) => steps.length >= people.length);
  expect(rungOf(call)).toEqual(people);
  return call;
}

/** Lets the hub that keeps time do all that is due: a call that is due last was rung. */
export async function aTurn({ hub, account }: Pick<CallingDesk, 'hub' | 'account'>): Promise<void> {
  const { id } = await testCall(hub, 'validator', account('checker'));
  const steps = async () => (await callsOf(hub, { reasons: ['TEST'] })).find((call) => call.id === id)?.steps.length;
  await expect.poll(steps, { timeout: PATIENCE_MS }).toBe(1);
  await takeCall(hub, 'checker', id);
}

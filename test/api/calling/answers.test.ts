import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parisTime } from '../../../src/clock.ts';
import {
  aTurn,
  type CallingDesk,
  callAbout,
  callingDesk,
  callsOf,
  passCall,
  rungOf,
  takeCall,
  testCall,
  untilCall,
  untilRung,
} from '../../support/crisis-cell/calling-desk.ts';
import { alertInput, draft, refusal, step, type Written } from '../../support/desk/desk.ts';

/** What people answer to a call, at each of its steps. */
let desk: CallingDesk;
beforeAll(async () => {
  desk = await callingDesk();
  await desk.onDuty('validator', 'VALIDATOR');
  await desk.onDuty('validator2', 'VALIDATOR', { rank: 2 });
  await desk.onDuty('checker', 'LEAD');
});
afterAll(() => desk.close());

const at = (minutes: number) => parisTime(new Date(desk.clock.now().getTime() + minutes * 60_000));
const submitted = async (): Promise<Written> =>
  step(desk.hub, 'submitDossier', 'editor', await draft(desk.hub, 'Alert', alertInput()));
/** What is decided leaves the next test alone. */
const decide = (dossier: Written) => step(desk.hub, 'approveDossier', 'validator', dossier);

describe('takeCall', () => {
  it.each([0, 1, 2])('stops the ringing for 15 minutes after %i people more, then the next are rung', async (more) => {
    const { hub, account, pass } = desk;
    const ladder = [account('validator'), account('validator2'), account('checker')];
    const dossier = await submitted();
    const rung = ladder.slice(0, more + 1);
    await untilRung(hub, dossier.id, rung.slice(0, 1));
    for (let steps = 2; steps <= rung.length; steps += 1) {
      pass(10);
      await untilRung(hub, dossier.id, rung.slice(0, steps));
    }
    const { id } = await callAbout(hub, dossier.id);
    expect(await takeCall(hub, 'validator', id)).toMatchObject({
      state: 'TAKEN',
      takenBy: { id: account('validator') },
      takenUntil: at(15),
      nextAt: at(15),
      steps: [{ outcome: 'ANSWERED' }, ...rung.slice(1).map(() => ({ outcome: 'ACCEPTED' }))],
    });
    pass(14);
    await aTurn(desk);
    expect(rungOf(await callAbout(hub, dossier.id))).toEqual(rung);
    pass(1);
    const next = await untilCall(hub, dossier.id, ({ state }) => state !== 'TAKEN');
    expect([next.state, rungOf(next), next.takenBy]).toEqual(
      more === 2 ? ['EXHAUSTED', ladder, null] : ['RINGING', ladder.slice(0, more + 2), null],
    );
    await decide(dossier);
  });

  it('may be done by somebody who was not rung, who is not rung for it then', async () => {
    const { hub, account, pass } = desk;
    const dossier = await submitted();
    await untilRung(hub, dossier.id, [account('validator')]);
    await takeCall(hub, 'validator2', (await callAbout(hub, dossier.id)).id);
    pass(15);
    await untilRung(hub, dossier.id, [account('validator'), account('validator2'), account('checker')]);
    await decide(dossier);
  });

  it('is refused to a second person, to the person who caused the call, and once it is over', async () => {
    const { hub } = desk;
    const dossier = await submitted();
    const { id } = await callAbout(hub, dossier.id);
    expect((await refusal(takeCall(hub, 'editor', id))).code).toBe('FORBIDDEN');
    expect((await refusal(passCall(hub, 'editor', id))).code).toBe('FORBIDDEN');
    await takeCall(hub, 'validator', id);
    expect((await refusal(takeCall(hub, 'validator2', id))).code).toBe('CONFLICT');
    expect((await refusal(passCall(hub, 'validator2', id))).code).toBe('CONFLICT');
    await decide(dossier);
    expect((await refusal(takeCall(hub, 'validator', id))).code).toBe('WRONG_STAGE');
    expect((await refusal(takeCall(hub, 'validator', dossier.id))).code).toBe('NOT_FOUND');
  });

  it('is done by one of two who take it at once', async () => {
    const { hub } = desk;
    const dossier = await submitted();
    const { id } = await callAbout(hub, dossier.id);
    const both = await Promise.allSettled([takeCall(hub, 'validator', id), takeCall(hub, 'validator2', id)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await decide(dossier);
  });
});

describe('passCall', () => {
  it('rings the next people at once, with the note', async () => {
    const { hub, account } = desk;
    const dossier = await submitted();
    const { id } = await untilRung(hub, dossier.id, [account('validator')]);
    await takeCall(hub, 'validator', id);
    const passed = await passCall(hub, 'validator', id, 'Je suis en route.');
    expect(passed).toMatchObject({ state: 'RINGING', takenBy: null, takenUntil: null, note: 'Je suis en route.' });
    const next = await untilRung(hub, dossier.id, [account('validator'), account('validator2')]);
    expect(next).toMatchObject({ nextAt: at(10), steps: [{ outcome: 'ANSWERED' }, { outcome: 'ACCEPTED' }] });
    await decide(dossier);
  });

  it.each([
    ['a note that is too long', 'x'.repeat(1001)],
    ['a note with NUL', 'a\u0000b'],
    ['a note with half a sign', 'a\ud800b'],
  ])('is refused for %s, and nothing changes', async (_what, note) => {
    const { hub, account } = desk;
    const dossier = await submitted();
    const call = await untilRung(hub, dossier.id, [account('validator')]);
    const { code, fields } = await refusal(passCall(hub, 'validator', call.id, note));
    expect([code, (fields as { path: string }[])[0]?.path]).toEqual(['INVALID_INPUT', 'note']);
    expect(await callAbout(hub, dossier.id)).toEqual(call);
    await decide(dossier);
  });
});

describe('testCall', () => {
  const tests = async () => callsOf(desk.hub, { reasons: ['TEST'] });
  const last = async () => (await tests()).at(-1);

  it('rings one person, and is done once that person takes it', async () => {
    const { hub, account } = desk;
    const { id } = await testCall(hub, 'validator', account('duty'));
    await expect.poll(async () => (await last())?.steps.length).toBe(1);
    expect(await last()).toMatchObject({ id, state: 'RINGING', dossier: null, report: null, nextAt: at(10) });
    expect((await refusal(takeCall(hub, 'validator', id))).code).toBe('FORBIDDEN');
    expect((await refusal(testCall(hub, 'validator', account('duty')))).code).toBe('CONFLICT');
    expect((await refusal(passCall(hub, 'duty', id))).code).toBe('WRONG_STAGE');
    expect(await takeCall(hub, 'duty', id)).toMatchObject({ state: 'DONE', endedAt: at(0) });
  });

  it('ends by itself after 10 minutes without an answer', async () => {
    const { hub, account, pass } = desk;
    await testCall(hub, 'duty', account('validator2'));
    await expect.poll(async () => (await last())?.steps.length).toBe(1);
    pass(10);
    await expect.poll(async () => (await last())?.state).toBe('EXHAUSTED');
    expect(await last()).toMatchObject({ endedAt: at(0), nextAt: null });
  });

  it.each(['nobody', '00000000-0000-4000-8000-000000000000'])('is refused for %s', async (account) => {
    expect(await refusal(testCall(desk.hub, 'validator', account))).toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'account' }],
    });
  });
});

describe('calls', () => {
  it('are filtered by reason, state and the person who was rung', async () => {
    const { hub, account } = desk;
    const dossier = await submitted();
    await untilRung(hub, dossier.id, [account('validator')]);
    const idsOf = async (where: object, persona: 'validator' | 'validator2' = 'validator') =>
      (await callsOf(hub, where, persona)).map((call) => call.dossier?.id);
    const ringing = { reasons: ['REVIEW'], states: ['RINGING'] };
    expect(await idsOf(ringing)).toEqual([dossier.id]);
    expect(await idsOf({ ...ringing, mine: true })).toEqual([dossier.id]);
    expect(await idsOf({ ...ringing, mine: true }, 'validator2')).toEqual([]);
    expect(await idsOf({ reasons: ['COSIGN'] })).toEqual([]);
    expect(await idsOf({ states: [] })).toEqual([]);
    await decide(dossier);
  });
});

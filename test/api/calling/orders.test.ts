import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parisTime } from '../../../src/clock.ts';
import {
  aTurn,
  type CallingDesk,
  callAbout,
  callingDesk,
  callsOf,
  rungOf,
  takeCall,
  untilCall,
} from '../../support/crisis-cell/calling-desk.ts';
import { alertInput, closureInput, decisionInput, publishNew, release, revise } from '../../support/desk/desk.ts';

/** People are called to an oral order in force whose act has been awaited for 24 hours. */
const REASON = 'DECISION_UNCONFIRMED';
let desk: CallingDesk;
beforeAll(async () => {
  desk = await callingDesk();
  await desk.onDuty('validator', 'VALIDATOR');
  await desk.onDuty('checker', 'LEAD');
});
afterAll(() => desk.close());

const at = (hours: number) => parisTime(new Date(desk.clock.now().getTime() + hours * 3600_000));
/** Given so many hours ago. */
const order = (hours: number, more: object = {}) => {
  const decidedAt = at(-hours);
  const call = { heardAt: decidedAt, whyNotCalledBack: 'Standard coupé, reconnu à la voix' };
  return decisionInput({ form: 'ORAL_ORDER', act: null, decidedAt, call, ...more });
};
const spoken = (hours: number, more: object = {}) =>
  publishNew(desk.hub, 'Closure', closureInput({ decision: order(hours), startsAt: at(-1), endsAt: at(90), ...more }));
const rung = (id: string) => untilCall(desk.hub, id, ({ steps }) => steps.length > 0, REASON);
const about = async (id: string) =>
  (await callsOf(desk.hub, { reasons: [REASON] })).filter(({ dossier }) => dossier?.id === id);
const confirm = (id: string) =>
  desk.hub.as('validator2').request(
    `mutation ($id: ID!, $decidedAt: DateTime!) {
       confirmDecision(id: $id, revision: 1, act: "2026-42", decidedAt: $decidedAt) { asOf } }`,
    { id, decidedAt: at(0) },
  );

describe('DECISION_UNCONFIRMED', () => {
  it('rings the validators on duty after 24 hours, then the leads, until the order is confirmed', async () => {
    const { hub, account, pass } = desk;
    const { id } = await spoken(23);
    pass(59);
    await aTurn(desk);
    expect(await about(id)).toEqual([]);
    pass(2);
    const call = await rung(id);
    expect(call).toMatchObject({ state: 'RINGING', mode: 'ACTUAL', nextAt: at(1 / 6), dossier: { id } });
    expect(rungOf(call)).toEqual([account('validator')]);
    pass(10);
    const next = await untilCall(hub, id, ({ steps }) => steps.length === 2, REASON);
    expect(rungOf(next)).toEqual([account('validator'), account('checker')]);
    await confirm(id);
    expect(await callAbout(hub, id, REASON)).toMatchObject({ id: call.id, state: 'DONE', endedAt: at(0) });
    pass(25 * 60);
    await aTurn(desk);
    expect(await about(id)).toHaveLength(1);
  });

  it('is done where somebody took it to ask for the act, and comes again a day later', async () => {
    const { hub, pass } = desk;
    const { id } = await spoken(24);
    const call = await rung(id);
    await takeCall(hub, 'validator', call.id);
    pass(15);
    expect(await untilCall(hub, id, ({ endedAt }) => endedAt !== null, REASON)).toMatchObject({ state: 'DONE' });
    pass(23 * 60);
    await aTurn(desk);
    expect(await about(id)).toHaveLength(1);
    pass(60);
    await expect.poll(async () => (await about(id)).length).toBe(2);
    await confirm(id);
  });

  it('is done by a revision that names the act, and by none that leaves the order as it is', async () => {
    const { hub } = desk;
    const input = { decision: order(24), startsAt: at(-1), endsAt: at(90) };
    const published = await publishNew(hub, 'Closure', closureInput(input));
    const { id } = await rung(published.id);
    const revised = await release(
      hub,
      await revise(hub, 'Closure', published, closureInput({ ...input, cause: 'Chaussée inondée sur 200 m' })),
    );
    expect(await callAbout(hub, published.id, REASON)).toMatchObject({ id, endedAt: null });
    const written = { ...input.decision, form: 'WRITTEN_ACT', act: '2026-42', call: null };
    await release(hub, await revise(hub, 'Closure', revised, closureInput({ ...input, decision: written })));
    expect(await callAbout(hub, published.id, REASON)).toMatchObject({ id, state: 'DONE' });
  });

  it('is done once the publication is over, of alerts as well', async () => {
    const { hub } = desk;
    const { id, version } = await publishNew(hub, 'Alert', alertInput({ decision: order(30), endsAt: at(20) }));
    await rung(id);
    await hub
      .as('validator')
      .request(
        'mutation ($id: ID!, $version: Int!) { cancelPublication(id: $id, version: $version, reason: "Erreur") { asOf } }',
        { id, version },
      );
    expect(await callAbout(hub, id, REASON)).toMatchObject({ state: 'DONE', endedAt: at(0) });
  });

  it('is for what is in force alone, and for what no act is told of', async () => {
    const { hub } = desk;
    const planned = await spoken(30, { startsAt: at(5), endsAt: at(90) });
    const written = await publishNew(
      hub,
      'Closure',
      closureInput({ decision: decisionInput({ decidedAt: at(-30) }), startsAt: at(-1), endsAt: at(90) }),
    );
    const confirmed = await spoken(20);
    await confirm(confirmed.id);
    desk.pass(4 * 60 + 1);
    await aTurn(desk);
    for (const { id } of [planned, written, confirmed]) expect(await about(id)).toEqual([]);
    desk.pass(60);
    await rung(planned.id);
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
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
  untilCall,
} from '../../support/crisis-cell/calling-desk.ts';
import {
  endRule,
  moveTo,
  organisationOf,
  type Rule,
  ruleInForce,
  ruleInput,
} from '../../support/crisis-cell/signature-desk.ts';
import { withSession } from '../../support/database/cluster.ts';
import { alertInput, draft, refusal, revise, step, WRITTEN, type Written } from '../../support/desk/desk.ts';

/**
 * People are called to the signatures of organisations that a dossier lacks. Thomas Girard (validator2) and the signatory are of
 * the Sdis, everybody else of the Département.
 */
let desk: CallingDesk;
const inForce: Rule[] = [];
beforeAll(async () => {
  desk = await callingDesk();
  await desk.second();
  const sdis = await organisationOf(desk.hub, 'SDIS', 'Sdis 91');
  await desk.hub.as('admin2').request('{ viewer { id } }');
  for (const persona of ['validator2', 'signatory'] as const) await moveTo(desk.hub, persona, sdis);
  await desk.onDuty('validator', 'VALIDATOR');
  await desk.onDuty('checker', 'LEAD');
});
afterAll(() => desk.close());
afterEach(async () => {
  for (const rule of inForce.splice(0)) await endRule(desk.hub, rule);
});

const ask = async (anyOf = ['SDIS'], more: object = {}): Promise<Rule> => {
  const rule = await ruleInForce(desk.hub, ruleInput(anyOf, more));
  inForce.push(rule);
  return rule;
};
const at = (minutes: number) => parisTime(new Date(desk.clock.now().getTime() + minutes * 60_000));
const submitted = async (more: object = {}) =>
  step(desk.hub, 'submitDossier', 'editor', await draft(desk.hub, 'Alert', alertInput({ endsAt: at(300), ...more })));
const approve = (written: Written, persona: 'validator' | 'validator2' = 'validator') =>
  step(desk.hub, 'approveDossier', persona, written);
const signature = ({ id }: { id: string }) => callAbout(desk.hub, id, 'SIGNATURE');
const rung = (id: string, people: string[], reason = 'SIGNATURE') =>
  untilCall(desk.hub, id, (call) => rungOf(call).join() === people.join(), reason);
/** Until so many people were rung; they come in one rung, in no order. */
const someRung = async (id: string, count: number, reason = 'SIGNATURE') =>
  rungOf(await untilCall(desk.hub, id, ({ steps }) => steps.length === count, reason));
const about = async ({ id }: { id: string }) =>
  (await callsOf(desk.hub))
    .filter(({ dossier }) => dossier?.id === id)
    .map(({ reason, state }) => [reason, state])
    .sort();

const signedBySdis = ['validator2', 'signatory'] as const;
const ofSdis = () => signedBySdis.map((persona) => desk.account(persona)).sort();

describe('SIGNATURE', () => {
  it('rings the lead, then all who may sign for who lacks, until it is signed', async () => {
    const { account, pass } = desk;
    await ask();
    const dossier = await submitted();
    expect(await about(dossier)).toEqual([
      ['REVIEW', 'RINGING'],
      ['SIGNATURE', 'RINGING'],
    ]);
    const call = await rung(dossier.id, [account('checker')]);
    expect(call).toMatchObject({ nextAt: at(10), mode: 'ACTUAL' });
    // Enough people approve, and the signature is missing all the same.
    const approved = await approve(dossier);
    pass(10);
    const all = await someRung(dossier.id, 3);
    expect(all.slice(1).sort()).toEqual(ofSdis());
    await approve(approved, 'validator2');
    expect(await signature(dossier)).toMatchObject({ id: call.id, state: 'DONE', endedAt: at(0), nextAt: null });
    pass(60);
    await aTurn(desk);
    expect(rungOf(await signature(dossier))).toEqual(all);
  });

  it.each([
    ['EXTREME', 5],
    ['SEVERE', 10],
    ['MINOR', 30],
  ])('leaves each rung its time: %s, %i minutes', async (severity, minutes) => {
    await ask();
    const { id } = await submitted({ severity });
    expect(await rung(id, [desk.account('checker')])).toMatchObject({ nextAt: at(minutes) });
  });

  it('is not there where no rule asks, or the signature was given, and lapses with what is changed', async () => {
    const { hub } = desk;
    await ask(['SDIS'], { severityAtLeast: 'EXTREME' });
    const asked = await submitted();
    await aTurn(desk);
    expect(await about(asked)).toMatchObject([['REVIEW', expect.any(String)]]);
    const changed = await submitted({ severity: 'EXTREME' });
    const first = await signature(changed);
    const again = await step(
      hub,
      'submitDossier',
      'editor',
      await revise(hub, 'Alert', changed, alertInput({ severity: 'EXTREME', endsAt: at(299) })),
    );
    expect((await callsOf(hub)).find(({ id }) => id === first.id)).toMatchObject({ state: 'LAPSED' });
    expect((await signature(again)).id).not.toBe(first.id);
    await hub
      .as('validator2')
      .request(
        'mutation ($id: ID!, $version: Int!) { requestDossierChanges(id: $id, version: $version, comment: "Non") { asOf } }',
        {
          id: again.id,
          version: again.version,
        },
      );
    expect(await signature(again)).toMatchObject({ state: 'DONE' });
  });

  it('comes with a rule that comes into force, once on two hubs, and goes with it', async () => {
    const { hub } = desk;
    const dossier = await approve(await submitted());
    await aTurn(desk);
    expect(await about(dossier)).toEqual([['REVIEW', 'DONE']]);
    const rule = await ask();
    await rung(dossier.id, [desk.account('checker')]);
    inForce.splice(inForce.indexOf(rule), 1);
    await endRule(hub, rule);
    expect(await about(dossier)).toEqual([
      ['REVIEW', 'DONE'],
      ['SIGNATURE', 'LAPSED'],
    ]);
    await aTurn(desk);
    expect(await about(dossier)).toHaveLength(2);
  });

  it('rings nobody where the signature came as the clock opened the call', async () => {
    await ask();
    const dossier = await approve(await submitted(), 'validator2');
    await withSession(desk.url, (session) =>
      session.query(
        `insert into call (id, reason, dossier_id, mode, state, started_at, rung, due_at)
         values (gen_random_uuid(), 'SIGNATURE', $1, 'ACTUAL', 'RINGING', $2, 0, $2)`,
        [dossier.id, new Date(desk.clock.now().getTime() + 1)],
      ),
    );
    desk.pass(1);
    expect(await untilCall(desk.hub, dossier.id, ({ state }) => state === 'DONE', 'SIGNATURE')).toMatchObject({
      steps: [],
    });
  });

  it('rings those of who lacks first who are on duty, in whatever function, and nobody who signed', async () => {
    const { hub, account, pass, onDuty } = desk;
    await ask();
    await onDuty('signatory', 'SDIS_CONTACT');
    const one = await submitted();
    await rung(one.id, [account('signatory')]);
    pass(10);
    await rung(one.id, [account('signatory'), account('checker')]);
    pass(10);
    await rung(one.id, [account('signatory'), account('checker'), account('validator2')]);
    await approve(one, 'validator2');
    await ask(['SDIS', 'PREFECTURE'], { needs: [{ anyOf: ['SDIS'], count: 2 }] });
    const two = await approve(await submitted(), 'validator2');
    await rung(two.id, [account('signatory')]);
    pass(10);
    await rung(two.id, [account('signatory'), account('checker')]);
    pass(10);
    await untilCall(hub, two.id, ({ state }) => state === 'EXHAUSTED', 'SIGNATURE');
    expect(rungOf(await signature(two))).toEqual([account('signatory'), account('checker')]);
  });
});

describe('a SIGNATORY', () => {
  it('reads and takes what waits for their organisation, and knows of no other call', async () => {
    const { hub, account } = desk;
    const dossier = await submitted();
    const review = await callAbout(hub, dossier.id);
    expect(await callsOf(hub, {}, 'signatory')).toEqual([]);
    await ask();
    await rung(dossier.id, [account('signatory')]);
    const seen = await callsOf(hub, { mine: true, states: ['RINGING'] }, 'signatory');
    expect(seen.find((call) => call.dossier?.id === dossier.id)).toMatchObject({ reason: 'SIGNATURE' });
    // Its review is none of theirs, although they know the dossier now.
    expect((await callsOf(hub, {}, 'signatory')).map(({ id }) => id)).not.toContain(review.id);
    expect((await refusal(takeCall(hub, 'signatory', review.id))).code).toBe('NOT_FOUND');
    expect((await refusal(passCall(hub, 'signatory', review.id))).code).toBe('NOT_FOUND');
    expect(await takeCall(hub, 'signatory', (await signature(dossier)).id)).toMatchObject({
      state: 'TAKEN',
      takenBy: { id: account('signatory') },
    });
  });
});

describe('COSIGN', () => {
  it('rings who lacks before the validators, all of both at last, and nobody whose signature would add nothing', async () => {
    const { hub, account, pass } = desk;
    await ask();
    const written = await draft(hub, 'Alert', alertInput({ urgency: 'IMMEDIATE', endsAt: at(300) }));
    const { done } = await hub.as('duty').request<{ done: { dossier: Written } }>(
      `mutation ($id: ID!, $version: Int!) {
         done: publishDossierUrgently(id: $id, version: $version, reason: "Vies en danger") ${WRITTEN} }`,
      { id: written.id, version: written.version },
    );
    const { id } = written;
    const people = [account('signatory')];
    await rung(id, people, 'COSIGN');
    // A validator of the Département signs: the Sdis lacks on, and that validator is not rung.
    await step(hub, 'cosignDossier', 'validator', done.dossier);
    for (const next of ['checker', 'validator2'] as const) {
      pass(5);
      people.push(account(next));
      await rung(id, people, 'COSIGN');
    }
    const { version } = (
      await hub
        .as('editor')
        .request<{ dossier: { version: number } }>('query ($id: ID!) { dossier(id: $id) { version } }', { id })
    ).dossier;
    await step(hub, 'cosignDossier', 'validator2', { id, version, stage: 'PUBLISHED' });
    expect(await callAbout(hub, id, 'COSIGN')).toMatchObject({ state: 'DONE', endedAt: at(0) });
  });

  it('takes the place of the signature that the dossier waited for', async () => {
    const { hub } = desk;
    await ask();
    const dossier = await submitted({ urgency: 'IMMEDIATE' });
    await hub.as('duty').request(
      `mutation ($id: ID!, $version: Int!) {
         publishDossierUrgently(id: $id, version: $version, reason: "Vies en danger") { asOf } }`,
      { id: dossier.id, version: dossier.version },
    );
    expect(await about(dossier)).toEqual([
      ['COSIGN', 'RINGING'],
      ['REVIEW', 'DONE'],
      ['SIGNATURE', 'LAPSED'],
    ]);
  });
});

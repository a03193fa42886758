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
  untilRung,
} from '../../support/crisis-cell/calling-desk.ts';
import {
  alertInput,
  type Done,
  draft,
  INPUTS,
  openIncident,
  publishNew,
  release,
  revise,
  step,
  WRITTEN,
} from '../../support/desk/desk.ts';
import { conclusionOf, reportOf } from '../../support/desk/report-desk.ts';

/** Each reason for which somebody is called: which deed begins it, which people are rung when, and which deed ends it. */
let desk: CallingDesk;
beforeAll(async () => {
  desk = await callingDesk();
  await desk.onDuty('validator', 'VALIDATOR');
  await desk.onDuty('validator2', 'VALIDATOR', { rank: 2 });
  await desk.onDuty('duty', 'DUTY_OFFICER');
  await desk.onDuty('checker', 'LEAD');
});
afterAll(() => desk.close());

const at = (minutes: number) => parisTime(new Date(desk.clock.now().getTime() + minutes * 60_000));
const submitted = async (more: object = {}) =>
  step(desk.hub, 'submitDossier', 'editor', await draft(desk.hub, 'Alert', alertInput(more)));
const DRILL = [
  {
    language: 'fr-FR',
    headline: 'EXERCICE : l’Yvette déborde à Longjumeau',
    description: 'EXERCICE. Le bas de la ville est inondé.',
    instruction: 'EXERCICE. Éloignez-vous des berges.',
  },
];
const isOver = ({ endedAt }: { endedAt: string | null }) => endedAt !== null;

describe('REVIEW', () => {
  it('rings the validators on duty by rank, each for 10 minutes, then the lead, until it is decided', async () => {
    const { hub, account, pass } = desk;
    const dossier = await submitted();
    const call = await untilRung(hub, dossier.id, [account('validator')]);
    expect(call).toMatchObject({ reason: 'REVIEW', state: 'RINGING', mode: 'ACTUAL', nextAt: at(10), report: null });
    pass(9);
    await aTurn(desk);
    expect(rungOf(await callAbout(hub, dossier.id))).toHaveLength(1);
    pass(1);
    await untilRung(hub, dossier.id, [account('validator'), account('validator2')]);
    pass(10);
    await untilRung(hub, dossier.id, [account('validator'), account('validator2'), account('checker')]);
    await step(hub, 'approveDossier', 'validator', dossier);
    const done = await callAbout(hub, dossier.id);
    expect(done).toMatchObject({ state: 'DONE', endedAt: at(0), nextAt: null });
    pass(60);
    await aTurn(desk);
    expect(await callAbout(hub, dossier.id)).toEqual(done);
  });

  it('leaves 30 minutes where the severity is MINOR', async () => {
    const dossier = await submitted({ severity: 'MINOR' });
    expect(await untilCall(desk.hub, dossier.id, ({ steps }) => steps.length === 1)).toMatchObject({ nextAt: at(30) });
    await step(desk.hub, 'approveDossier', 'validator', dossier);
  });

  it('lapses where what was submitted is changed, and called anew where it is submitted again', async () => {
    const { hub } = desk;
    const dossier = await submitted();
    const first = await callAbout(hub, dossier.id);
    const revised = await revise(hub, 'Alert', dossier, alertInput({ severity: 'MODERATE' }));
    expect(await callAbout(hub, dossier.id)).toMatchObject({ id: first.id, state: 'LAPSED' });
    await step(hub, 'submitDossier', 'editor', revised);
    const second = await callAbout(hub, dossier.id);
    expect(second).toMatchObject({ state: 'RINGING' });
    expect(second.id).not.toBe(first.id);
  });

  it('does not ring those who wrote it', async () => {
    const { hub, account } = desk;
    const written = await draft(hub, 'Alert');
    const { done } = await hub.as('validator').request<Done>(
      `mutation ($id: ID!, $version: Int!, $input: AlertInput!) {
         done: reviseAlert(id: $id, version: $version, input: $input) ${WRITTEN} }`,
      { id: written.id, version: written.version, input: alertInput({ severity: 'MODERATE' }) },
    );
    const dossier = await step(hub, 'submitDossier', 'editor', done.dossier);
    await untilRung(hub, dossier.id, [account('validator2')]);
  });

  it('rings all of them again each 30 minutes, but for those who have approved it', async () => {
    const { hub, account, pass } = desk;
    const dossier = await submitted({ severity: 'EXTREME', endsAt: at(300) });
    const rung = [account('validator')];
    await untilRung(hub, dossier.id, rung);
    // Of EXTREME two people approve.
    await step(hub, 'approveDossier', 'validator', dossier);
    for (const next of ['validator2', 'checker'] as const) {
      pass(10);
      rung.push(account(next));
      await untilRung(hub, dossier.id, rung);
    }
    pass(10);
    const exhausted = await untilCall(hub, dossier.id, ({ state }) => state === 'EXHAUSTED');
    expect(exhausted.nextAt).toBe(at(30));
    pass(30);
    const again = await untilCall(hub, dossier.id, ({ steps }) => steps.length === 5);
    expect(rungOf(again).slice(3).sort()).toEqual([account('validator2'), account('checker')].sort());
    expect(again.state).toBe('EXHAUSTED');
  });

  it.each(['Advice', 'Event', 'Closure', 'AidPoint'] as const)('is there for every kind: %s', async (kind) => {
    const { hub } = desk;
    const dossier = await step(hub, 'submitDossier', 'editor', await draft(hub, kind, INPUTS[kind]()));
    expect(await callAbout(hub, dossier.id)).toMatchObject({ reason: 'REVIEW' });
    await step(hub, 'approveDossier', 'validator', dossier);
    expect(await callAbout(hub, dossier.id)).toMatchObject({ state: 'DONE' });
  });
});

const urgently = async () => {
  const written = await draft(desk.hub, 'Alert', alertInput({ urgency: 'IMMEDIATE' }));
  await desk.hub.as('duty').request(
    `mutation ($id: ID!, $version: Int!) {
       publishDossierUrgently(id: $id, version: $version, reason: "Vies en danger") { asOf } }`,
    { id: written.id, version: written.version },
  );
  return { ...written, version: written.version + 1 };
};

describe('COSIGN', () => {
  it('rings each 5 minutes, the whole role at last, and never the person who published', async () => {
    const { hub, account, pass } = desk;
    const { id, version } = await urgently();
    const call = await untilRung(hub, id, [account('validator')]);
    expect(call).toMatchObject({ reason: 'COSIGN', state: 'RINGING', nextAt: at(5) });
    for (const more of ['validator2', 'checker'] as const) {
      pass(5);
      await untilCall(hub, id, (one) => rungOf(one).at(-1) === account(more), 'COSIGN');
    }
    pass(5);
    // Both validators of the desk are on duty: nobody of the role is left.
    const exhausted = await untilCall(hub, id, ({ state }) => state === 'EXHAUSTED', 'COSIGN');
    expect(rungOf(exhausted)).not.toContain(account('duty'));
    await step(hub, 'cosignDossier', 'validator', { id, version, stage: 'PUBLISHED' });
    expect(await callAbout(hub, id)).toMatchObject({ state: 'DONE', endedAt: at(0) });
  });

  it('lapses once the publication is withdrawn', async () => {
    const { hub } = desk;
    const { id, version } = await urgently();
    await hub
      .as('validator')
      .request(
        'mutation ($id: ID!, $version: Int!) { cancelPublication(id: $id, version: $version, reason: "Erreur") { asOf } }',
        { id, version },
      );
    expect(await callAbout(hub, id)).toMatchObject({ reason: 'COSIGN', state: 'LAPSED' });
  });

  it('takes the place of the review that the dossier waited for', async () => {
    const { hub } = desk;
    const dossier = await submitted({ urgency: 'IMMEDIATE' });
    await hub.as('duty').request(
      `mutation ($id: ID!, $version: Int!) {
         publishDossierUrgently(id: $id, version: $version, reason: "Vies en danger") { asOf } }`,
      { id: dossier.id, version: dossier.version },
    );
    expect(await callAbout(hub, dossier.id, 'REVIEW')).toMatchObject({ state: 'DONE' });
    expect(await callAbout(hub, dossier.id, 'COSIGN')).toMatchObject({ state: 'RINGING' });
  });
});

async function escalated(): Promise<string> {
  const { hub } = desk;
  const { submitReport } = await hub
    .as('volunteer')
    .request<{ submitReport: { report: { id: string } } }>(
      'mutation ($input: FieldReportInput!) { submitReport(input: $input) { report { id } } }',
      { input: reportOf() },
    );
  const { id } = submitReport.report;
  await hub.as('checker').request('mutation ($id: ID!) { escalateReport(id: $id) { asOf } }', { id });
  return id;
}

describe('ESCALATED', () => {
  it('rings the duty officer, then the lead but for the person who escalated, until the report is closed', async () => {
    const { hub, account, pass } = desk;
    const id = await escalated();
    const call = await untilRung(hub, id, [account('duty')]);
    expect(call).toMatchObject({ reason: 'ESCALATED', nextAt: at(10), dossier: null });
    pass(10);
    const exhausted = await untilCall(hub, id, ({ state }) => state === 'EXHAUSTED');
    // The lead of this desk escalated the report.
    expect(rungOf(exhausted)).toEqual([account('duty')]);
    await hub.as('volunteer').request('mutation ($id: ID!) { claimReport(id: $id) { asOf } }', { id });
    await hub
      .as('checker')
      .request('mutation ($id: ID!, $of: ConclusionInput!) { concludeReport(id: $id, conclusion: $of) { asOf } }', {
        id,
        of: conclusionOf('CONFIRMED'),
      });
    expect(await callAbout(hub, id)).toMatchObject({ state: 'DONE', endedAt: at(0) });
  });

  it('is done once a dossier rests on the report', async () => {
    const { hub } = desk;
    const id = await escalated();
    await draft(hub, 'Alert', alertInput({ reportIds: [id] }));
    expect(await callAbout(hub, id)).toMatchObject({ state: 'DONE' });
  });
});

describe('ENDS_SOON', () => {
  it('calls 30 minutes before an alert ends, once, and is done by a later end', async () => {
    const { hub, account, pass } = desk;
    const published = await publishNew(hub, 'Alert', alertInput({ endsAt: at(120) }));
    pass(89);
    await aTurn(desk);
    expect(await callsOf(hub, { reasons: ['ENDS_SOON'] })).toEqual([]);
    pass(2);
    const call = await untilCall(hub, published.id, ({ steps }) => steps.length === 1, 'ENDS_SOON');
    expect(call).toMatchObject({ state: 'RINGING', nextAt: at(10) });
    expect(rungOf(call)).toEqual([account('validator')]);
    await release(hub, await revise(hub, 'Alert', published, alertInput({ endsAt: at(200) })));
    expect(await callAbout(hub, published.id, 'ENDS_SOON')).toMatchObject({ id: call.id, state: 'DONE' });
  });

  it('is done by the end, and where somebody looked and let the alert end', async () => {
    const { hub, pass } = desk;
    const input = alertInput({ endsAt: at(60) });
    const [ending, noted] = [await publishNew(hub, 'Alert', input), await publishNew(hub, 'Alert', input)];
    pass(35);
    for (const { id } of [ending, noted]) await untilCall(hub, id, ({ steps }) => steps.length === 1, 'ENDS_SOON');
    await takeCall(hub, 'validator', (await callAbout(hub, noted.id, 'ENDS_SOON')).id);
    pass(15);
    expect(await untilCall(hub, noted.id, isOver, 'ENDS_SOON')).toMatchObject({ state: 'DONE' });
    pass(11);
    expect(await untilCall(hub, ending.id, isOver, 'ENDS_SOON')).toMatchObject({ state: 'DONE' });
    const { length } = (await callsOf(hub, { reasons: ['ENDS_SOON'] })).filter(
      ({ dossier }) => dossier?.id === noted.id,
    );
    expect(length).toBe(1);
  });

  it('calls nobody to an alert that was given so near an end', async () => {
    const { hub, pass } = desk;
    const { id } = await publishNew(hub, 'Alert', alertInput({ endsAt: at(25) }));
    pass(1);
    await aTurn(desk);
    const about = (await callsOf(hub, { reasons: ['ENDS_SOON'] })).filter(({ dossier }) => dossier?.id === id);
    expect(about).toEqual([]);
  });
});

describe('an exercise', () => {
  it('rings nobody but those on duty in it, and where nobody is, those whose organisation takes part', async () => {
    const { hub, account } = desk;
    const incident = await openIncident(hub, 'exercice-appels', 'EXERCISE');
    const play = async () =>
      step(
        hub,
        'submitDossier',
        'editor',
        await draft(hub, 'Alert', alertInput({ incidentId: incident, mode: 'EXERCISE', texts: DRILL })),
      );
    const alone = await play();
    expect(await untilCall(hub, alone.id, ({ state }) => state === 'EXHAUSTED')).toMatchObject({
      mode: 'EXERCISE',
      steps: [],
    });
    await desk.onDuty('editor2', 'VALIDATOR', { incident });
    const played = await play();
    await untilRung(hub, played.id, [account('editor2')]);
    // A real one rings nobody who is on duty in an exercise alone.
    const real = await submitted();
    await untilRung(hub, real.id, [account('validator')]);
  });

  it('calls nobody where it belongs to no incident', async () => {
    const { hub } = desk;
    const dossier = await submitted({ mode: 'EXERCISE', texts: DRILL });
    await aTurn(desk);
    expect((await callsOf(hub)).filter((call) => call.dossier?.id === dossier.id)).toEqual([]);
  });
});

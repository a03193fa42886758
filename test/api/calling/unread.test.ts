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
import { newIncident } from '../../support/crisis-cell/incident-desk.ts';
import { endRule, moveTo, organisationOf, ruleInForce, ruleInput } from '../../support/crisis-cell/signature-desk.ts';
import { freezeNext } from '../../support/crisis-cell/situation-desk.ts';
import { withSession } from '../../support/database/cluster.ts';
import { alertInput, draft, step } from '../../support/desk/desk.ts';
import { DEAD_RELAY, mandated, type SeenInstitution } from '../../support/institutions/mail-desk.ts';
import { PATIENCE_MS } from '../../support/patience.ts';

/** People are called to what nobody read, what nobody wrote, and what nobody could sign, by one of two hubs. */
let desk: CallingDesk;
const told: SeenInstitution[] = [];
beforeAll(async () => {
  desk = await callingDesk({ more: { mail: DEAD_RELAY } });
  await desk.second({ more: { mail: DEAD_RELAY } });
  for (const address of ['mairie@lu.example', 'ecole@lu.example'])
    told.push(await mandated(desk.hub, address, { communes: ['91345'] }));
  await desk.onDuty('validator2', 'VALIDATOR', { rank: 1 });
  await desk.onDuty('validator', 'VALIDATOR', { rank: 2 });
  await desk.onDuty('checker', 'LEAD');
});
afterAll(() => desk.close());

const UNREAD = 'INSTITUTIONS_UNREAD';
const at = (minutes: number) => parisTime(new Date(desk.clock.now().getTime() + minutes * 60_000));
/** A grave alert of which both institutions are asked to read. */
async function published(severity: string): Promise<string> {
  const { hub } = desk;
  let dossier = await step(
    hub,
    'submitDossier',
    'editor',
    await draft(hub, 'Alert', alertInput({ severity, endsAt: at(600) })),
  );
  dossier = await step(hub, 'approveDossier', 'validator', dossier);
  // Of EXTREME two people approve.
  if (severity === 'EXTREME') dossier = await step(hub, 'approveDossier', 'validator2', dossier);
  const { id } = await step(hub, 'publishDossier', 'validator', dossier);
  const asked = async () =>
    withSession(
      desk.url,
      async (session) =>
        (await session.query('select 1 from institution_notice where publication = $1', [id])).rows.length,
    );
  await expect.poll(asked, { timeout: PATIENCE_MS }).toBe(2);
  return id;
}
const note = ({ id: institution }: SeenInstitution, publication: string) =>
  desk.hub.as('duty').request(
    `mutation ($institution: ID!, $publication: ID!) {
       acknowledgeForInstitution(institution: $institution, publication: $publication, takenBy: "Astreinte") { asOf } }`,
    { institution, publication },
  );
const ofReason = (reason: string) => callsOf(desk.hub, { reasons: [reason] });
const until = (reason: string, isSo: (all: Awaited<ReturnType<typeof callsOf>>) => boolean) =>
  expect.poll(async () => isSo(await ofReason(reason)), { timeout: PATIENCE_MS }).toBe(true);

describe(UNREAD, () => {
  it.each([
    ['EXTREME', 10],
    ['SEVERE', 20],
  ])(
    'of severity %s calls after %i minutes the person who published, then the validators, until all have read',
    async (severity, minutes) => {
      const { hub, account, pass } = desk;
      const id = await published(severity);
      pass(minutes - 1);
      await aTurn(desk);
      expect((await ofReason(UNREAD)).filter(({ dossier }) => dossier?.id === id)).toEqual([]);
      pass(1);
      // This validator published, and is the second by rank.
      const call = await untilCall(hub, id, ({ steps }) => steps.length === 1, UNREAD);
      expect(rungOf(call)).toEqual([account('validator')]);
      expect(call.nextAt).toBe(at(10));
      const { calls } = await hub
        .as('checker')
        .request<{ calls: { nodes: { unread: number }[] } }>(
          `{ calls(where: { reasons: [${UNREAD}] }, first: 1) { nodes { unread } } }`,
        );
      expect(calls.nodes).toEqual([{ unread: 2 }]);
      pass(10);
      await untilCall(hub, id, ({ steps }) => steps.length === 2, UNREAD);
      const [one, other] = told;
      await note(one!, id);
      expect(await callAbout(hub, id, UNREAD)).toMatchObject({ endedAt: null });
      await note(other!, id);
      expect(await callAbout(hub, id, UNREAD)).toMatchObject({ state: 'DONE', endedAt: at(0) });
      await aTurn(desk);
      expect(rungOf(await callAbout(hub, id, UNREAD))).toEqual([account('validator'), account('validator2')]);
    },
  );

  it('lapses with the alert, and is not there for what is less grave', async () => {
    const { hub, pass } = desk;
    const [grave, less] = [await published('SEVERE'), await published('MODERATE')];
    pass(21);
    await untilCall(hub, grave, ({ steps }) => steps.length === 1, UNREAD);
    const { dossier } = await hub
      .as('editor')
      .request<{ dossier: { version: number } }>('query ($id: ID!) { dossier(id: $id) { version } }', { id: grave });
    await hub
      .as('validator')
      .request(
        'mutation ($id: ID!, $version: Int!) { cancelPublication(id: $id, version: $version, reason: "Erreur") { asOf } }',
        {
          id: grave,
          version: dossier.version,
        },
      );
    expect(await callAbout(hub, grave, UNREAD)).toMatchObject({ state: 'LAPSED' });
    await aTurn(desk);
    expect((await ofReason(UNREAD)).filter((call) => call.dossier?.id === less)).toEqual([]);
  });
});

describe('SITREP_DUE', () => {
  it('calls the lead once the hour of the next report has passed, until it is frozen', async () => {
    const { hub, account, pass } = desk;
    const { id } = await newIncident(hub, 'point-en-retard');
    await freezeNext(hub, id, { situation: 'Crue.', nextAt: at(60) });
    pass(59);
    await aTurn(desk);
    expect(await ofReason('SITREP_DUE')).toEqual([]);
    pass(1);
    await until('SITREP_DUE', (all) => all[0]?.steps.length === 1);
    const [call] = await ofReason('SITREP_DUE');
    expect(call && rungOf(call)).toEqual([account('checker')]);
    await freezeNext(hub, id, { situation: 'Crue.', nextAt: at(600) });
    expect(await ofReason('SITREP_DUE')).toMatchObject([{ id: call?.id, state: 'DONE' }]);
    await aTurn(desk);
    expect(await ofReason('SITREP_DUE')).toHaveLength(1);
    // Somebody takes the second and freezes a report in time: the third comes at its hour all the same.
    pass(600);
    await until('SITREP_DUE', (all) => all[1]?.steps.length === 1);
    await takeCall(hub, 'checker', (await ofReason('SITREP_DUE'))[1]?.id ?? '');
    await freezeNext(hub, id, { situation: 'Crue.', nextAt: at(30) });
    pass(30);
    await until('SITREP_DUE', (all) => all.length === 3);
  });
});

describe('RULE_UNMEETABLE', () => {
  it('calls ADMINs to a rule that too few people could meet now, until it ends', async () => {
    const { hub, account } = desk;
    const sdis = await organisationOf(hub, 'SDIS', 'Sdis 91');
    await moveTo(hub, 'signatory', sdis);
    const rule = await ruleInForce(hub, ruleInput(['SDIS']));
    await aTurn(desk);
    expect(await ofReason('RULE_UNMEETABLE')).toEqual([]);
    await moveTo(hub, 'signatory', await organisationOf(hub, 'COMMUNE', 'Mairie'));
    await until('RULE_UNMEETABLE', (all) => all[0]?.steps.length === 2);
    const [call] = await ofReason('RULE_UNMEETABLE');
    expect(call && rungOf(call).sort()).toEqual([account('admin'), account('admin2')].sort());
    await moveTo(hub, 'signatory', sdis);
    await until('RULE_UNMEETABLE', (all) => all[0]?.state === 'DONE');
    await moveTo(hub, 'signatory', await organisationOf(hub, 'COMMUNE', 'Une autre'));
    // Both began at one moment of this clock.
    await until('RULE_UNMEETABLE', (all) => all.some(({ state }) => state === 'RINGING'));
    await endRule(hub, rule);
    expect((await ofReason('RULE_UNMEETABLE')).map(({ state }) => state)).toEqual(['DONE', 'DONE']);
  });
});

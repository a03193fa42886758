import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sqlOver } from '../../../src/database/sql.ts';
import { flood2016 } from '../../../src/development/demo/flood-2016.ts';
import { PERSONAS, type Persona } from '../../../src/development/development-tokens.ts';
import { verifyLogs } from '../../../src/incident-log/verify-logs.queries.ts';
import { verifyAudit } from '../../../src/office/audit.queries.ts';
import { takeArchive } from '../../support/crisis-cell/archiving.ts';
import { callAbout, callsOf, type SeenCall, takeCall, untilCall } from '../../support/crisis-cell/calling-desk.ts';
import { codeIn, confirmPoint, linkOf, mailTo, pointInput, savePoint } from '../../support/crisis-cell/contact-desk.ts';
import { handOver, idOf, onDutyOf, saveShift, shiftInput, takeOver } from '../../support/crisis-cell/duty-desk.ts';
import { answerFlash, flashNow, flashReport } from '../../support/crisis-cell/flash-desk.ts';
import { incidentFile, onIncident, type SeenIncident } from '../../support/crisis-cell/incident-desk.ts';
import { CANARY } from '../../support/crisis-cell/played-incident.ts';
import { missingOf, moveTo, organisationOf, ruleInForce, ruleInput } from '../../support/crisis-cell/signature-desk.ts';
import { freezeNext, type SeenReport } from '../../support/crisis-cell/situation-desk.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { draft, hoursFromNow, refusal, revise, step, type Written } from '../../support/desk/desk.ts';
import { addLine, readLog } from '../../support/desk/log-desk.ts';
import { bring, drawn, jpegOf } from '../../support/desk/picture-desk.ts';
import { conclusionOf, reportOf } from '../../support/desk/report-desk.ts';
import { addHook } from '../../support/desk/webhook-desk.ts';
import { type Hub, territory } from '../../support/hub/hub.ts';
import { linkIn } from '../../support/institutions/mail-desk.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { pushesTo, subscribed } from '../../support/push/push-desk.ts';
import { PushReader } from '../../support/receivers/push-service.ts';
import { tell } from '../../support/tell.ts';
import { changedByOneBit, verifyByCommand } from './archives.ts';
import { openCell } from './cell.ts';
import { counted, figuresOf, figuresThen } from './figures-then.ts';
import { messageOf } from './messages.ts';
import { askEverything } from './public-doors.ts';
import { Letters, noticesOf, registerTownHalls, scan, type TownHall, takeCharge } from './town-halls.ts';
import {
  ALL_CLEAR,
  activation,
  addressOf,
  evacuation,
  evacuationByAct,
  HEADLINE,
  MARKS,
  MOBILE,
  marksIn,
  OVER,
  others,
  REVISED,
  ROSTER,
} from './words.ts';

/** The flood of June 2016 as a crisis cell lives it, over two hubs, from its activation to the archive: each test goes on where the one before ended. */
const { url } = await testDatabase();
const cell = await openCell(url);
const { clock, keeper, relay, hook, push, gateway } = cell;
const first = await cell.another();
/** The other hub: the one that keeps time, and from its end on one that takes its place. */
let second: Pick<Hub, 'url' | 'as'> = keeper;
let hubs: readonly [Hub, Hub];
const letters = new Letters(relay);
afterAll(() => tell(`${relay.taken.length} letters, ${hook.received.length} messages to a webhook`));

const accounts = new Map<Persona, string>();
const account = (persona: Persona): string => accounts.get(persona) ?? '';
let organisations: { sdis: string; prefecture: string };
let incident: SeenIncident;
let from = '';
let report = '';
let picture: { id: string; sha256: string };
let alert: Written;
let drafts: Written[] = [];
let towns: TownHall[] = [];
const apps: PushReader[] = [];
let situation: SeenReport;
let archive = '';
const messages: string[] = [];

const endOfChanges = async (hub: Pick<Hub, 'as'>) =>
  (await hub.as().request<{ changes: { endCursor: string } }>('{ changes { endCursor } }')).changes.endCursor;
const fresh = async (): Promise<SeenIncident> => (await incidentFile(second, { id: incident.id })) ?? incident;
const TAKEN = { state: 'TAKEN' };
/** The people whom calls reach by e-mail. */
const BY_MAIL = ['validator', 'validator2', 'signatory'] as const;
const LADDER = ['validator', 'validator2', 'duty'] as const;
const rungs = (count: number): string[] => LADDER.slice(0, count).map(account);
/** The people whom a call has rung by a way, in that order. */
const rungBy = ({ steps }: SeenCall, way: string) => steps.filter((one) => one.way === way);
/**
 * Waits until exactly these people were rung, in this order: at the desk, and by e-mail where they have an address. Of many reviews
 * at once the messages are held back, to come as one; what cannot wait leaves at once.
 */
async function rung({ id }: { id: string }, people: readonly string[], reason = 'REVIEW') {
  const mailed = people.filter((person) => BY_MAIL.some((persona) => account(persona) === person));
  const isWhole = (call: SeenCall) =>
    rungBy(call, 'DESK').length >= people.length &&
    (reason === 'REVIEW' || rungBy(call, 'EMAIL').every(({ outcome }) => outcome !== 'WAITING'));
  const call = await untilCall(second, id, isWhole, reason);
  expect(rungBy(call, 'DESK').map((one) => one.account.id)).toEqual(people);
  expect(rungBy(call, 'EMAIL').map((one) => one.account.id)).toEqual(mailed);
  return call;
}

describe('the crisis cell', () => {
  beforeAll(async () => {
    for (const persona of Object.keys(PERSONAS) as Persona[]) accounts.set(persona, await idOf(first, persona));
    from = await endOfChanges(first);
  });

  it('is activated: organisations that take part, and a rule of who signs the gravest', async () => {
    const sdis = await organisationOf(first, 'SDIS', 'Sdis de l’Essonne');
    organisations = { sdis, prefecture: await organisationOf(first, 'PREFECTURE', 'Préfecture de l’Essonne') };
    await moveTo(first, 'signatory', sdis);
    const rule = await ruleInForce(first, ruleInput(['SDIS', 'PREFECTURE'], { severityAtLeast: 'EXTREME' }));
    expect(rule).toMatchObject({ state: 'IN_FORCE', outOfReach: [] });
    await addHook(first, `${hook.url}?canari-hook=1`, { name: 'canari-hook' });
  });

  it('has an incident with its aims, place and level, which both hubs tell', async () => {
    const opened = await first
      .as('duty')
      .request<{ openIncident: { incident: { id: string } } }>(
        'mutation ($slug: String!, $title: String!) { openIncident(slug: $slug, title: $title, mode: ACTUAL) { incident { id } } }',
        flood2016.incident,
      );
    const { id } = opened.openIncident.incident;
    const [aims, , message] = activation(id);
    const { sdis, prefecture } = organisations;
    const input = { ...aims?.input, participants: [sdis, prefecture], requestedBy: prefecture };
    const revised = await onIncident(second, 'editor', 'reviseIncident', { id, version: 1, input });
    const level = { level: 'FULL', reason: `L’Yvette entre dans Longjumeau. ${CANARY}` };
    incident = await onIncident(first, 'duty', 'setIncidentLevel', { id, version: revised.version, ...level });
    expect(await fresh()).toEqual(incident);
    expect(incident).toMatchObject({ state: 'OPEN', level: 'FULL', mode: 'ACTUAL', requestedBy: { id: prefecture } });
    expect([incident.objectives.length, incident.perimeter?.communes.length]).toEqual([3, 11]);
    await addLine(first, id, message?.input);
    await addLine(first, id, { kind: 'MESSAGE_IN', text: CANARY, sender: CANARY, recipient: CANARY, means: 'tél.' });
  });

  it('is on duty: a lead, a validator and the next in line, the Sdis, a keeper of the log who is relieved', async () => {
    for (const [dutyFunction, persona, rank] of ROSTER) {
      const about = { dutyFunction, rank, incident: incident.id };
      const shift = await saveShift(first, shiftInput(account(persona), about));
      if (dutyFunction === 'LOG_KEEPER')
        await takeOver(second, 'editor', await handOver(first, persona, shift, account('editor'), CANARY));
    }
    const onDuty = (await onDutyOf(second, incident.id)).map((one) => [one.dutyFunction, one.account.id, one.rank]);
    const planned = ROSTER.map(([of, persona, rank]) => [of, account(of === 'LOG_KEEPER' ? 'editor' : persona), rank]);
    expect(onDuty.sort()).toEqual(planned.sort());
  });

  it('may be rung at home: by e-mail and text, at addresses that their owners confirm', async () => {
    for (const persona of BY_MAIL) {
      const address = addressOf(persona);
      const { id } = await savePoint(second, persona, pointInput(address));
      const [letter] = await mailTo(relay, address, 1);
      expect(await confirmPoint(first, persona, id, codeIn(letter!))).toMatchObject({ address });
    }
    const { id } = await savePoint(first, 'signatory', pointInput(MOBILE, { way: 'SMS' }));
    const [code = ''] = /\d{8}/.exec((await gateway.text(/votre code/)).text) ?? [];
    expect(await confirmPoint(first, 'signatory', id, code)).toMatchObject({ address: MOBILE });
  });

  it('is brought a report with a picture, checks it and calls the lead to it', async () => {
    picture = await bring(first, await jpegOf(drawn(640, 480, 91)));
    const input = reportOf(CANARY, { channel: 'CALL', people: ['Gaspard Ilot'], pictures: [picture.id] });
    const { submitReport } = await second
      .as('volunteer')
      .request<{ submitReport: { report: { id: string } } }>(
        'mutation ($input: FieldReportInput!) { submitReport(input: $input) { report { id } } }',
        { input },
      );
    report = submitReport.report.id;
    await first.as('volunteer2').request('mutation ($id: ID!) { claimReport(id: $id) { asOf } }', { id: report });
    await second
      .as('checker')
      .request(
        'mutation ($id: ID!, $conclusion: ConclusionInput!) { concludeReport(id: $id, conclusion: $conclusion) { asOf } escalateReport(id: $id) { asOf } }',
        { id: report, conclusion: { ...conclusionOf('CONFIRMED'), explanation: CANARY } },
      );
    await rung({ id: report }, [account('duty')], 'ESCALATED');
  });

  it('writes what it is to say: the evacuation that the mayor ordered, on that report, and more', async () => {
    alert = await draft(first, 'Alert', evacuation(incident.id, [report]));
    for (const [kind, input] of others(incident.id)) drafts.push(await draft(first, kind, input));
    expect((await callAbout(first, report)).state).toBe('DONE');
  });
});

describe('who is called', () => {
  it('is the validator on duty, as soon as the alert is submitted, and the Sdis, which must sign it', async () => {
    alert = await step(first, 'submitDossier', 'editor', alert);
    const answeredAt = performance.now();
    const call = await rung(alert, rungs(1));
    tell(`the validator on duty was rung ${Math.round(performance.now() - answeredAt)} ms after the answer`);
    expect(call.state).toBe('RINGING');
    await rung(alert, [account('signatory')], 'SIGNATURE');
    expect(await keeper.leads()).toBe(true);
  });

  it('is everybody who must be, although the hub that keeps time is killed in the middle', async () => {
    const submitted: Written[] = [];
    for (const [index, one] of drafts.entries()) {
      submitted.push(await step(first, 'submitDossier', 'editor', one));
      if (index === 1) keeper.kill();
    }
    drafts = submitted;
    await keeper.ended;
    hubs = [first, await cell.another()];
    second = hubs[1];
    for (const dossier of [alert, ...drafts]) await rung(dossier, rungs(1));
  });

  it('is the next in line without an answer, then the lead; nobody any more once somebody has answered', async () => {
    clock.pass(10);
    for (const dossier of [alert, ...drafts]) await rung(dossier, rungs(2));
    const signers = [account('signatory'), account('duty')];
    await rung(alert, signers, 'SIGNATURE');
    // By « 1 », sent back by text.
    await gateway.takes(hubs[1], await gateway.text(/signature/));
    await untilCall(first, alert.id, ({ state }) => state === 'TAKEN', 'SIGNATURE');
    expect(await takeCall(second, 'validator2', (await rung(alert, rungs(2))).id)).toMatchObject(TAKEN);
    clock.pass(10);
    for (const dossier of drafts) await rung(dossier, rungs(3));
    const { steps } = await rung(alert, rungs(2));
    expect(steps.filter(({ way }) => way === 'DESK').map(({ outcome }) => outcome)).toEqual(['ACCEPTED', 'ANSWERED']);
    await rung(alert, signers, 'SIGNATURE');
  });

  it('decides then: the rest of that night is published, and a road is seen closed', async () => {
    for (const [index, one] of drafts.entries()) {
      const hub = hubs[index % 2 ? 1 : 0];
      const approved = await step(hub, 'approveDossier', 'validator', one);
      drafts[index] = await step(hub, 'publishDossier', 'validator', approved);
    }
    await first
      .as('marshal')
      .request(
        'mutation ($id: ID!, $at: DateTime!) { observeClosure(id: $id, state: IN_PLACE, observedAt: $at) { asOf } }',
        { id: drafts[1]!.id, at: hoursFromNow(0) },
      );
  });
});

describe('the evacuation', () => {
  it('awaits every town hall of the Département, by an agreement with each', async () => {
    const startedAt = performance.now();
    towns = await registerTownHalls(hubs, territory.communes);
    tell(`${towns.length} town halls in ${Math.round(performance.now() - startedAt)} ms`);
    expect(towns).toHaveLength(194);
  });

  it('is awaited by apps that are closed: two in Longjumeau, one elsewhere', async () => {
    for (const commune of ['91345', '91345', '91114']) {
      const app = await PushReader.subscribe(push.origin);
      const where = { communes: [commune], severityAtLeast: 'EXTREME' };
      await subscribed(hubs[apps.length % 2 ? 1 : 0], push, app, { where });
      apps.push(app);
    }
  });

  it('is not published before the Sdis has signed, and then is, with the mayor’s order in its CAP message on both hubs', async () => {
    const approved = await step(second, 'approveDossier', 'validator2', alert);
    expect(await missingOf(first, approved)).toMatchObject([{ count: 1 }]);
    expect(await refusal(step(first, 'publishDossier', 'validator', approved))).toMatchObject({ code: 'WRONG_STAGE' });
    const signed = await step(second, 'approveDossier', 'signatory', approved);
    alert = await step(first, 'publishDossier', 'validator', signed);
    const message = await messageOf(hubs, alert.id, 1);
    messages.push(message.identifier);
    expect(message.values.decided_by).toEqual(['Le maire de Longjumeau']);
    expect(message.values.signed_by).toContain('Sdis de l’Essonne');
    expect(message.values.decided_act).toBeUndefined();
    expect(message.text).toMatch(/<description>[^<]*maire de Longjumeau/);
  });

  it('comes to each town hall as one letter; 190 take charge of it by the link, four are told to the desk', async () => {
    const came = await letters.until(towns, [HEADLINE]);
    expect([...came.values()].map((ones) => ones.length)).toEqual(towns.map(() => 1));
    const silent = towns.filter((_, index) => index % 50 === 7);
    await scan(
      first,
      silent.map(({ address }) => came.get(address)![0]!),
    );
    const startedAt = performance.now();
    await takeCharge(
      hubs,
      towns.filter((town) => !silent.includes(town)),
      came,
    );
    tell(`190 took charge in ${Math.round(performance.now() - startedAt)} ms`);
    clock.pass(11);
    const unread = await noticesOf(second, alert.id, 10);
    expect(unread.map((one) => one.institution.name).sort()).toEqual(silent.map(({ name }) => name).sort());
    const states = (await noticesOf(first, alert.id)).map(({ state, acknowledgedAs }) => `${state} ${acknowledgedAs}`);
    expect(counted(states)).toEqual({ 'ACKNOWLEDGED Astreinte': 190, 'SENT null': 4 });
  });

  it('is revised once the act is written, which the CAP message names, and asks nobody anew', async () => {
    const inHand = await revise(first, 'Alert', alert, evacuationByAct(incident.id, [report]));
    const submitted = await step(second, 'submitDossier', 'editor', inHand);
    await rung(alert, rungs(1));
    await rung(alert, [account('signatory')], 'SIGNATURE');
    const approved = await step(first, 'approveDossier', 'validator', submitted);
    alert = await step(
      second,
      'publishDossier',
      'validator',
      await step(first, 'approveDossier', 'signatory', approved),
    );
    const message = await messageOf(hubs, alert.id, 2);
    expect(message.values.decided_act).toEqual(['arrêté n° 153']);
    expect(message.text).toContain(messages[0]);
    messages.push(message.identifier);
    await letters.until(towns, [REVISED]);
    expect(await noticesOf(second, alert.id, 10)).toHaveLength(4);
  });
});

describe('the cell goes on', () => {
  it('tells the Sdis of a life at stake, then those who have to telephone, until the Sdis answers', async () => {
    const place = 'Chez Mme Zerbino, 17 rue du Canari, Longjumeau';
    const about = { report, incident: incident.id, what: `Une personne sur un toit. ${CANARY}`, place };
    const { id } = await flashReport(second, 'checker', about);
    const sdis = account('signatory');
    await rung({ id: report }, [sdis], 'FLASH');
    clock.pass(2);
    await rung({ id: report }, [sdis, sdis], 'FLASH');
    clock.pass(2);
    await rung({ id: report }, [sdis, sdis, account('checker'), account('duty')], 'FLASH');
    expect(await flashNow(first, id)).toMatchObject({ state: 'SENT', escalated: true, verified: true });
    expect(await answerFlash(first, 'signatory', id)).toMatchObject({ state: 'ANSWERED', answer: 'TAKEN' });
  });

  it('is answered by its deeds: every call has ended, with the steps that it had to have', async () => {
    // The roster ends before a day is over, and four town halls have said nothing.
    const lasting = ['ROSTER_HOLE', 'INSTITUTIONS_UNREAD'];
    const all = await callsOf(second);
    const calls = all.filter(({ reason }) => !lasting.includes(reason));
    expect(calls.filter(({ state }) => state !== 'DONE')).toEqual([]);
    expect(counted(calls.map((call) => `${call.reason} ${rungBy(call, 'DESK').length}`))).toEqual({
      ...{ 'ESCALATED 1': 1, 'REVIEW 1': 1, 'REVIEW 2': 1, 'REVIEW 3': drafts.length },
      ...{ 'SIGNATURE 1': 1, 'SIGNATURE 2': 1, 'FLASH 4': 1 },
    });
    const mailed = calls.flatMap((call) => rungBy(call, 'EMAIL'));
    expect(mailed.filter(({ outcome }) => !['ACCEPTED', 'ANSWERED', 'STOPPED'].includes(outcome))).toEqual([]);
    const came = counted((await letters.all()).map(({ to: [to = ''] }) => to));
    const [validator, sdis] = (['validator', 'signatory'] as const).map((persona) => ({
      came: came[addressOf(persona)] ?? 0,
      // Beside them the letter with the code.
      most:
        1 + all.flatMap((call) => rungBy(call, 'EMAIL')).filter((one) => one.account.id === account(persona)).length,
    }));
    // Six reviews within a moment were fewer messages; whichever hub sent them, none that cannot wait was left out or came twice.
    expect(validator?.came).toBeGreaterThan(1);
    expect(validator?.came).toBeLessThan(validator?.most ?? 0);
    expect(sdis?.came).toBe(sdis?.most);
  });

  it('freezes a situation report', async () => {
    clock.pass(1);
    situation = await freezeNext(first, incident.id, {
      situation: `L’eau est dans Longjumeau. ${CANARY.slice(0, 40)}`,
    });
    clock.pass(1);
    expect(situation).toMatchObject({
      number: 1,
      state: 'FROZEN',
      contentHash: expect.stringMatching(/^[\da-f]{64}$/),
    });
  });

  it('gives the all clear, which each town hall and app hears, and closes the incident', async () => {
    await second
      .as('validator')
      .request(
        'mutation ($id: ID!, $version: Int!, $texts: [PublicationTextInput!]!) { giveAllClear(id: $id, version: $version, texts: $texts) { asOf } }',
        { id: alert.id, version: alert.version, texts: ALL_CLEAR },
      );
    const threads = await letters.until(towns, [HEADLINE, REVISED, OVER]);
    for (const { address } of towns) {
      const thread = threads.get(address) ?? [];
      const ids = thread.map(({ messageId }) => messageId);
      expect(thread.map(({ subject, inReplyTo, references }) => [subject, inReplyTo, references])).toEqual([
        [HEADLINE, null, []],
        [REVISED, ids[0], ids.slice(0, 1)],
        [OVER, ids[1], ids.slice(0, 2)],
      ]);
    }
    // A revision that is no graver rings nobody.
    for (const app of apps.slice(0, 2)) {
      const [, ...news] = await Promise.all((await pushesTo(push, app, 3)).map((one) => app.read(one)));
      expect(news.map(({ notification }) => notification.title)).toEqual([HEADLINE, OVER]);
    }
    expect(push.received.filter(({ path }) => path === apps[2]?.path)).toHaveLength(1);
    const closing = { id: incident.id, version: incident.version, reason: `Décrue. ${CANARY}` };
    const close = (leaveRunning: string[]) =>
      onIncident(first, 'validator', 'closeIncident', { ...closing, leaveRunning });
    expect(await refusal(close([]))).toMatchObject({ code: 'WRONG_STAGE' });
    incident = await close(drafts.map(({ id }) => id));
    expect(incident).toMatchObject({ state: 'CLOSED', level: 'STANDBY' });
  });
});

describe('what is left of it', () => {
  it('is a log with a line for each deed, in dense numbers, as its chain of hashes says', async () => {
    const lines = (await readLog(second, incident.id)).reverse();
    expect(lines.map(({ number }) => number)).toEqual(lines.map((_, index) => index + 1));
    const deeds = lines
      .filter(({ kind }) => kind === 'DEED')
      .map(({ text }) => text.replaceAll('\u00a0', ' ').split(/ : | – |, /)[0] ?? '');
    expect(counted(deeds)).toEqual({
      Niveau: 1,
      'Relève demandée': 1,
      'Relève prise': 1,
      'Soumis aux validateurs': 7,
      Approuvé: 9,
      Publié: 6,
      'Révision 2 publiée': 1,
      'Sur place': 1,
      'Flash n° 1': 2,
      'Point de situation n° 1 arrêté': 1,
      'Déclaré terminé': 1,
      'Incident clos': 1,
    });
    await withSession(url, async (session) => {
      expect((await verifyLogs(sqlOver(session))).fault).toBeNull();
      expect((await verifyAudit(sqlOver(session))).fault).toBeNull();
    });
  });

  it('is a situation report whose figures are what the API answers for that moment, on both hubs', async () => {
    for (const hub of hubs)
      expect(await figuresThen(hub, incident.id, { from, asOf: situation.asOf })).toEqual(figuresOf(situation.figures));
    expect(situation.figures).toMatchObject({
      level: 'FULL',
      published: 6,
      ended: 0,
      closures: { inPlace: 1, unseen: 1 },
    });
  });

  it('is an archive, the same by both hubs, that `npm run archive:verify` verifies; a turned bit is found', async () => {
    const taken = await takeArchive(first, incident.id);
    expect((await takeArchive(hubs[1], incident.id, 'duty')).bytes.equals(taken.bytes)).toBe(true);
    archive = taken.bytes.toString();
    await writeFile(cell.file('incident.ndjson'), taken.bytes);
    const sound = await verifyByCommand(cell.file('incident.ndjson'));
    expect(sound).toEqual({ code: 0, printed: expect.stringContaining('is as it left the hub') });
    const { bytes, line } = changedByOneBit(taken.bytes);
    await writeFile(cell.file('changed.ndjson'), bytes);
    const changed = await verifyByCommand(cell.file('changed.ndjson'));
    expect(changed).toEqual({ code: 1, printed: expect.stringMatching(new RegExp(`line ${line}\\b`)) });
  });
});

describe('nobody outside is told', () => {
  /** Of the messages of calls, which are postcards: what they are about. */
  const SUBJECT = /longjumeau|yvette|évacu|inond|crue/i;
  const endpoints = () => apps.map(({ path }) => path);
  /** Some links of letters to town halls, and of messages of calls. */
  async function linksOf(): Promise<{ reads: string[]; calls: string[] }> {
    const to = [...(await letters.byAddress([HEADLINE])).values()].slice(0, 2);
    const calls = (await letters.all()).map(linkOf).filter((link) => link !== '');
    return { reads: to.map(([one]) => linkIn(one!, 'read')), calls: calls.slice(0, 2) };
  }

  it('a name, address, mailbox, number, endpoint or picture: by no public door of either hub', async () => {
    const { reads, calls } = await linksOf();
    const threads = [alert.id, ...drafts.map(({ id }) => id)];
    const marks = [...MARKS, ...endpoints(), ...accounts.values(), picture.id, picture.sha256, report];
    for (const hub of hubs) {
      const told = await askEverything(hub, { threads, messages, links: [...reads, ...calls], from });
      tell(`${told.size} questions of nobody at one hub`);
      for (const [question, answer] of told) expect([question, marksIn(answer, marks)]).toEqual([question, []]);
      for (const link of calls) expect(told.get(link)).not.toMatch(SUBJECT);
    }
  });

  it('nor by a letter, a webhook, the archive, or a log of the hubs', async () => {
    for (const letter of await letters.all()) {
      const words = [letter.text, letter.html, letter.subject].join('\n');
      expect(marksIn(words, [...MARKS, picture.id])).toEqual([]);
      if (linkOf(letter)) expect(words).not.toMatch(SUBJECT);
    }
    await expect.poll(() => hook.received.length, { timeout: PATIENCE_MS }).toBeGreaterThan(8);
    for (const { body } of hook.received) expect(marksIn(body)).toEqual([]);
    expect(gateway.texts.length).toBeGreaterThan(3);
    for (const { to, text } of gateway.texts) {
      expect([to, marksIn(text)]).toEqual([MOBILE, []]);
      expect(text).not.toMatch(SUBJECT);
    }
    expect(marksIn(archive, [...MARKS, ...endpoints(), ...accounts.values(), picture.id])).toEqual([]);
    expect(cell.logged().length).toBeGreaterThan(1_000);
    expect(marksIn(cell.logged(), [...MARKS, ...endpoints()])).toEqual([]);
  });

  it('though all of it was there to be found', async () => {
    const said = (await readLog(first, incident.id)).map(({ text, sender }) => `${text} ${sender}`).join('\n');
    expect(marksIn(said)).toEqual(MARKS.filter((mark) => CANARY.toLowerCase().includes(mark)));
  });
});

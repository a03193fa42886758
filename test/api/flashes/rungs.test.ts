import { afterEach, describe, expect, it } from 'vitest';
import {
  aTurn,
  type CallingDesk,
  callAbout,
  callingDesk,
  passCall,
  rungOf,
  takeCall,
  untilCall,
  untilRung,
} from '../../support/crisis-cell/calling-desk.ts';
import { idOf, saveShift, shiftInput } from '../../support/crisis-cell/duty-desk.ts';
import { answerFlash, flashNow, flashReport, withdrawFlash } from '../../support/crisis-cell/flash-desk.ts';
import { withSession } from '../../support/database/cluster.ts';
import { openIncident, refusal } from '../../support/desk/desk.ts';

/** The rungs of a flash, by the clock. */
let desk: CallingDesk | undefined;
afterEach(async () => {
  await desk?.close();
  desk = undefined;
});

interface LogNode {
  text: string;
  important: boolean;
  report: { id: string } | null;
}

/** A desk with two contacts of the Sdis, a duty officer and a lead. */
async function onDutyDesk(): Promise<CallingDesk & { contact: string }> {
  const made = await callingDesk();
  desk = made;
  const contact = await idOf(made.hub, 'signatory');
  await saveShift(made.hub, shiftInput(contact, { dutyFunction: 'SDIS_CONTACT' }));
  await made.onDuty('editor2', 'SDIS_CONTACT', { rank: 2 });
  await made.onDuty('duty', 'DUTY_OFFICER');
  await made.onDuty('validator', 'LEAD');
  return { ...made, contact };
}

const logOf = async ({ hub }: CallingDesk, incident: string): Promise<LogNode[]> => {
  const { log } = await hub
    .as('editor')
    .request<{ log: { nodes: LogNode[] } }>(
      'query ($incident: ID!) { log(incident: $incident, first: 100) { nodes { text important report { id } } } }',
      { incident },
    );
  return log.nodes.toReversed();
};

describe('a flash rings', () => {
  it('the first contact at once, the second after 2 minutes, sender and officer after 4, all after 6 until it is answered', async () => {
    const made = await onDutyDesk();
    const { hub, account, contact, pass } = made;
    const incident = await openIncident(hub, 'crue-flash');
    const flash = await flashReport(hub, 'checker', { incident });
    const about = flash.report.id;
    expect(flash).toMatchObject({ number: 1, state: 'SENT', escalated: false, contactOnDuty: true, verified: false });
    expect(await untilRung(hub, about, [contact])).toMatchObject({ reason: 'FLASH', state: 'RINGING' });
    pass(1.9);
    await aTurn(made);
    expect(rungOf(await callAbout(hub, about))).toEqual([contact]);
    pass(0.2);
    await untilRung(hub, about, [contact, account('editor2')]);
    expect(await flashNow(hub, flash.id)).toMatchObject({ state: 'SENT', escalated: false });
    pass(2);
    await untilRung(hub, about, [contact, account('editor2'), account('checker'), account('duty')]);
    expect(await flashNow(hub, flash.id)).toMatchObject({
      state: 'SENT',
      escalated: true,
      notice: 'Personne au Sdis n’a répondu : téléphonez',
    });
    pass(2);
    const exhausted = await untilCall(hub, about, ({ state }) => state === 'EXHAUSTED');
    expect(rungOf(exhausted).slice(4)).toEqual([
      ...[contact, account('editor2'), account('checker')],
      ...[account('duty'), account('validator')],
    ]);
    expect(await flashNow(hub, flash.id)).toMatchObject({ state: 'UNANSWERED', escalated: true });
    pass(2);
    await untilCall(hub, about, ({ steps }) => steps.length === 14);
    await answerFlash(hub, 'signatory', flash.id);
    expect(await callAbout(hub, about)).toMatchObject({ state: 'DONE', nextAt: null });
    pass(60);
    await aTurn(made);
    expect((await callAbout(hub, about)).steps).toHaveLength(14);
    const lines = (await logOf(made, incident)).filter(({ text }) => text.startsWith('Flash'));
    expect(lines.map(({ text }) => text.replaceAll('\u00a0', ' '))).toEqual([
      'Flash n° 1 : envoyé au contact du Sdis (NON VÉRIFIÉ)',
      'Flash n° 1 sans réponse depuis 6 minutes. Personne au Sdis n’a répondu : téléphonez',
      expect.stringMatching(/^Flash n° 1 : pris en compte par le Sdis à \d+ h( \d\d)?$/),
    ]);
    for (const line of lines) expect(line).toMatchObject({ important: true, report: { id: about } });
  });

  it('the next contact at once where the first one passes it on, and is not taken (I-64)', async () => {
    const { hub, account, contact } = await onDutyDesk();
    const { report } = await flashReport(hub);
    const { id } = await untilRung(hub, report.id, [contact]);
    expect(await refusal(takeCall(hub, 'duty', id))).toMatchObject({ code: 'WRONG_STAGE' });
    await passCall(hub, 'signatory', id, 'Au volant');
    await untilCall(hub, report.id, ({ steps }) => steps.some(({ account: rung }) => rung.id === account('editor2')));
  });

  it('nobody any more once it is withdrawn', async () => {
    const { hub, contact } = await onDutyDesk();
    const flash = await flashReport(hub);
    await untilRung(hub, flash.report.id, [contact]);
    expect(await withdrawFlash(hub, 'checker', flash.id)).toMatchObject({
      state: 'WITHDRAWN',
      withdrawnFor: 'Erreur de saisie',
    });
    expect(await callAbout(hub, flash.report.id)).toMatchObject({ state: 'LAPSED', nextAt: null });
  });

  it('the duty officer at once where nobody of the Sdis is on duty, and says so', async () => {
    desk = await callingDesk();
    const { hub, account, onDuty } = desk;
    await onDuty('duty', 'DUTY_OFFICER');
    const incident = await openIncident(hub, 'sans-contact');
    const flash = await flashReport(hub, 'checker', { incident });
    expect(flash).toMatchObject({
      to: null,
      contactOnDuty: false,
      escalated: true,
      notice: 'Personne au Sdis n’est de garde : téléphonez',
    });
    await untilRung(hub, flash.report.id, [account('duty')]);
    expect((await logOf(desk, incident)).at(-1)?.text).toBe(
      'Flash n° 1 : Personne au Sdis n’est de garde : téléphonez (NON VÉRIFIÉ)',
    );
  });
});

describe('in an exercise', () => {
  it('only its own contacts are rung, and in earnest never those', async () => {
    const made = await onDutyDesk();
    const { hub, account, contact, pass } = made;
    const exercise = await openIncident(hub, 'exercice-flash', 'EXERCISE');
    await saveShift(hub, shiftInput(account('volunteer'), { dutyFunction: 'SDIS_CONTACT', incident: exercise }));
    const played = await flashReport(hub, 'checker', { incident: exercise, emergencyCalled: 'NOT_YET' });
    expect(played).toMatchObject({ mode: 'EXERCISE', told: null, notice: expect.stringMatching(/^EXERCICE\. /) });
    await untilRung(hub, played.report.id, [account('volunteer')]);
    for (let minutes = 0; minutes < 8; minutes += 2) {
      pass(2);
      await aTurn(made);
    }
    const rung = new Set(rungOf(await untilCall(hub, played.report.id, ({ state }) => state === 'EXHAUSTED')));
    expect([...rung].sort()).toEqual([account('volunteer'), account('checker')].sort());
    const real = await flashReport(hub, 'checker');
    expect(real.mode).toBe('ACTUAL');
    await untilRung(hub, real.report.id, [contact]);
  });
});

describe('of two hubs', () => {
  it('the other one rings on where the one that kept time has ended', async () => {
    const made = await onDutyDesk();
    const { hub, account, contact, pass } = made;
    const { report } = await flashReport(hub);
    await untilRung(hub, report.id, [contact]);
    const second = await made.second();
    await hub.close();
    pass(2);
    await untilRung(second, report.id, [contact, account('editor2')]);
  });

  it('one rings, and each person once a turn', async () => {
    const made = await onDutyDesk();
    const { hub, account, contact, pass, url } = made;
    await made.second();
    const { report } = await flashReport(hub);
    await untilRung(hub, report.id, [contact]);
    // So late that each hub takes the turn for its own.
    pass(2.2);
    await untilRung(hub, report.id, [contact, account('editor2')]);
    pass(2);
    await untilRung(hub, report.id, [contact, account('editor2'), account('checker'), account('duty')]);
    const { rows } = await withSession(url, (session) =>
      session.query('select rung from call where report_id is not null'),
    );
    expect(rows).toEqual([{ rung: 3 }]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SetClock } from '../../../src/clock.ts';
import type { Persona } from '../../../src/development/development-tokens.ts';
import { idOf, saveShift, shiftInput } from '../../support/crisis-cell/duty-desk.ts';
import {
  answerFlash,
  flashesOf,
  flashNow,
  flashReport,
  submitted,
  withdrawFlash,
} from '../../support/crisis-cell/flash-desk.ts';
import { newIncident, onIncident } from '../../support/crisis-cell/incident-desk.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, draft, hoursFromNow, refusal } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

/** Who sends flashes, reads and answers them, and what each is told. */
const { url } = await testDatabase();
const clock = new SetClock(new Date());
const hub = await startHub({ url, clock });
afterAll(() => hub.close());

const codeOf = async (refused: Promise<unknown>): Promise<string> => (await refusal(refused)).code;
const CODIS = '01 60 00 18 00';
let sdis = '';
let contact = '';

/** The contact of the Sdis is on duty, and its control room has a number. */
beforeAll(async () => {
  const { done } = await hub
    .as('admin')
    .request<{ done: { organisation: { id: string; version: number } } }>(
      `mutation { done: createOrganisation(kind: SDIS, name: "Sdis de l’Essonne", shortName: "Sdis 91") { organisation { id version } } }`,
    );
  sdis = done.organisation.id;
  await hub.as('admin').request(
    `mutation ($id: ID!, $version: Int!, $numbers: [DirectNumberInput!]!) {
       setDirectNumbers(id: $id, version: $version, numbers: $numbers) { organisation { version } } }`,
    { ...done.organisation, numbers: [{ label: 'Codis', number: CODIS, checkedAt: hoursFromNow(-1) }] },
  );
  contact = await idOf(hub, 'signatory');
  await withSession(url, (session) =>
    session.query('update account set organisation_id = $1 where id = $2', [sdis, contact]),
  );
  await saveShift(hub, shiftInput(contact, { dutyFunction: 'SDIS_CONTACT' }));
  await idOf(hub, 'duty');
});

describe('flashReport', () => {
  it('says that it replaces no emergency number, and gives the number of the Codis where nobody has called one', async () => {
    const flash = await flashReport(hub, 'checker', { emergencyCalled: 'NOT_YET' });
    expect(flash).toMatchObject({
      words:
        'Ce signalement ne remplace ni le 18, ni le 112, ni le 114. Si une personne est en danger maintenant, appelez d’abord.',
      contactOnDuty: true,
      told: CODIS,
      to: { id: sdis },
      state: 'SENT',
      verified: false,
      notice: expect.stringMatching(/^Envoyé à/),
    });
    expect((await flashReport(hub)).told).toBeNull();
  });

  it('has one flash a report: the second is told the number of the first', async () => {
    const first = await flashReport(hub);
    const second = flashReport(hub, 'duty', { report: first.report.id });
    await expect(second).rejects.toThrow(`the flash n° ${first.number}`);
    expect(await codeOf(flashReport(hub, 'duty', { report: first.report.id }))).toBe('CONFLICT');
    const report = await submitted(hub);
    const both = await Promise.allSettled([
      flashReport(hub, 'checker', { report }),
      flashReport(hub, 'duty', { report }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it.each([
    ['place', ''],
    ['place', ' \u200b '],
    ['place', 'Rue\u0000de Paris'],
    ['place', 'x'.repeat(301)],
    ['what', '\ud800'],
    ['what', 'x'.repeat(1_001)],
  ])('wants words that can be read: %s %j', async (field, text) => {
    const report = await submitted(hub);
    const { code, fields } = await refusal(flashReport(hub, 'checker', { report, [field]: text }));
    expect([code, fields]).toEqual(['INVALID_INPUT', [expect.objectContaining({ path: field })]]);
    expect((await flashReport(hub, 'checker', { report })).report.id).toBe(report);
  });

  it('is for a volunteer who sits in a cell at PARTIAL or FULL, and for no other', async () => {
    const asVolunteer = (more: object = {}) => flashReport(hub, 'volunteer', more);
    expect(await codeOf(asVolunteer())).toBe('FORBIDDEN');
    const opened = await newIncident(hub, 'crue-benevoles');
    const other = await newIncident(hub, 'feu-benevoles');
    await saveShift(hub, shiftInput(await idOf(hub, 'volunteer'), { dutyFunction: 'CHECKER', incident: opened.id }));
    const raise = (level: string, version: number) =>
      onIncident(hub, 'duty', 'setIncidentLevel', { id: opened.id, version, level, reason: 'Crue' });
    const reinforced = await raise('REINFORCED', opened.version);
    expect(await codeOf(asVolunteer())).toBe('FORBIDDEN');
    await raise('PARTIAL', reinforced.version);
    expect(await asVolunteer()).toMatchObject({ incident: { id: opened.id } });
    expect(await codeOf(asVolunteer({ incident: other.id }))).toBe('FORBIDDEN');
    const sent = await flashReport(hub, 'checker');
    expect(await codeOf(withdrawFlash(hub, 'volunteer', sent.id))).toBe('FORBIDDEN');
    const own = await asVolunteer();
    expect(await withdrawFlash(hub, 'volunteer', own.id)).toMatchObject({ state: 'WITHDRAWN' });
  });

  it('is for a marshal of what they reported: of the rest a marshal knows nothing', async () => {
    const own = await submitted(hub, 'marshal');
    const flash = await flashReport(hub, 'marshal', { report: own });
    expect(await flashNow(hub, flash.id, 'marshal')).toMatchObject({ number: flash.number });
    const others = await flashReport(hub);
    expect(await codeOf(flashReport(hub, 'marshal', { report: others.report.id }))).toBe('NOT_FOUND');
    expect(await codeOf(flashReport(hub, 'marshal', { report: await submitted(hub) }))).toBe('NOT_FOUND');
    expect(await flashNow(hub, others.id, 'marshal')).toBeNull();
    expect((await flashesOf(hub, {}, 'marshal')).map(({ id }) => id)).toEqual([flash.id]);
    expect(await codeOf(withdrawFlash(hub, 'marshal', others.id))).toBe('NOT_FOUND');
  });

  it('wants an exercise to be named', async () => {
    const exercise = await newIncident(hub, 'exercice', 'EXERCISE');
    const report = await submitted(hub);
    const texts = [
      { language: 'fr-FR', headline: 'EXERCICE : crue', description: 'EXERCICE.', instruction: 'EXERCICE.' },
    ];
    await draft(hub, 'Alert', alertInput({ mode: 'EXERCISE', incidentId: exercise.id, reportIds: [report], texts }));
    expect(await refusal(flashReport(hub, 'checker', { report }))).toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'incident', message: expect.stringContaining('exercice') }],
    });
    const played = { report, incident: exercise.id, emergencyCalled: 'NOT_YET' };
    // Nobody calls the Sdis in earnest.
    expect(await flashReport(hub, 'checker', played)).toMatchObject({ mode: 'EXERCISE', told: null });
    expect(await codeOf(flashReport(hub, 'checker', { incident: report }))).toBe('INVALID_INPUT');
  });

  it('belongs to the real incident whose dossiers rest on the report', async () => {
    const { id: incident } = await newIncident(hub, 'crue-dossiers');
    const report = await submitted(hub);
    await draft(hub, 'Alert', alertInput({ incidentId: incident, reportIds: [report] }));
    expect(await flashReport(hub, 'checker', { report })).toMatchObject({ incident: { id: incident }, mode: 'ACTUAL' });
  });

  it('awaits no check, and is not for what repeats another report', async () => {
    const report = await submitted(hub);
    const original = await submitted(hub);
    await hub
      .as('checker')
      .request('mutation ($id: ID!, $of: ID!) { markReportDuplicate(id: $id, duplicateOf: $of) { asOf } }', {
        id: report,
        of: original,
      });
    expect(await codeOf(flashReport(hub, 'checker', { report }))).toBe('WRONG_STAGE');
  });
});

describe('the words of a flash', () => {
  it('hold no number of anybody: it stands with the personal data of the report (I-15)', async () => {
    const report = await submitted(hub, 'volunteer', {
      text: 'Mme Durand, 06 12 34 56 78, est sur son toit',
      people: ['Mme Durand'],
    });
    const flash = await flashReport(hub, 'checker', {
      report,
      what: 'Rappeler Mme Durand au 06 12 34 56 78, ou son fils au 06 99 88 77 66',
      place: 'Longjumeau',
    });
    expect(flash.what).toBe('Rappeler [personne 1] au [téléphone 1], ou son fils au [téléphone 2]');
    expect(await answerFlash(hub, 'duty', flash.id, 'TAKEN', 'Vu avec le 07 11 22 33 44')).toMatchObject({
      remark: 'Vu avec le [téléphone 3]',
    });
    const { items } = await personalData('checker', report);
    expect(items.map(({ value }) => value)).toEqual([
      ...['06 12 34 56 78', 'Mme Durand', '06 99 88 77 66', '07 11 22 33 44'],
    ]);
  });
});

describe('maskPeople', () => {
  it('takes people out of the words of a flash as well, whoever answers at the same moment', async () => {
    const flash = await flashReport(hub, 'checker', { what: 'Paul Zerbino est sur son toit', place: 'Chez Zerbino' });
    const mask = () =>
      hub
        .as('checker')
        .request('mutation ($id: ID!) { maskPeople(id: $id, people: ["Paul Zerbino", "Zerbino"]) { asOf } }', {
          id: flash.report.id,
        });
    await Promise.all([mask(), answerFlash(hub, 'duty', flash.id, 'TAKEN', 'Vu avec Paul Zerbino')]);
    await mask();
    const { what, place, remark } = (await flashNow(hub, flash.id)) ?? {};
    for (const words of [what, place, remark]) expect(words).not.toContain('Zerbino');
    expect(what).toMatch(/^\[personne \d\] est sur son toit$/);
    const { items } = await personalData('checker', flash.report.id);
    expect(items.map(({ value }) => value)).toContain('Paul Zerbino');
  });
});

interface PersonalItems {
  items: { mark: string; value: string }[];
}
async function personalData(persona: Persona, id: string): Promise<PersonalItems> {
  const { done } = await hub
    .as(persona)
    .request<{ done: { personalData: PersonalItems } }>(
      'mutation ($id: ID!) { done: readPersonalData(id: $id) { personalData { items { mark value } } } }',
      { id },
    );
  return done.personalData;
}

/** Waits until the contact was rung for a flash. */
const untilContactRung = (report: string) =>
  expect
    .poll(() =>
      withSession(url, async (session) => {
        const { rows } = await session.query(
          'select from call c join call_step s on s.call_id = c.id where c.report_id = $1 and s.account_id = $2',
          [report, contact],
        );
        return rows.length;
      }),
    )
    .toBeGreaterThan(0);

describe('the contact of the Sdis', () => {
  const withNumber = () => submitted(hub, 'volunteer', { text: 'Appeler le 06 12 34 56 78' });

  it('reads what identifies people in the report for 24 hours, each reading on record', async () => {
    const started = clock.now();
    const report = await withNumber();
    expect(await codeOf(personalData('signatory', report))).toBe('FORBIDDEN');
    const flash = await flashReport(hub, 'checker', { report });
    await untilContactRung(report);
    expect((await personalData('signatory', report)).items).toHaveLength(1);
    expect(await codeOf(personalData('editor', report))).toBe('FORBIDDEN');
    const { rows } = await withSession(url, (session) =>
      session.query('select actor from audit_entry where action = $1 and subject = $2', ['readPersonalData', report]),
    );
    expect(rows).toEqual([{ actor: contact }]);
    await answerFlash(hub, 'signatory', flash.id);
    clock.set(new Date(started.getTime() + 23.9 * 3_600_000));
    expect((await personalData('signatory', report)).items).toHaveLength(1);
    clock.set(new Date(started.getTime() + 24.1 * 3_600_000));
    expect(await codeOf(personalData('signatory', report))).toBe('FORBIDDEN');
    clock.set(started);
  });

  it('reads no more of a flash that was withdrawn', async () => {
    const report = await withNumber();
    const flash = await flashReport(hub, 'checker', { report });
    await untilContactRung(report);
    await withdrawFlash(hub, 'checker', flash.id);
    expect(await codeOf(personalData('signatory', report))).toBe('FORBIDDEN');
  });

  it('reads nothing as somebody whom the roster alone names, without being of the Sdis', async () => {
    const validator = await idOf(hub, 'validator2');
    await saveShift(hub, shiftInput(validator, { dutyFunction: 'SDIS_CONTACT', rank: 1 }));
    const report = await withNumber();
    await flashReport(hub, 'checker', { report });
    await withSession(url, (session) =>
      session.query(
        `insert into call_step (id, call_id, account_id, way, rung, at, outcome)
         select gen_random_uuid(), id, $2, 'DESK', 1, $3, 'ACCEPTED' from call where report_id = $1`,
        [report, validator, clock.now()],
      ),
    );
    expect(await codeOf(personalData('validator2', report))).toBe('FORBIDDEN');
  });

  it('knows of what was sent to the Sdis, and answers it', async () => {
    const exercise = await newIncident(hub, 'exercice-ailleurs', 'EXERCISE');
    const elsewhere = await flashReport(hub, 'checker', { incident: exercise.id });
    expect(await flashNow(hub, elsewhere.id, 'signatory')).toBeNull();
    expect(await codeOf(answerFlash(hub, 'signatory', elsewhere.id))).toBe('NOT_FOUND');
    const sent = await flashReport(hub);
    expect(await flashNow(hub, sent.id, 'signatory')).toMatchObject({ number: sent.number });
    expect(await answerFlash(hub, 'signatory', sent.id, 'KNOWN_ALREADY')).toMatchObject({
      state: 'ANSWERED',
      answer: 'KNOWN_ALREADY',
      answeredBy: { id: contact },
    });
  });
});

describe('answerFlash', () => {
  it('is done by one of two who answer at the same moment', async () => {
    const { id } = await flashReport(hub);
    const both = await Promise.allSettled([
      answerFlash(hub, 'signatory', id, 'TAKEN'),
      answerFlash(hub, 'duty', id, 'NOT_FOUND'),
    ]);
    const answered = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value.answer] : []));
    expect(answered).toHaveLength(1);
    expect(await codeOf(answerFlash(hub, 'editor', id))).toBe('CONFLICT');
    expect((await flashNow(hub, id))?.answer).toBe(answered[0]);
    expect(await codeOf(withdrawFlash(hub, 'checker', id))).toBe('WRONG_STAGE');
  });
});

describe('flashes', () => {
  it('are numbered without a gap, and found by state and incident', async () => {
    const { id: incident } = await newIncident(hub, 'crue-liste');
    const open = await flashReport(hub, 'checker', { incident });
    const done = await flashReport(hub, 'duty', { incident });
    await answerFlash(hub, 'editor', done.id);
    expect(done.number).toBe(open.number + 1);
    const all = await flashesOf(hub);
    expect(all.map(({ number }) => number)).toEqual(all.map((_, index) => all.length - index));
    const found = async (where: object) => (await flashesOf(hub, where)).map(({ id }) => id);
    expect(await found({ incident })).toEqual([done.id, open.id]);
    expect(await found({ incident, states: ['ANSWERED'] })).toEqual([done.id]);
    expect(await found({ incident, states: ['SENT'] })).toEqual([open.id]);
    expect(await found({ incident, states: ['UNANSWERED'] })).toEqual([]);
    expect(await found({ incident: 'nothing' })).toEqual([]);
  });

  it('stand beside their reports, for those who read reports', async () => {
    const flash = await flashReport(hub);
    const { report } = await hub
      .as('volunteer')
      .request<{ report: { flash: { id: string } } }>('query ($id: ID!) { report(id: $id) { flash { id } } }', {
        id: flash.report.id,
      });
    expect(report.flash.id).toBe(flash.id);
  });
});

describe('the direct numbers of an organisation', () => {
  const QUERY = '{ organisations(first: 100) { nodes { id directNumbers { label number } } } }';
  it('are for staff and an ADMIN', async () => {
    for (const persona of ['editor', 'admin'] as const) {
      const { organisations } = await hub
        .as(persona)
        .request<{ organisations: { nodes: { id: string; directNumbers: object[] }[] } }>(QUERY);
      expect(organisations.nodes.find(({ id }) => id === sdis)?.directNumbers).toEqual([
        { label: 'Codis', number: CODIS },
      ]);
    }
    const flash = await flashReport(hub);
    const { seen } = await hub
      .as('volunteer')
      .request<{ seen: { to: { directNumbers: object[] | null } } }>(
        'query ($id: ID!) { seen: flash(id: $id) { to { directNumbers { number } } } }',
        { id: flash.id },
      );
    expect(seen.to.directNumbers).toBeNull();
  });

  it.each([[{ number: 'appelez-moi' }], [{ label: '' }], [{ checkedAt: hoursFromNow(48) }]])(
    'are telephone numbers: %j',
    async (fault) => {
      const numbers = [{ label: 'Codis', number: CODIS, checkedAt: hoursFromNow(-1), ...fault }];
      const refused = hub.as('admin').request(
        `mutation ($id: ID!, $numbers: [DirectNumberInput!]!) {
           setDirectNumbers(id: $id, version: 2, numbers: $numbers) { asOf } }`,
        { id: sdis, numbers },
      );
      expect(await codeOf(refused)).toBe('INVALID_INPUT');
    },
  );
});

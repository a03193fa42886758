import { afterAll, describe, expect, it } from 'vitest';
import { SetClock } from '../../../src/clock.ts';
import {
  handOver,
  idOf,
  onDutyOf,
  removeShift,
  roster,
  saveShift,
  shiftInput,
  takeOver,
} from '../../support/crisis-cell/duty-desk.ts';
import { newIncident, onIncident } from '../../support/crisis-cell/incident-desk.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { hoursFromNow, openIncident, refusal } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

/** The roster as it is planned and read. */
const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

const [checker, volunteer, editor] = [
  await idOf(hub, 'checker'),
  await idOf(hub, 'volunteer'),
  await idOf(hub, 'editor'),
];
const someday = { from: '2026-01-01T00:00:00Z', to: '2199-01-01T00:00:00Z' };
const onlyOf = async () => ({ incident: await openIncident(hub, `garde-${Math.random().toString(36).slice(2)}`) });

describe('a shift', () => {
  it('is planned, changed, and taken off the roster before it begins', async () => {
    const of = await onlyOf();
    const planned = await saveShift(
      hub,
      shiftInput(volunteer, { ...of, dutyFunction: 'WATCHER', from: hoursFromNow(5), to: hoursFromNow(9) }),
    );
    expect(planned).toMatchObject({
      version: 1,
      incident: { id: of.incident },
      dutyFunction: 'WATCHER',
      account: { id: volunteer },
      rank: 1,
      state: 'PLANNED',
      handedTo: null,
      note: null,
      relieves: null,
    });
    const changed = await saveShift(
      hub,
      shiftInput(checker, { ...of, id: planned.id, version: 1, rank: 2, from: hoursFromNow(6), to: hoursFromNow(12) }),
      'duty',
    );
    expect(changed).toMatchObject({ version: 2, dutyFunction: 'LEAD', account: { id: checker }, rank: 2 });
    expect(await refusal(removeShift(hub, planned))).toMatchObject({ code: 'CONFLICT', currentVersion: 2 });
    expect(await removeShift(hub, changed)).toBe(planned.id);
    expect(await roster(hub, { ...someday, ...of })).toEqual([]);
    expect(await refusal(removeShift(hub, changed))).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('that has begun keeps all but its end and its rank, and is not removed', async () => {
    const of = await onlyOf();
    const on = await saveShift(hub, shiftInput(volunteer, of));
    expect(on).toMatchObject({ state: 'ON_DUTY' });
    const same = { ...shiftInput(volunteer, of), id: on.id, version: 1, from: on.from };
    const longer = await saveShift(hub, { ...same, rank: 3, to: hoursFromNow(14) });
    expect(longer).toMatchObject({ version: 2, rank: 3, from: on.from });
    for (const [change, path] of [
      [{ account: checker }, 'input.account'],
      [{ dutyFunction: 'CHECKER' }, 'input.dutyFunction'],
      [{ incident: null }, 'input.incident'],
      [{ from: hoursFromNow(-2) }, 'input.from'],
    ] as const)
      expect(await refusal(saveShift(hub, { ...same, version: 2, ...change }))).toMatchObject({
        code: 'INVALID_INPUT',
        fields: [{ path }],
      });
    expect(await refusal(removeShift(hub, longer))).toMatchObject({ code: 'WRONG_STAGE' });
  });

  it.each([
    [{ account: 'x' }, 'input.account'],
    [{ account: '01900000-0000-7000-8000-00000000dead' }, 'input.account'],
    [{ incident: '01900000-0000-7000-8000-00000000dead' }, 'input.incident'],
    [{ rank: 0 }, 'input.rank'],
    [{ rank: 10 }, 'input.rank'],
    [{ to: hoursFromNow(-2) }, 'input.to'],
    [{ from: hoursFromNow(-30) }, 'input.from'],
    [{ from: hoursFromNow(1), to: hoursFromNow(200) }, 'input.to'],
    [{ version: 1 }, 'input.version'],
    [{ id: '01900000-0000-7000-8000-00000000dead' }, 'input.version'],
  ])('is refused with %j', async (more, path) => {
    expect(await refusal(saveShift(hub, shiftInput(editor, more)))).toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path }],
    });
  });

  it('of one person does not overlap another of the same, also where two people plan at once', async () => {
    const of = await onlyOf();
    const attempts = ['validator', 'duty', 'validator2'].map((persona) =>
      saveShift(hub, shiftInput(checker, of), persona as 'duty'),
    );
    const codes = await Promise.all(
      attempts.map((one) =>
        one.then(
          () => 'done',
          () => refusal(one).then(({ code }) => code),
        ),
      ),
    );
    expect(codes.sort()).toEqual(['INVALID_INPUT', 'INVALID_INPUT', 'done']);
    await saveShift(hub, shiftInput(checker, { ...of, dutyFunction: 'CHECKER' }));
    await saveShift(hub, shiftInput(checker, { ...of, from: hoursFromNow(11), to: hoursFromNow(20) }));
    await saveShift(hub, shiftInput(editor, of));
  });

  it('is for nobody who is disabled, and for no incident that is closed', async () => {
    const incident = await newIncident(hub, 'close-garde');
    const account = await idOf(hub, 'volunteer2');
    await withSession(url, (session) =>
      session.query('update account set disabled_at = now() where id = $1', [account]),
    );
    const { id, version } = incident;
    await onIncident(hub, 'validator', 'closeIncident', { id, version, reason: 'Décrue.' });
    expect(await refusal(saveShift(hub, shiftInput(account, { incident: id })))).toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'input.account' }, { path: 'input.incident' }],
    });
  });
});

describe('the roster', () => {
  it('has what lies between two moments, in part too, in the order of the beginnings', async () => {
    const of = await onlyOf();
    const [first, second, third, last] = [-1, 5, 10, 20].map(hoursFromNow);
    const spans = [
      { from: third, to: last },
      { from: first, to: second },
      { from: second, to: third },
      { from: hoursFromNow(30), to: hoursFromNow(40) },
    ];
    for (const span of spans) await saveShift(hub, shiftInput(checker, { ...of, ...span }));
    const between = async (from: number, to: number) =>
      (await roster(hub, { from: hoursFromNow(from), to: hoursFromNow(to), ...of })).map((one) => one.state);
    expect(await between(-3, 50)).toEqual(['ON_DUTY', 'PLANNED', 'PLANNED', 'PLANNED']);
    expect(await between(4, 6)).toEqual(['ON_DUTY', 'PLANNED']);
    expect(await between(21, 29)).toEqual([]);
    expect(await refusal(between(5, 5))).toMatchObject({ code: 'INVALID_INPUT', fields: [{ path: 'to' }] });
    expect(await roster(hub, { ...someday, incident: 'x' })).toEqual([]);
  });

  it('of an incident is over when that is closed, and goes on when it is opened again', async () => {
    const incident = await newIncident(hub, 'garde-close');
    await saveShift(hub, shiftInput(checker, { incident: incident.id }));
    const onDuty = async () => (await onDutyOf(hub, incident.id)).map(({ account }) => account.id);
    expect(await onDuty()).toEqual([checker]);
    const which = { id: incident.id, reason: 'Décrue.' };
    await onIncident(hub, 'validator', 'closeIncident', { ...which, version: 1 });
    expect(await onDuty()).toEqual([]);
    expect(await roster(hub, { ...someday, incident: incident.id })).toMatchObject([{ state: 'DONE' }]);
    await onIncident(hub, 'validator', 'reopenIncident', { ...which, version: 2 });
    expect(await onDuty()).toEqual([checker]);
  });

  it('shows notes to staff and to the two people, not to other volunteers', async () => {
    const of = await onlyOf();
    const on = await saveShift(hub, shiftInput(volunteer, of));
    await handOver(hub, 'volunteer', on, checker, 'Digue à surveiller.');
    const note = async (persona: 'volunteer' | 'editor' | 'checker') =>
      (await roster(hub, { ...someday, ...of }, persona))[0]?.note;
    expect([await note('volunteer'), await note('editor')]).toEqual(['Digue à surveiller.', 'Digue à surveiller.']);
    const others = await saveShift(hub, shiftInput(editor, of));
    await handOver(hub, 'editor', others, checker, 'Confidentiel.');
    const seen = (await roster(hub, { ...someday, ...of }, 'volunteer')).map((one) => one.note);
    expect(seen.sort()).toEqual(['Digue à surveiller.', null]);
  });

  it('tells its holes, empty as it is, and no more once they are filled', async () => {
    const { url: empty } = await testDatabase();
    const other = await startHub({ url: empty });
    try {
      const holes = async () => {
        const { rosterHoles } = await other
          .as('volunteer')
          .request<{ rosterHoles: { reason: string; dutyFunction: string; incident: { slug: string } | null }[] }>(
            '{ rosterHoles { reason dutyFunction incident { slug } account { id } from to } }',
          );
        return rosterHoles.map((one) => `${one.reason} ${one.incident?.slug ?? 'standing'} ${one.dutyFunction}`);
      };
      const standing = ['NOBODY standing VALIDATOR', 'NOBODY standing DUTY_OFFICER'];
      expect(await holes()).toEqual(standing);
      const incident = await newIncident(other, 'orage');
      expect(await holes()).toEqual(standing);
      await onIncident(other, 'duty', 'setIncidentLevel', {
        id: incident.id,
        version: 1,
        level: 'REINFORCED',
        reason: 'Vigilance orange.',
      });
      expect(await holes()).toEqual([...standing, 'NOBODY orage VALIDATOR', 'NOBODY orage CHECKER']);
      const account = await idOf(other, 'validator');
      const day = { from: hoursFromNow(-1), to: hoursFromNow(30) };
      for (const dutyFunction of ['VALIDATOR', 'DUTY_OFFICER'])
        await saveShift(other, shiftInput(account, { dutyFunction, ...day }));
      expect(await holes()).toEqual(['NOBODY orage CHECKER']);
      await saveShift(other, shiftInput(account, { dutyFunction: 'CHECKER', incident: incident.id, ...day }));
      expect(await holes()).toEqual(['TOO_LONG orage CHECKER']);
    } finally {
      await other.close();
    }
  });

  it('is planned for people, who are listed, disabled accounts left out', async () => {
    await withSession(url, (session) =>
      session.query(
        `insert into account (id, version, issuer, subject, name, created_at, disabled_at)
         values (gen_random_uuid(), 1, 'https://issuer.example', 'gone', 'Ancienne collègue', now(), now())`,
      ),
    );
    const { dutyCandidates } = await hub
      .as('checker')
      .request<{ dutyCandidates: { nodes: { name: string }[] } }>('{ dutyCandidates(first: 100) { nodes { name } } }');
    const names = dutyCandidates.nodes.map(({ name }) => name);
    expect(names).toContain('Élodie Martin (rédaction)');
    expect(names).not.toContain('Ancienne collègue');
  });
});

describe('over a change of the clocks', () => {
  it.each([
    ['spring', '2027-03-27T20:00:00+01:00', '2027-03-28T08:00:00+02:00', '2027-03-28T02:59:59+01:00'],
    ['autumn', '2027-10-30T20:00:00+02:00', '2027-10-31T08:00:00+01:00', '2027-10-31T02:30:00+01:00'],
  ])('a shift of the night of %s keeps its hours, and is handed over in it', async (_season, from, to, inIt) => {
    const clock = new SetClock(from);
    const { url: own } = await testDatabase();
    const night = await startHub({ url: own, clock });
    try {
      const [first, next] = [await idOf(night, 'editor'), await idOf(night, 'checker')];
      const saved = await saveShift(night, shiftInput(first, { from, to }));
      expect(saved).toMatchObject({ from, to, state: 'ON_DUTY' });
      clock.set(inIt);
      const handed = await handOver(night, 'editor', saved, next);
      const [standing] = await roster(night, { from, to });
      expect(standing).toMatchObject({ id: saved.id, state: 'HANDING_OVER', from, to });
      const relief = await takeOver(night, 'checker', handed);
      expect(relief).toMatchObject({ account: { id: next }, to });
    } finally {
      await night.close();
    }
  });
});

import { afterAll, describe, expect, it } from 'vitest';
import { handOver, idOf, roster, saveShift, shiftInput, takeOver } from '../../support/crisis-cell/duty-desk.ts';
import { newIncident, onIncident } from '../../support/crisis-cell/incident-desk.ts';
import { testDatabase } from '../../support/database/database.ts';
import { hoursFromNow, openIncident, refusal } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';

/** A person who hands over stays on until the other one takes over (I-39). */
const { url } = await testDatabase();
const hub = await startHub({ url });
const second = await startHub({ url });
afterAll(() => Promise.all([hub.close(), second.close()]));

const [editor, checker, volunteer] = [
  await idOf(hub, 'editor'),
  await idOf(hub, 'checker'),
  await idOf(hub, 'volunteer'),
];
const newOne = async () => ({ incident: await openIncident(hub, `releve-${Math.random().toString(36).slice(2)}`) });
const someday = { from: '2026-01-01T00:00:00Z', to: '2199-01-01T00:00:00Z' };

describe('a shift that is handed over', () => {
  it('goes on until the other person takes over, who is then on until its end', async () => {
    const of = await newOne();
    const on = await saveShift(hub, shiftInput(editor, of));
    const handed = await handOver(hub, 'editor', on, checker, 'Digue à surveiller.');
    expect(handed).toMatchObject({
      version: 2,
      state: 'HANDING_OVER',
      handedTo: { id: checker },
      note: 'Digue à surveiller.',
    });
    const relief = await takeOver(second, 'checker', handed);
    expect(relief).toMatchObject({
      version: 1,
      state: 'ON_DUTY',
      account: { id: checker },
      dutyFunction: 'LEAD',
      incident: { id: of.incident },
      to: on.to,
      relieves: on.id,
    });
    expect(await roster(hub, { ...someday, ...of })).toMatchObject([
      { id: on.id, version: 3, state: 'DONE', to: relief.from },
      { id: relief.id, state: 'ON_DUTY' },
    ]);
  });

  it('begins the shift that the other person has planned for the same', async () => {
    const of = await newOne();
    const on = await saveShift(hub, shiftInput(editor, of));
    const planned = await saveShift(
      hub,
      shiftInput(checker, { ...of, rank: 2, from: hoursFromNow(11), to: hoursFromNow(20) }),
    );
    const relief = await takeOver(hub, 'checker', await handOver(hub, 'editor', on, checker));
    expect(relief).toMatchObject({ id: planned.id, version: 2, state: 'ON_DUTY', rank: 2, to: planned.to });
    expect(await roster(hub, { ...someday, ...of })).toHaveLength(2);
  });

  it('may be handed to yet another person until somebody takes over', async () => {
    const on = await saveShift(hub, shiftInput(editor, await newOne()));
    const handed = await handOver(hub, 'editor', on, checker);
    const again = await handOver(hub, 'editor', handed, volunteer, 'Nadia ne répond pas.');
    expect(again).toMatchObject({ version: 3, handedTo: { id: volunteer } });
    expect(await refusal(takeOver(hub, 'checker', again))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await takeOver(hub, 'volunteer', again)).toMatchObject({ account: { id: volunteer } });
  });

  it('is handed over by those who plan the roster where the person on duty does not answer', async () => {
    const on = await saveShift(hub, shiftInput(editor, await newOne()));
    expect(await refusal(handOver(hub, 'editor2', on, checker))).toMatchObject({ code: 'FORBIDDEN' });
    expect(await handOver(hub, 'duty', on, checker)).toMatchObject({ handedTo: { id: checker } });
  });

  it('is taken over once, by two browsers of one person at once', async () => {
    const of = await newOne();
    const handed = await handOver(hub, 'editor', await saveShift(hub, shiftInput(editor, of)), checker);
    const attempts = [hub, second, hub, second].map((one) => takeOver(one, 'checker', handed));
    const codes = await Promise.all(
      attempts.map((one) =>
        one.then(
          () => 'done',
          () => refusal(one).then(({ code }) => code),
        ),
      ),
    );
    expect(codes.sort()).toEqual(['CONFLICT', 'CONFLICT', 'CONFLICT', 'done']);
    const states = (await roster(hub, { ...someday, ...of })).map(({ state }) => state);
    expect(states.sort()).toEqual(['DONE', 'ON_DUTY']);
  });

  it('neither changes nor leaves the roster, and is not of an incident that is over', async () => {
    const incident = await newIncident(hub, 'releve-close');
    const of = { incident: incident.id };
    const handed = await handOver(hub, 'editor', await saveShift(hub, shiftInput(editor, of)), checker);
    const again = { ...shiftInput(editor, of), id: handed.id, version: 2, from: handed.from };
    expect(await refusal(saveShift(hub, again))).toMatchObject({ code: 'WRONG_STAGE' });
    await onIncident(hub, 'validator', 'closeIncident', { id: incident.id, version: 1, reason: 'Décrue.' });
    expect(await refusal(takeOver(hub, 'checker', handed))).toMatchObject({ code: 'WRONG_STAGE' });
  });

  it.each([
    ['nobody', '01900000-0000-7000-8000-00000000dead'],
    ['no id', 'x'],
    ['the same person', editor],
  ])('is not handed to %s', async (_whom, to) => {
    const on = await saveShift(hub, shiftInput(editor, await newOne()));
    expect(await refusal(handOver(hub, 'editor', on, to))).toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'to' }],
    });
  });

  it.each(['', 'x'.repeat(5001), '\u0000', '\udc00'])('needs a note that can be read: %j', async (note) => {
    const on = await saveShift(hub, shiftInput(editor, await newOne()));
    expect(await refusal(handOver(hub, 'editor', on, checker, note))).toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'note' }],
    });
  });

  it('has begun: one that lies ahead is planned anew', async () => {
    const ahead = shiftInput(editor, { ...(await newOne()), from: hoursFromNow(3) });
    const planned = await saveShift(hub, ahead);
    expect(await refusal(handOver(hub, 'editor', planned, checker))).toMatchObject({ code: 'WRONG_STAGE' });
    expect(await refusal(takeOver(hub, 'editor', planned))).toMatchObject({ code: 'WRONG_STAGE' });
  });
});

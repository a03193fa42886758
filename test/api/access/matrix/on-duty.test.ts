import { afterAll, beforeAll, expect, it } from 'vitest';
import { DUTY_FUNCTIONS } from '../../../../src/duty/duty.rules.ts';
import { onDutyOf, saveShift, shiftInput } from '../../../support/crisis-cell/duty-desk.ts';
import { testDatabase } from '../../../support/database/database.ts';
import { hoursFromNow, openIncident } from '../../../support/desk/desk.ts';
import { matrixDesk } from './desk.ts';
import { differences, PARTS } from './matrix.ts';
import { CALLERS, isLetIn } from './right.ts';

/**
 * A function on duty gives no right (I-40): with everybody on duty in every function, standing and for an incident, what
 * each role may do is what it may do without.
 */
const { url } = await testDatabase();
const desk = await matrixDesk(url);
afterAll(() => desk.close());

beforeAll(async () => {
  const incident = await openIncident(desk.hub, 'garde');
  for (const caller of CALLERS.filter(isLetIn)) {
    const { viewer } = await desk.as(caller).request<{ viewer: { id: string } }>('{ viewer { id } }');
    for (const dutyFunction of DUTY_FUNCTIONS)
      for (const of of [null, incident])
        await saveShift(desk.hub, shiftInput(viewer.id, { dutyFunction, incident: of, to: hoursFromNow(20) }));
  }
  const people = CALLERS.filter(isLetIn).length;
  expect(await onDutyOf(desk.hub, incident)).toHaveLength(people * DUTY_FUNCTIONS.length);
}, 120_000);

/** Some 3,000 requests, on a machine under load. */
const MANY_REQUESTS_MS = 900_000;

it.each(['incidents as the crisis cell runs them', 'deeds on reports', 'deeds on dossiers'])(
  'nobody may do more by a function on duty: %s',
  async (name) => {
    const part = PARTS[name];
    if (!part) throw new Error(`no part ${name}`);
    expect(differences(await part.find(desk), part.right())).toEqual([]);
  },
  MANY_REQUESTS_MS,
);

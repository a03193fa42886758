import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type CallingDesk,
  callAbout,
  callingDesk,
  testCall,
  untilCall,
} from '../../support/crisis-cell/calling-desk.ts';
import { newIncident, onIncident, type SeenIncident } from '../../support/crisis-cell/incident-desk.ts';
import { alertInput, draft, refusal, step } from '../../support/desk/desk.ts';

/** An incident stays open while people are called to something of it. */
let desk: CallingDesk;
beforeAll(async () => {
  desk = await callingDesk();
  await desk.onDuty('validator', 'VALIDATOR');
});
afterAll(() => desk.close());

const close = ({ id, version }: SeenIncident) =>
  onIncident(desk.hub, 'validator', 'closeIncident', { id, version, reason: 'Décrue.' });
const submitted = async (incident: SeenIncident) =>
  step(desk.hub, 'submitDossier', 'editor', await draft(desk.hub, 'Alert', alertInput({ incidentId: incident.id })));

it('is refused while a call is open, with the list, and done once they are decided', async () => {
  const { hub, account, pass } = desk;
  const incident = await newIncident(hub, 'appels-ouverts');
  const other = await newIncident(hub, 'appels-ailleurs');
  const [ringing, exhausted] = [await submitted(incident), await submitted(incident)];
  await submitted(other);
  await untilCall(hub, exhausted.id, ({ steps }) => steps.length === 1);
  pass(10);
  const call = await untilCall(hub, exhausted.id, ({ state }) => state === 'EXHAUSTED');
  const listed = (id: string) => ({ id, reason: 'REVIEW', headline: expect.stringMatching(/\w/) });
  const first = (await callAbout(hub, ringing.id)).id;
  const refused = await refusal(close(incident));
  expect(refused.code).toBe('WRONG_STAGE');
  expect(refused.openCalls).toEqual([listed(first), listed(call.id)]);
  await step(hub, 'approveDossier', 'validator', ringing);
  expect((await refusal(close(incident))).openCalls).toEqual([listed(call.id)]);
  await step(hub, 'approveDossier', 'validator', exhausted);
  // Neither a test nor a call of another incident holds it.
  await testCall(hub, 'validator', account('duty'));
  expect(await close(incident)).toMatchObject({ state: 'CLOSED' });
});

it('names five in words, and lists all', async () => {
  const { hub } = desk;
  const incident = await newIncident(hub, 'beaucoup-appels');
  for (let count = 0; count < 7; count += 1) await submitted(incident);
  await expect(close(incident)).rejects.toThrow(
    /people are still called: (REVIEW of « [^»]+ », ){5}and 2 more; decide/,
  );
  expect((await refusal(close(incident))).openCalls).toHaveLength(7);
});

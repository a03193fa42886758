import { type Client, createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type CallingDesk, callingDesk, takeCall, testCall } from '../../support/crisis-cell/calling-desk.ts';
import { draft, step } from '../../support/desk/desk.ts';
import { type Hub, tokens } from '../../support/hub/hub.ts';

/** Followers of the desk hear of calls, over another hub than the one that rings. */
let desk: CallingDesk;
let second: Hub;
let client: Client;
beforeAll(async () => {
  desk = await callingDesk();
  second = await desk.second();
  await desk.onDuty('validator', 'VALIDATOR');
  client = createClient({
    url: `${second.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${tokens.validator}` },
  });
});
afterAll(async () => {
  await client.dispose();
  await desk.close();
});

interface Told {
  dossier: { id: string } | null;
  report: { id: string } | null;
  calls: { id: string; state: string; steps: { account: { id: string } }[] }[];
}

it('each ring, each answer and the end of a call, with what it is about', async () => {
  const { hub, account } = desk;
  const changes = client.iterate<{ deskChanges: Told }>({
    query: `subscription { deskChanges { dossier { id } report { id } calls { id state steps { account { id } } } } }`,
  });
  let isOpen = false;
  const opened = changes.next().then(() => {
    isOpen = true;
  });
  // The subscription is opened when its first message can be heard: keep drafting until it is.
  const drafting = expect
    .poll(async () => {
      if (!isOpen) await draft(hub, 'Alert');
      return isOpen;
    })
    .toBe(true);
  await Promise.all([opened, drafting]);
  const next = async (wanted: (told: Told) => boolean): Promise<Told> => {
    for (;;) {
      const told = (await changes.next()).value?.data?.deskChanges;
      if (told && wanted(told)) return told;
    }
  };
  const dossier = await step(hub, 'submitDossier', 'editor', await draft(hub, 'Alert'));
  const isAbout = (told: Told) => told.dossier?.id === dossier.id;
  const rung = await next((told) => isAbout(told) && told.calls[0]?.steps.length === 1);
  expect(rung.calls).toMatchObject([{ state: 'RINGING', steps: [{ account: { id: account('validator') } }] }]);
  await takeCall(hub, 'validator', rung.calls[0]?.id ?? '');
  await next((told) => isAbout(told) && told.calls[0]?.state === 'TAKEN');
  await step(hub, 'approveDossier', 'validator', dossier);
  await next((told) => isAbout(told) && told.calls.length === 0);
  const { id } = await testCall(hub, 'validator', account('duty'));
  const tested = await next((told) => told.calls[0]?.id === id && told.calls[0].steps.length === 1);
  expect(tested).toMatchObject({ dossier: null, report: null, calls: [{ state: 'RINGING' }] });
});

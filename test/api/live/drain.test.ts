import { afterAll, expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput } from '../../support/desk/desk.ts';
import { RawSocket } from '../../support/following/raw-socket.ts';
import { startHub, tokens } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url, drainSeconds: 1 });
afterAll(() => hub.close());

const SUBSCRIPTION = encodeURIComponent('subscription { changes { type } }');

it('answers what is under way, lets nobody new follow, and sends followers away with 1012 (D-10, S-10)', async () => {
  const writer = await new RawSocket(hub.url).init({ authorization: `Bearer ${tokens.editor}` });
  // Deaf: it holds the hub for a moment, in which others come.
  const deaf = await new RawSocket(hub.url).init();
  deaf.underlying.pause();
  await writer.subscribe('1', 'mutation ($input: AlertInput!) { draftAlert(input: $input) { dossier { id } } }', {
    input: alertInput(),
  });
  // The hub has read it when it answers what came behind it.
  await writer.say({ type: 'ping' });
  await writer.until(() => writer.heard.some(({ type }) => type === 'pong'));
  const closed = hub.close();

  const late = new RawSocket(hub.url);
  const stream = await fetch(`${hub.url}/graphql/stream?query=${SUBSCRIPTION}`);
  expect([stream.status, (await stream.json()).errors[0].extensions.code]).toEqual([503, 'UNAVAILABLE']);
  const returning = await fetch(`${hub.url}/graphql/stream?query=${SUBSCRIPTION}`, {
    headers: { 'last-event-id': 'x' },
  });
  expect(await returning.text()).toMatch(/^retry: \d+\n/);
  const ready = await fetch(`${hub.url}/readyz`);
  expect([ready.status, ready.headers.get('connection')]).toEqual([503, 'close']);
  expect((await hub.as('editor').rawRequest('mutation { __typename }')).data).toEqual({ __typename: 'Mutation' });

  expect((await writer.ended()).code).toBe(1012);
  expect(writer.of('1').map(({ type }) => type)).toEqual(['next', 'complete']);
  expect((await late.ended()).code).toBe(1006);
  await closed;
  deaf.underlying.resume();
  await deaf.ended();
});

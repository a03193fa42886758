import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { RawSocket } from '../../support/following/raw-socket.ts';
import { startHub } from '../../support/hub/hub.ts';
import { inSeconds, startIssuer } from '../../support/hub/issuer.ts';

const issuer = await startIssuer();
const { url } = await testDatabase();
const hub = await startHub({ url, oidc: { issuer: issuer.url, audience: issuer.audience } });
afterAll(async () => {
  await hub.close();
  await issuer.close();
});

const viewer = (token: string) =>
  fetch(`${hub.url}/graphql?query={viewer{id name roles}}`, { headers: { authorization: `Bearer ${token}` } });

describe('a token of the issuer', () => {
  it('opens the desk, as the same account every time', async () => {
    const answers = [];
    for (const roles of [['EDITOR'], ['EDITOR', 'VALIDATOR']])
      answers.push((await (await viewer(await issuer.token({ roles }))).json()).data.viewer);
    expect(answers).toEqual([
      { id: answers[0].id, name: 'Anne', roles: ['EDITOR'] },
      { id: answers[0].id, name: 'Anne', roles: ['EDITOR', 'VALIDATOR'] },
    ]);
  });

  it('that is over is answered 401, and says nothing of what is behind', async () => {
    const answer = await viewer(await issuer.token({ exp: inSeconds(-120) }));
    expect([answer.status, await answer.json()]).toEqual([
      401,
      { errors: [{ message: 'this token is not good, or has expired', extensions: { code: 'UNAUTHENTICATED' } }] },
    ]);
  });

  it('ends the WebSocket that it opened when it ends itself', async () => {
    const socket = new RawSocket(hub.url);
    await socket.init({ authorization: `Bearer ${await issuer.token({ exp: inSeconds(2) })}` });
    expect(socket.heard).toEqual([{ type: 'connection_ack' }]);
    await socket.subscribe('1', 'subscription { changes { cursor } }');
    expect(await socket.ended()).toEqual({ code: 4403, reason: 'The token has expired' });
  });

  it('that nobody can check closes a WebSocket with 1013, and is answered 503 over HTTP', async () => {
    const other = await startIssuer();
    const lonely = await startHub({ url, oidc: { issuer: other.url, audience: other.audience } });
    const token = await other.token();
    await other.close();
    const socket = new RawSocket(lonely.url);
    await socket.say({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    expect((await socket.ended()).code).toBe(1013);
    const answer = await fetch(`${lonely.url}/graphql?query={viewer{id}}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect([answer.status, (await answer.json()).errors[0].extensions.code]).toEqual([503, 'UNAVAILABLE']);
    await lonely.close();
  });
});

describe('a hub that stops', () => {
  it('tells every WebSocket with 1012, also one that does not answer', async () => {
    const stopping = await startHub({ url });
    const polite = await new RawSocket(stopping.url).init();
    const deaf = await new RawSocket(stopping.url).init();
    deaf.underlying.pause();
    const closed = stopping.close();
    // The deaf one keeps it for a moment, in which a load balancer learns to look elsewhere.
    const ready = await fetch(`${stopping.url}/readyz`);
    expect([ready.status, (await ready.json()).checks.open]).toEqual([503, 'failing']);
    await closed;
    expect((await polite.ended()).code).toBe(1012);
    deaf.underlying.resume();
    expect([1012, 1006]).toContain((await deaf.ended()).code);
  });
});

import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../support/database/database.ts';
import { publishNew } from '../support/desk/desk.ts';
import { startHub, tokens } from '../support/hub/hub.ts';

/** Attacks by event streams. Behind each: how it was seen to succeed. */
const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());
await publishNew(hub);

const EVENTS = { accept: 'text/event-stream' };
const stream = (parameters: Record<string, string>, headers: Record<string, string> = {}) =>
  fetch(`${hub.url}/graphql/stream?${new URLSearchParams(parameters)}`, { headers: { ...EVENTS, ...headers } });
/** What a stream says until it ends, or until it has said so much. */
async function said(answer: Response, bytes = 1): Promise<string> {
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (text.length < bytes) {
    const { done, value } = (await reader?.read()) ?? { done: true };
    if (done) break;
    text += value ?? '';
  }
  await reader?.cancel();
  return text;
}

describe('event streams', () => {
  it('another site, with cookies and an origin, hears nothing of the desk', async () => {
    // Not seen yet; its guard is taken out with `deskChanges` open to everybody.
    const answer = await stream(
      { query: 'subscription { deskChanges { at } }' },
      { origin: 'https://evil.example', cookie: `authorization=Bearer ${tokens.editor}` },
    );
    expect(await said(answer, 10_000)).toContain('UNAUTHENTICATED');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('a token in the address is none: it would stand in every log on the way', async () => {
    // Not seen: nothing reads it.
    const query = 'subscription { deskChanges { at } }';
    const answer = await stream({ query, authorization: `Bearer ${tokens.editor}`, access_token: tokens.editor });
    expect(await said(answer, 10_000)).toContain('UNAUTHENTICATED');
  });

  it.each(['mutation { openIncident(slug: "by-stream", title: "x") { incident { id } } }', '{ viewer { id } }'])(
    'a document that is no subscription is not executed: %s',
    async (query) => {
      // Not seen yet; its guard is taken out with the look at the kind of operation taken out.
      const answer = await stream({ query }, { authorization: `Bearer ${tokens.editor}` });
      expect(await said(answer, 10_000)).toContain('INVALID_INPUT');
      expect(await hub.as('editor').request('{ incident(slug: "by-stream") { id } }')).toEqual({ incident: null });
    },
  );

  it.each([
    '\n\nevent: next\ndata: {"data":{"forged":1}}\n\n',
    '\r\rid: forged\r\r',
    '\u2028event: forged\u2028',
    '\u0085data: forged',
  ])('event injection: what a client wrote, %j, begins no event of its own', async (evil) => {
    // Not seen yet; its guard is taken out with the errors written without JSON.
    const text = await said(
      await stream({ query: `subscription { changes(where: { communes: [${JSON.stringify(evil)}] }) { type } }` }),
      100_000,
    );
    expect(text.split(/\r\n|\r|\n/).filter((line) => /^(?:data|id|event): ?(?:forged|\{"data")/.test(line))).toEqual(
      [],
    );
    expect(text).toContain('"errors"');
  });

  it.each(['../../etc/passwd', "1' or '1'='1", '9'.repeat(5_000), '__proto__', 'MS4x', `%0d%0aset-cookie: a=b`])(
    'Last-Event-ID tampering: %s begins anew, at what is public',
    async (id) => {
      // Not seen yet; its guard is taken out with the pattern of decodeCursor widened.
      const answer = await stream({ query: 'subscription { changes { type cursor } }' }, { 'last-event-id': id });
      expect(answer.status).toBeLessThan(500);
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect(await said(answer, 30)).toMatch(/RESYNC_REQUIRED|retry/);
    },
  );

  it('a form by POST opens no stream', async () => {
    // Not seen: as for /graphql.
    for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
      const body = JSON.stringify({ query: 'subscription { changes { type } }' });
      const answer = await fetch(`${hub.url}/graphql/stream`, {
        method: 'POST',
        headers: { 'content-type': type },
        body,
      });
      expect(answer.status).toBe(415);
    }
  });
});

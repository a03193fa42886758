import { PassThrough } from 'node:stream';
import { createClient } from 'graphql-ws';
import { pino } from 'pino';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { PATIENT, resuming } from '../../../src/client/resuming.ts';
import { readConfig } from '../../../src/config.ts';
import { personaVisitors } from '../../../src/development/development-tokens.ts';
import { testDatabase } from '../../support/database/database.ts';
import { hoursFromNow, publishNew } from '../../support/desk/desk.ts';
import { RawSocket } from '../../support/following/raw-socket.ts';
import { type Hub, startHub, tokens } from '../../support/hub/hub.ts';
import { logLines } from '../../support/hub/log-lines.ts';
import { Browser } from '../../support/sign-in/browser.ts';

/** What one WebSocket may send, with the bounds that a hub has by default. */
const { url } = await testDatabase();
const { limits } = readConfig({});
const log = new PassThrough();
const hub = await startHub({
  url,
  limits,
  logger: pino({ level: 'info', base: null }, log),
  more: { desk: { personas: personaVisitors() } },
});
/** Here a person has spent everything with the first request. */
const poor = await startHub({ url, limits: { identityPoints: 1 } });
afterAll(async () => {
  await poor.close();
  await hub.close();
});
const { lines } = logLines(log);

const CHANGES = 'subscription { changes { cursor type publication { id } } }';
const CLOSED = {
  code: 4429,
  reason: 'Too many or too long messages for one connection: wait a minute, then send fewer',
};

/** Opens a socket that is gone with its test. */
function socket(at: Hub, options: ConstructorParameters<typeof RawSocket>[1] = {}): RawSocket {
  const made = new RawSocket(at.url, options);
  onTestFinished(() => made.end());
  return made;
}

async function floods(one: RawSocket): Promise<void> {
  for (let n = 0; n < 2_000; n += 1) await one.say({ type: 'ping' });
}

describe('an app', () => {
  it('that opens fifty screens one after the other, and pings, is hindered by nothing', async () => {
    const one = await socket(hub).init();
    for (let screen = 0; screen < 50; screen += 1) {
      await one.subscribe(`q${screen}`, '{ situation(place: { commune: "91345" }) { asOf alerts { id position } } }');
      await one.subscribe(`c${screen}`, CHANGES);
      await one.say({ type: 'ping' });
      await one.until(() => one.of(`q${screen}`).length === 2 && one.of(`c${screen}`).length > 0);
      await one.say({ id: `c${screen}`, type: 'complete' });
    }
    await one.subscribe('last', CHANGES);
    await one.until(() => one.of('last').length > 0);
    const { id } = await publishNew(hub);
    await one.until(() => JSON.stringify(one.of('last')).includes(id));
    expect(one.heard.filter(({ type }) => type === 'error')).toEqual([]);
    expect(one.closed).toBeUndefined();
  });

  it('that sends too much by graphql-ws is told so, and does not come back by itself', async () => {
    // Of its own: this fills a log.
    const other = await startHub({ url, limits });
    let opened = 0;
    const client = createClient({
      ...PATIENT,
      url: `${other.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      on: {
        opened: () => {
          opened += 1;
        },
      },
    });
    onTestFinished(async () => {
      await client.dispose();
      await other.close();
    });
    const app = resuming(client, { onResync: () => undefined });
    const query = 'subscription ($after: Cursor) { changes(after: $after) { cursor } }';
    const errors: unknown[] = [];
    const sink = { next: () => undefined, error: (error: unknown) => errors.push(error), complete: () => undefined };
    for (let n = 0; n < 1_000; n += 1) app.subscribe({ query }, sink);
    await expect.poll(() => errors).toContainEqual(expect.objectContaining(CLOSED));
    expect(opened).toBe(1);
  });
});

describe('whoever sends too much is closed with 4429', () => {
  it('at the door of tokens, with a line in the log, and counted', async () => {
    const one = await socket(hub, { headers: { 'x-request-id': 'too-much' } }).init({
      authorization: `Bearer ${tokens.editor}`,
    });
    await one.subscribe('1', '{ viewer { id } }');
    await one.until(() => one.of('1').length > 0);
    const [answer] = one.of('1') as { payload?: { data: { viewer: { id: string } } } }[];
    await floods(one);
    expect(await one.ended()).toEqual(CLOSED);
    await expect
      .poll(() => lines().filter(({ reqId }) => reqId === 'too-much'))
      .toMatchObject([{ msg: 'refused', codes: ['TOO_MANY_REQUESTS'], account: answer?.payload?.data.viewer.id }]);
    const metrics = await (await fetch(`${hub.url}/metrics`)).text();
    expect(metrics).toMatch(/tocsin_refused_total\{bound="connectionPoints"\} [1-9]/);
  });

  it('at the desk', async () => {
    const browser = new Browser();
    await browser.visit(`${hub.url}/desk/signin`, {
      method: 'POST',
      form: { persona: 'editor', return: '/' },
      from: hub.url,
    });
    const headers = { cookie: browser.cookieHeader(hub.url), origin: hub.url };
    const one = await socket(hub, { path: '/desk/graphql', headers }).init();
    await floods(one);
    expect(await one.ended()).toEqual(CLOSED);
  });

  it('by nobody where an operator has taken the bound away', async () => {
    const free = await startHub({ url, limits: { ...limits, connectionPoints: 0 } });
    onTestFinished(() => free.close());
    const one = await socket(free).init();
    await floods(one);
    await one.until(() => one.heard.length === 2_001);
    expect(one.closed).toBeUndefined();
  });
});

describe('an event of deskChanges', () => {
  /** How much was counted of a person who has nothing left. */
  async function spentBy(persona: keyof typeof tokens): Promise<number> {
    const answer = await fetch(`${poor.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens[persona]}` },
      body: JSON.stringify({ query: '{ viewer { id } }' }),
    });
    const { errors } = (await answer.json()) as { errors?: { extensions: { limit: { weight: number } } }[] };
    return errors?.[0]?.extensions.limit.weight ?? 0;
  }
  const QUERY = 'subscription { deskChanges { at report { id text state } } }';
  /** Something happens at the desk, until it was heard. */
  const happens = (hasHeard: () => boolean) =>
    expect
      .poll(async () => {
        await hub
          .as('volunteer')
          .request('mutation ($input: FieldReportInput!) { submitReport(input: $input) { report { id } } }', {
            input: { text: 'De l’eau rue Gambetta', channel: 'CALL', seenAt: hoursFromNow(-1), commune: '91326' },
          });
        return hasHeard();
      })
      .toBe(true);

  it('is paid for by whom it is read for, over a WebSocket', async () => {
    const one = await socket(poor).init({ authorization: `Bearer ${tokens.editor}` });
    await one.subscribe('1', QUERY);
    await happens(() => one.of('1').length > 0);
    // Less than 300 for the subscription itself; a field that waits for PostgreSQL is 500.
    expect(await spentBy('editor')).toBeGreaterThan(500);
  });

  it('is paid for by whom it is read for, over an event stream', async () => {
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    const answer = await fetch(`${poor.url}/graphql/stream?query=${encodeURIComponent(QUERY)}`, {
      headers: { accept: 'text/event-stream', authorization: `Bearer ${tokens.validator}` },
      signal: stop.signal,
    });
    let heard = '';
    void (async () => {
      for await (const part of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) heard += part;
    })().catch(() => undefined);
    await happens(() => heard.includes('deskChanges'));
    expect(await spentBy('validator')).toBeGreaterThan(500);
  });
});

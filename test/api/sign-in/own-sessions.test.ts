import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { personaVisitors } from '../../../src/development/development-tokens.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { RawSocket } from '../../support/following/raw-socket.ts';
import { type Hub, startHub, tokens } from '../../support/hub/hub.ts';
import { Browser } from '../../support/sign-in/browser.ts';

/** People see where they have signed in, and end it: two hubs at one address, as personas of development. */
const { url } = await testDatabase();
const desk = { personas: personaVisitors() };
const first = await startHub({ url, more: { desk } });
const second = await startHub({ url, more: { desk, publicUrl: first.url } });
afterAll(async () => {
  await second.close();
  await first.close();
});
const hubs = [first, second];
const origin = first.url;

const SESSIONS = '{ deskSessions { id startedAt lastSeenAt expiresAt current } }';
const END = 'mutation ($id: ID!) { endDeskSession(id: $id) { removedId asOf } }';

interface Session {
  id: string;
  startedAt: string;
  lastSeenAt: string;
  expiresAt: string;
  current: boolean;
}
interface Answer {
  data?: { deskSessions?: Session[] | null; endDeskSession?: { removedId: string } } | null;
  errors?: { extensions: { code: string } }[];
}

/** A browser in which a persona has signed in. */
async function signedIn(persona: string): Promise<Browser> {
  const browser = new Browser();
  await browser.visit(`${origin}/desk/signin`, { method: 'POST', form: { persona, return: '/' }, from: origin });
  return browser;
}
async function ask(browser: Browser, query: string, variables: object = {}, hub: Hub = first): Promise<Answer> {
  const body = JSON.stringify({ query, variables });
  const answer = await browser.script(hub.url, '/desk/graphql', { method: 'POST', body, headers: { origin } });
  return (await answer.json()) as Answer;
}
async function askByToken(token: string, query: string, variables: object = {}): Promise<Answer> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const body = JSON.stringify({ query, variables });
  return (await (await fetch(`${origin}/graphql`, { method: 'POST', headers, body })).json()) as Answer;
}
const codeOf = ({ errors }: Answer) => errors?.[0]?.extensions.code;
const sessionsOf = async (browser: Browser) => (await ask(browser, SESSIONS)).data?.deskSessions ?? [];
const currentOf = async (browser: Browser) => (await sessionsOf(browser)).find(({ current }) => current) as Session;
const isIn = (browser: Browser) =>
  Promise.all(hubs.map(async (hub) => codeOf(await ask(browser, '{ viewer { id } }', {}, hub)) === undefined));
const viewerOf = async (browser: Browser) => {
  const { data } = (await ask(browser, '{ viewer { id } }')) as { data?: { viewer?: { id: string } } };
  return data?.viewer?.id ?? '';
};
const sql = (text: string, values: unknown[] = []) =>
  withSession(url, async (session) => (await session.query(text, values)).rows);

/** A socket of the desk at each hub, which hears what happens there. */
const follow = (browser: Browser) =>
  Promise.all(
    hubs.map(async (hub) => {
      const headers = { cookie: browser.cookieHeader(hub.url), origin };
      const socket = await new RawSocket(hub.url, { path: '/desk/graphql', headers }).init();
      await socket.subscribe('1', 'subscription { deskChanges { at } }');
      return socket;
    }),
  );
const ENDED = { code: 4403, reason: 'The session has ended' };

let [phone, laptop] = [new Browser(), new Browser()];
beforeEach(async () => {
  await sql('update desk_session set ended_at = now() where ended_at is null');
  [phone, laptop] = [await signedIn('editor'), await signedIn('editor')];
});

describe('a person', () => {
  it('sees the own open sessions, the newest first, and which of them asks; by a token none of them does', async () => {
    const seen = await sessionsOf(laptop);
    expect(seen.map(({ current }) => current)).toEqual([true, false]);
    expect((await sessionsOf(phone)).map(({ current }) => current)).toEqual([false, true]);
    const byToken = await askByToken(tokens.editor, SESSIONS);
    expect(byToken.data?.deskSessions).toEqual(seen.map((session) => ({ ...session, current: false })));
    const [{ startedAt, lastSeenAt, expiresAt } = {} as Session] = seen;
    expect(Date.parse(lastSeenAt)).toBeGreaterThanOrEqual(Date.parse(startedAt));
    // Two hours without a request.
    expect(Date.parse(expiresAt) - Date.parse(lastSeenAt)).toBe(2 * 3_600_000);
  });

  it('sees no session that is over, and nothing of where a browser is', async () => {
    const { id } = await currentOf(phone);
    await sql(`update desk_session set seen_at = now() - interval '3 hours' where id = $1`, [id]);
    expect((await sessionsOf(laptop)).map((session) => session.id)).not.toContain(id);
    const columns = await sql(`select column_name from information_schema.columns where table_name = 'desk_session'`);
    expect(JSON.stringify(columns)).not.toMatch(/address|agent|browser|client/);
  });

  it('ends another one of them at every hub within a second, with its sockets, on record', async () => {
    const sockets = await follow(phone);
    const { id } = await currentOf(phone);
    const account = await viewerOf(laptop);
    const from = performance.now();
    expect(await ask(laptop, END, { id })).toMatchObject({ data: { endDeskSession: { removedId: id } } });
    expect(await Promise.all(sockets.map((socket) => socket.ended()))).toEqual([ENDED, ENDED]);
    expect(performance.now() - from).toBeLessThan(1_000);
    expect([await isIn(phone), await isIn(laptop)]).toEqual([
      [false, false],
      [true, true],
    ]);
    expect((await sessionsOf(laptop)).map((session) => session.id)).not.toContain(id);
    const entries = await sql('select action, actor, state_before, state_after from audit_entry where subject = $1', [
      id,
    ]);
    expect(entries).toMatchObject([{ action: 'endDeskSession', actor: account }]);
    expect(entries[0].state_before).not.toBe(entries[0].state_after);
  });

  it('ends the one by which they ask: the answer comes, and nothing after it', async () => {
    const { id } = await currentOf(phone);
    expect(codeOf(await ask(phone, END, { id }))).toBeUndefined();
    await expect.poll(() => isIn(phone)).toEqual([false, false]);
  });

  it('ends one once, where two ask at the same moment', async () => {
    const { id } = await currentOf(phone);
    const codes = await Promise.all(
      [ask(laptop, END, { id }), askByToken(tokens.editor, END, { id })].map(async (one) => codeOf(await one)),
    );
    expect(codes.sort()).toEqual(['NOT_FOUND', undefined]);
  });

  it.each(['', 'x', '\u0000', '__proto__', '00000000-0000-7000-8000-000000000000'])(
    'ends nothing by the id %j',
    async (id) => {
      expect(codeOf(await ask(laptop, END, { id }))).toBe('NOT_FOUND');
      expect(await isIn(phone)).toEqual([true, true]);
    },
  );
});

describe('sessions of somebody else', () => {
  it('are not there for whoever is no ADMIN', async () => {
    const [{ id }, account] = [await currentOf(phone), await viewerOf(phone)];
    const other = await signedIn('validator');
    expect((await sessionsOf(other)).map((session) => session.id)).not.toContain(id);
    const asked = `query ($account: ID) { deskSessions(account: $account) { id } }`;
    expect(codeOf(await ask(other, asked, { account }))).toBe('NOT_FOUND');
    expect(codeOf(await ask(other, END, { id }))).toBe('NOT_FOUND');
    expect(codeOf(await ask(new Browser(), END, { id }))).toBe('UNAUTHENTICATED');
    expect(await isIn(phone)).toEqual([true, true]);
  });

  it('are seen and ended by an ADMIN', async () => {
    const [{ id }, account] = [await currentOf(phone), await viewerOf(phone)];
    const asked = `query ($account: ID) { deskSessions(account: $account) { id current } }`;
    const { data } = await askByToken(tokens.admin, asked, { account });
    expect(data?.deskSessions).toContainEqual({ id, current: false });
    expect(codeOf(await askByToken(tokens.admin, END, { id }))).toBeUndefined();
    await expect.poll(() => isIn(phone)).toEqual([false, false]);
    for (const nobody of ['x', '00000000-0000-7000-8000-000000000000'])
      expect(codeOf(await askByToken(tokens.admin, asked, { account: nobody }))).toBe('NOT_FOUND');
  });
});

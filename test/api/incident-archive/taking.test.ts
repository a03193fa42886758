import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personaVisitors } from '../../../src/development/development-tokens.ts';
import { until } from '../../../src/development/embedded/processes.ts';
import { SESSION_COOKIE } from '../../../src/sign-in/session.rules.ts';
import { verifyText } from '../../support/crisis-cell/archive-file.ts';
import { ARCHIVES, askArchive, takeArchive } from '../../support/crisis-cell/archiving.ts';
import { lengthenIncident } from '../../support/crisis-cell/long-incident.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, openIncident, publishNew } from '../../support/desk/desk.ts';
import { startHub, tokens } from '../../support/hub/hub.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { Browser } from '../../support/sign-in/browser.ts';

/** Who takes archives of incidents away, and how taking one goes wrong. */
const { url } = await testDatabase();
const hub = await startHub({ url, more: { desk: { personas: personaVisitors() } } });
afterAll(() => hub.close());

const LINES = 400;
const COPIES = 60;
let incident = '';
beforeAll(async () => {
  incident = await openIncident(hub, 'longue');
  const { id: alert } = await publishNew(hub, 'Alert', alertInput({ incidentId: incident }));
  await lengthenIncident(url, { incident, alert, lines: LINES, copies: COPIES });
}, 120_000);

const errorOf = async (answer: Response) => {
  const { errors } = (await answer.json()) as { errors: { extensions: Record<string, unknown> }[] };
  return errors[0]?.extensions ?? {};
};
const one = async (statement: string): Promise<number> =>
  withSession(url, async (session) => (await session.query(statement)).rows[0].n);
const recorded = () => one('select count(*)::int as n from incident_archive');
const held = () =>
  one(
    `select count(*)::int as n from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`,
  );

it('takes thousands of lines in order, and each publication that there is', async () => {
  const { bytes, records } = await takeArchive(hub, incident);
  const { faults, counts } = await verifyText(bytes, 65_536);
  expect(faults).toEqual([]);
  expect(counts).toMatchObject({ dossier: COPIES + 1, revision: COPIES + 1, entry: COPIES + 1, cap: COPIES + 1 });
  const numbers = records.filter(({ type }) => type === 'log-line').map(({ number }) => number);
  expect(numbers).toEqual(Array.from({ length: counts['log-line'] ?? 0 }, (_, index) => index + 1));
  expect(numbers.length).toBeGreaterThanOrEqual(LINES);
});

describe('somebody who asks for an archive', () => {
  it.each([
    [undefined, 401, 'UNAUTHENTICATED'],
    ['editor', 403, 'FORBIDDEN'],
    ['checker', 403, 'FORBIDDEN'],
    ['admin', 403, 'FORBIDDEN'],
  ] as const)('as %s gets none, and nothing is on record', async (persona, status, code) => {
    const before = await recorded();
    const answer = await askArchive(hub, incident, persona);
    expect([answer.status, (await errorOf(answer)).code]).toEqual([status, code]);
    expect(await recorded()).toBe(before);
  });

  it('is told what is wrong with the question', async () => {
    const none = await askArchive(hub, randomUUID(), 'duty');
    expect([none.status, (await errorOf(none)).code]).toEqual([404, 'NOT_FOUND']);
    for (const wrong of ['x', null, 12, 'x\u0000', '\ud800', `${incident}'; drop table incident`, [incident]]) {
      const answer = await askArchive(hub, wrong, 'duty');
      const { code, fields } = await errorOf(answer);
      expect([answer.status, code]).toEqual([400, 'INVALID_INPUT']);
      expect(JSON.stringify(fields)).toContain('body.incident');
    }
    const authorization = `Bearer ${tokens.duty}`;
    const post = (body: string) =>
      fetch(hub.url + ARCHIVES, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body,
      });
    expect((await errorOf(await post('{}'))).code).toBe('INVALID_INPUT');
    expect((await errorOf(await post('[]'))).code).toBe('INVALID_INPUT');
    expect((await errorOf(await post(JSON.stringify({ incident, all: true })))).code).toBe('INVALID_INPUT');
    for (const method of ['GET', 'PUT'])
      expect((await fetch(hub.url + ARCHIVES, { method, headers: { authorization } })).status).toBe(405);
    expect(await held()).toBe(0);
  });

  it('may come with a session of the desk, from a page of the hub alone', async () => {
    const browser = new Browser();
    const form = { persona: 'validator', return: '/' };
    await browser.visit(`${hub.url}/desk/signin`, { method: 'POST', form, from: hub.url });
    const post = (more: Record<string, string>) =>
      fetch(hub.url + ARCHIVES, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          cookie: `${SESSION_COOKIE}=${browser.cookie(hub.url, SESSION_COOKIE)}`,
          ...more,
        },
        body: JSON.stringify({ incident }),
      });
    const own = { 'x-tocsin-desk': '1', 'sec-fetch-site': 'same-origin' };
    const forged = await post({ 'sec-fetch-site': 'same-origin' });
    expect([forged.status, (await errorOf(forged)).code]).toEqual([403, 'FORBIDDEN']);
    const other = await post({ ...own, origin: 'https://evil.example' });
    expect([other.status, other.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    await other.text();
    const answer = await post(own);
    expect(answer.status).toBe(200);
    expect((await verifyText(Buffer.from(await answer.arrayBuffer()))).faults).toEqual([]);
  });
});

describe('an archive under way', () => {
  it('keeps others waiting, and lets go of everything once its client has gone', async () => {
    const before = await recorded();
    const leaving = new AbortController();
    const first = fetch(hub.url + ARCHIVES, {
      method: 'POST',
      signal: leaving.signal,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens.validator}` },
      body: JSON.stringify({ incident }),
    }).catch(() => undefined);
    expect(await until(async () => (await held()) > 0, PATIENCE_MS)).toBe(true);
    const second = await askArchive(hub, incident, 'duty');
    expect(second.status).toBe(429);
    expect(await errorOf(second)).toMatchObject({
      code: 'TOO_MANY_REQUESTS',
      retryAfterSeconds: 15,
      limit: { name: 'archives', weight: 2, most: 1 },
    });
    leaving.abort();
    await first;
    expect(await until(async () => (await held()) === 0, PATIENCE_MS)).toBe(true);
    // Given up while it was measured, it is not on record; while it was sent, it is.
    expect((await recorded()) - before).toBeLessThanOrEqual(1);
    const isFree = async () => {
      const answer = await askArchive(hub, incident, 'duty');
      await answer.arrayBuffer();
      return answer.status === 200;
    };
    expect(await until(isFree, PATIENCE_MS)).toBe(true);
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personaVisitors } from '../../src/development/development-tokens.ts';
import { SESSION_COOKIE } from '../../src/sign-in/session.rules.ts';
import { withSession } from '../support/database/cluster.ts';
import { testDatabase } from '../support/database/database.ts';
import { fillReports, takeAway } from '../support/desk/exporting.ts';
import { startHub, tokens } from '../support/hub/hub.ts';
import { Browser } from '../support/sign-in/browser.ts';

/** Attacks on files that staff take away: by other sites, by what people wrote, by those who were shut out. */
const { url } = await testDatabase();
const hub = await startHub({ url, more: { desk: { personas: personaVisitors() } } });
afterAll(() => hub.close());

const PATH = '/desk/exports/reports.csv';
const JSON_TYPE = { 'content-type': 'application/json' };
const bearer = (persona: keyof typeof tokens) => ({ authorization: `Bearer ${tokens[persona]}` });
const post = (headers: Record<string, string>, body = '{}', path = PATH) =>
  fetch(hub.url + path, { method: 'POST', headers: { ...JSON_TYPE, ...headers }, body });
const codeOf = async (answer: Response) => [answer.status, /"code":"(\w+)"/.exec(await answer.text())?.[1]];
const recorded = () =>
  withSession(url, async (session) => (await session.query('select count(*)::int as n from desk_export')).rows[0].n);

const browser = new Browser();
beforeAll(async () => {
  const form = { persona: 'checker', return: '/' };
  await browser.visit(`${hub.url}/desk/signin`, { method: 'POST', form, from: hub.url });
});

describe('another site', () => {
  const session = () => ({ cookie: `${SESSION_COOKIE}=${browser.cookie(hub.url, SESSION_COOKIE)}` });
  const OWN = { 'x-tocsin-desk': '1', 'sec-fetch-site': 'same-origin' };

  it.each<[string, Record<string, string>]>([
    ['without the header of the desk', { 'sec-fetch-site': 'same-origin' }],
    ['from a site of the same domain', { ...OWN, 'sec-fetch-site': 'same-site' }],
    ['from an address that somebody typed', { ...OWN, 'sec-fetch-site': 'none' }],
    ['from another origin', { ...OWN, origin: 'https://evil.example' }],
    ['by a browser that does not say', { 'x-tocsin-desk': '1' }],
  ])('forged request: %s, nothing leaves and nothing is recorded', async (_how, headers) => {
    // Seen with `demandOwnScript` left out of enterBy.
    const before = await recorded();
    expect(await codeOf(await post({ ...session(), ...headers }))).toEqual([403, 'FORBIDDEN']);
    expect(await recorded()).toBe(before);
    expect((await post({ ...session(), ...OWN })).status).toBe(200);
  });

  it('reads no answer: no origin is let in, by a token either', async () => {
    // Seen with the files left out of own-pages.rules.
    const answer = await post({ ...bearer('checker'), origin: 'https://evil.example' });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, null]);
    await answer.text();
    const asked = { origin: 'https://evil.example', 'access-control-request-method': 'POST' };
    const preflight = await fetch(hub.url + PATH, { method: 'OPTIONS', headers: asked });
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('leads nobody there: no link, no form and no picture takes a file', async () => {
    const before = await recorded();
    for (const method of ['GET', 'HEAD', 'PUT'])
      expect((await fetch(hub.url + PATH, { method, headers: bearer('checker') })).status).toBe(405);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])
      expect((await post({ ...bearer('checker'), 'content-type': type })).status).toBe(415);
    expect(await recorded()).toBe(before);
  });
});

describe('somebody who may not', () => {
  it('learns nothing, whatever the body: it is not even read', async () => {
    for (const body of ['{}', 'no JSON', '{"states":["OLD"]}', `"${'x'.repeat(300_000)}"`]) {
      expect((await codeOf(await post({}, body)))[1]).toBe('UNAUTHENTICATED');
      expect((await codeOf(await post(bearer('scheduler'), body)))[1]).toBe('FORBIDDEN');
    }
    expect((await codeOf(await post({ authorization: 'Bearer none' })))[1]).toBe('UNAUTHENTICATED');
    expect((await codeOf(await post(bearer('volunteer'), '{}', '/desk/exports/publications.csv')))[1]).toBe(
      'FORBIDDEN',
    );
  });

  it('is not let in by a session where the token is not good', async () => {
    const cookie = `${SESSION_COOKIE}=${browser.cookie(hub.url, SESSION_COOKIE)}`;
    const own = { 'x-tocsin-desk': '1', 'sec-fetch-site': 'same-origin' };
    expect(await codeOf(await post({ cookie, ...own, authorization: 'Bearer none' }))).toEqual([
      401,
      'UNAUTHENTICATED',
    ]);
  });

  it('any more gets no more: a file on its way is cut when its account is disabled', async () => {
    // Seen with `endsWith` left out of send.
    await fillReports(url, 3_000, `'eau' || repeat('·', 4500)`);
    const answer = await post(bearer('volunteer'));
    expect(answer.status).toBe(200);
    const { accounts } = await hub.as('admin').request<{
      accounts: { nodes: { id: string; name: string; administration: { version: number } }[] };
    }>('{ accounts(first: 100) { nodes { id name administration { version } } } }');
    const account = accounts.nodes.find(({ name }) => name.startsWith('Julien Petit'));
    await hub
      .as('admin')
      .request(
        'mutation ($id: ID!, $version: Int!) { disableAccount(id: $id, version: $version) { account { id } } }',
        {
          id: account?.id,
          version: account?.administration.version,
        },
      );
    await expect(answer.text()).rejects.toThrow();
  }, 120_000);
});

describe('somebody who takes much', () => {
  it('takes one file at a time, and may again when that has gone', async () => {
    const first = await post(bearer('checker'));
    const second = await post(bearer('checker'));
    expect(second.headers.get('retry-after')).toBe('15');
    expect(JSON.parse(await second.text()).errors[0].extensions).toMatchObject({
      code: 'TOO_MANY_REQUESTS',
      limit: { name: 'exports', weight: 2, most: 1 },
    });
    await first.body?.cancel();
    await expect.poll(async () => (await takeAway(hub, 'reports', 'checker', { states: [] })).status).toBe(200);
  }, 60_000);

  it('pays for each page: whoever has nothing left is refused before anything is read', async () => {
    const poor = await startHub({ url, limits: { identityPoints: 5_000 } });
    try {
      expect((await takeAway(poor, 'reports', 'checker')).rows.length).toBeGreaterThan(1_000);
      const before = await recorded();
      expect((await takeAway(poor, 'reports', 'checker', { states: [] })).status).toBe(429);
      expect(await recorded()).toBe(before);
    } finally {
      await poor.close();
    }
  }, 120_000);
});

describe('what people wrote', () => {
  const FORMULAS = [
    "=cmd|' /C calc'!A0",
    '+1+1',
    '-1+1',
    '@SUM(1)',
    '  =1+1',
    '＝1+1',
    'Rue,=1+1,"',
    '";"=1+1',
    '\t=1',
  ];

  it('formula injection: no cell begins one, between semicolons or commas', async () => {
    // Seen with commas left as they are in textCell.
    for (const text of FORMULAS)
      await hub
        .as('volunteer2')
        .request('mutation ($input: FieldReportInput!) { submitReport(input: $input) { report { id } } }', {
          input: {
            text: `${text} zinnias`,
            channel: text.trim(),
            category: text.trim(),
            seenAt: '2016-06-02T12:00:00Z',
          },
        });
    const { rows, text } = await takeAway(hub, 'reports', 'editor', { search: 'zinnias' });
    expect(rows).toHaveLength(FORMULAS.length);
    const FORMULA = /^["\s\p{Cf}]*[=+\-@＝＋－＠]/u;
    expect(rows.flatMap((row) => Object.values(row)).filter((cell) => FORMULA.test(cell.replace(/^"+/, 'x')))).toEqual(
      [],
    );
    const lines = text.split('\r\n');
    expect(lines.flatMap((line) => line.split(',').slice(1)).filter((cell) => FORMULA.test(cell))).toEqual([]);
  });
});

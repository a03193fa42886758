import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { buildSchema } from 'graphql';
import { afterAll, describe, expect, it } from 'vitest';
import { CachedAnswer } from '../../../src/api/answers/kept/cached-answer.ts';
import { ResponseCache } from '../../../src/api/answers/kept/response-cache.ts';
import { PublicVersions } from '../../../src/api/answers/public-versions.ts';
import { parisTime, SetClock } from '../../../src/clock.ts';
import { DeprecatedUses } from '../../../src/graphql/deprecated-uses.ts';
import { decodeCursor } from '../../../src/journal/cursor.rules.ts';
import { testDatabase } from '../../support/database/database.ts';
import { type Answered, Asking } from '../../support/desk/asking.ts';
import { alertInput, draft, publishNew, step } from '../../support/desk/desk.ts';
import { Follower } from '../../support/following/follower.ts';
import { startHub, tokens } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const HOUR = 3600_000;
const clock = new SetClock(new Date());
const hub = await startHub({ url, clock });
const asking = new Asking(hub.url);
afterAll(async () => {
  asking.end();
  await hub.close();
});

const SITUATION = `query Here($code: CommuneCode!) {
  situation(place: { commune: $code }) { asOf stale commune { name } alerts { id state text { headline description } } } }`;
const here = { query: SITUATION, operationName: 'Here', variables: { code: '91345' } };
const { id } = await publishNew(hub);

const positionOf = (cursor: string | null | undefined): number => decodeCursor(cursor ?? '')?.position ?? 0;
const jsonOf = ({ body }: Answered) => JSON.parse(String(body));
/** But for the moment, and for the id of the request, which an answer that was worked out has, and no kept one. */
const headersOf = ({ headers: { date: _, 'x-request-id': __, ...headers } }: Answered) => headers;

/** What an answer to these questions did to the figures. */
async function counted(work: () => Promise<unknown>): Promise<{ hits: number; misses: number }> {
  const before = await asking.figures();
  await work();
  const after = await asking.figures();
  return { hits: after.hits - before.hits, misses: after.misses - before.misses };
}

describe('what everybody is answered alike is worked out once', () => {
  it('answers again with the same bytes and headers, by POST and by GET', async () => {
    const get = { query: SITUATION, variables: JSON.stringify(here.variables) };
    for (const ask of [() => asking.post(here), () => asking.get(get)]) {
      const first = await ask();
      let again = first;
      expect(
        await counted(async () => {
          again = await ask();
        }),
      ).toEqual({ hits: 1, misses: 0 });
      expect(jsonOf(first).data.situation.alerts[0].id).toBe(id);
      expect(again.body.equals(first.body)).toBe(true);
      expect(headersOf(again)).toEqual(headersOf(first));
      expect(again.headers['x-request-id']).toBeUndefined();
      expect(again.headers).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'cache-control': 'no-cache',
        'access-control-allow-origin': '*',
        'x-content-type-options': 'nosniff',
        vary: 'accept, accept-encoding, authorization',
      });
    }
  });

  it('knows the same question in other bytes, and another one in nearly the same', async () => {
    const { query, operationName, variables } = here;
    await asking.post(here);
    const spaced = `{ "variables" : ${JSON.stringify(variables)},\n"query":${JSON.stringify(query)}, "operationName":"${operationName}" }`;
    expect(await counted(() => asking.post(spaced))).toEqual({ hits: 1, misses: 0 });
    expect(await counted(() => asking.post(spaced))).toEqual({ hits: 1, misses: 0 });
    const other = await asking.post({ ...here, variables: { code: '91421' } });
    expect(jsonOf(other).data.situation).toMatchObject({ commune: { name: 'Montgeron' }, alerts: [] });
    const media = await asking.post(here, { accept: 'application/graphql-response+json' });
    expect(media.headers['content-type']).toBe('application/graphql-response+json; charset=utf-8');
  });

  it('reads each head of a connection for itself, however alike they are', async () => {
    const { headers } = await asking.post(here);
    const GRAPHQL = 'application/graphql-response+json';
    for (let round = 0; round < 3; round += 1) {
      expect((await asking.post(here)).headers['content-type']).toBe('application/json; charset=utf-8');
      expect((await asking.post(here, { accept: GRAPHQL })).headers['content-type']).toContain(GRAPHQL);
      expect((await asking.post(here, { 'if-none-match': headers.etag })).status).toBe(304);
      expect((await asking.post(here, { 'if-none-match': '"another"' })).status).toBe(200);
      expect((await asking.post(here, { 'accept-encoding': 'gzip;q=0' })).headers['content-encoding']).toBeUndefined();
      expect(await counted(() => asking.post(here, { cookie: 'a=b' }))).toEqual({ hits: 0, misses: 0 });
      expect((await asking.post(here, { authorization: 'Bearer none' })).status).toBe(401);
      expect(await counted(() => asking.post(here))).toEqual({ hits: 1, misses: 0 });
    }
  });

  it('works it out once, however many ask at the same time', async () => {
    await publishNew(hub);
    const many = () => Promise.all(Array.from({ length: 100 }, () => asking.post(here)));
    expect(await counted(many)).toEqual({ hits: 99, misses: 1 });
  });

  it('neither serves nor keeps what somebody in particular asks', async () => {
    const who = { query: '{ viewer { name } }' };
    const mine = await asking.post(who, { authorization: `Bearer ${tokens.editor}` });
    expect(jsonOf(mine).data.viewer).not.toBeNull();
    expect(mine.headers).toMatchObject({ 'cache-control': 'no-store' });
    expect(mine.headers.etag).toBeUndefined();
    expect(jsonOf(await asking.post(who)).data.viewer).toBeNull();
    await asking.post(here);
    for (const headers of [
      { authorization: `Bearer ${tokens.editor}` },
      { cookie: 'a=b' },
      { 'idempotency-key': 'one' },
    ] as const)
      expect(await counted(() => asking.post(here, headers))).toEqual({ hits: 0, misses: 0 });
  });

  it.each([
    ['an error', '{ situation(place: { commune: "00000" }) { asOf } }'],
    ['a refusal', '{ dossiers { nothing } }'],
    ['a fault of syntax', '{ situation('],
    ['the archive', '{ publications(where: { states: [ENDED] }) { totalCount } }'],
    ['a thread that is not on the board', '{ publication(id: "00000000-0000-4000-8000-000000000000") { id } }'],
    ['what was told in the past', `{ publication(id: "${id}", at: "2024-01-01T00:00:00Z") { id } }`],
    ['the journal', '{ changes { endCursor } }'],
  ])('keeps no answer of %s', async (_what, query) => {
    await asking.post({ query });
    const { hits } = await counted(() => Promise.all([asking.post({ query }), asking.get({ query })]));
    expect(hits).toBe(0);
    expect((await asking.post({ query })).headers.etag).toBeUndefined();
  });
});

describe('each representation has its bytes and its tag', () => {
  it.each([
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ] as const)('makes %s of it once, the same when read', async (encoding, read) => {
    const query = '{ __schema { types { name description fields { name description } } } }';
    const plain = await asking.post({ query });
    expect(plain.headers['content-encoding']).toBeUndefined();
    const packed = await expect
      .poll(() => asking.post({ query }, { 'accept-encoding': encoding }))
      .toMatchObject({ headers: { 'content-encoding': encoding } })
      .then(() => asking.post({ query }, { 'accept-encoding': encoding }));
    expect(packed.body.length).toBeLessThan(plain.body.length / 3);
    expect(read(packed.body).equals(plain.body)).toBe(true);
    expect(packed.headers.etag).not.toBe(plain.headers.etag);
    const neither = await asking.post({ query }, { 'accept-encoding': 'deflate' });
    expect(neither.body.equals(plain.body)).toBe(true);
    const unchanged = await asking.post(
      { query },
      { 'accept-encoding': encoding, 'if-none-match': packed.headers.etag },
    );
    expect([unchanged.status, unchanged.body.length, unchanged.headers.etag]).toEqual([304, 0, packed.headers.etag]);
  });

  it('answers 304 to who has it, and the whole again once it has changed', async () => {
    const get = { query: SITUATION, variables: JSON.stringify(here.variables) };
    const { headers } = await asking.get(get);
    const known = { 'if-none-match': `"other", W/${headers.etag}` };
    expect(await asking.get(get, known)).toMatchObject({
      status: 304,
      headers: { etag: headers.etag, vary: headers.vary },
    });
    expect((await asking.post(here, known)).status).toBe(304);
    await publishNew(hub);
    const changed = await asking.get(get, known);
    expect([changed.status, changed.headers.etag === headers.etag]).toEqual([200, false]);
    // What did not change is unchanged also where it has to be worked out anew.
    const commune = { query: '{ commune(code: "91345") { name } }' };
    const { headers: before } = await asking.post(commune);
    await publishNew(hub);
    const worked = await asking.post(commune, { 'if-none-match': before.etag });
    expect([worked.status, worked.body.length]).toEqual([304, 0]);
  });
});

describe('what is answered holds now', () => {
  it('changes at the very moment at which something ends', async () => {
    const begin = clock.now();
    const ends = new Date(begin.getTime() + HOUR);
    const { id: short } = await publishNew(hub, 'Alert', alertInput({ endsAt: parisTime(ends) }));
    const stateAt = async (moment: Date) => {
      clock.set(moment);
      const seen: { id: string }[] = jsonOf(await asking.post(here)).data.situation.alerts;
      return seen.some((alert) => alert.id === short);
    };
    const lastSecond = Math.floor(ends.getTime() / 1000) * 1000;
    expect(await stateAt(new Date(lastSecond - 1))).toBe(true);
    expect(await counted(() => stateAt(new Date(lastSecond - 1)))).toMatchObject({ hits: 1 });
    expect(await stateAt(new Date(lastSecond))).toBe(false);
    clock.set(begin);
  });

  it('shows nobody of 2,000 readers less than was announced before they asked (D-7)', async () => {
    const written = await Promise.all(Array.from({ length: 6 }, () => draft(hub, 'Alert')));
    const submitted = await Promise.all(written.map((one) => step(hub, 'submitDossier', 'editor', one)));
    const approved = await Promise.all(submitted.map((one) => step(hub, 'approveDossier', 'validator', one)));
    const follower = new Follower(hub.url);
    await follower.ready();
    const bodyAt = new Map<number, string>();
    const wrong: string[] = [];
    let answers = 0;
    let ended = false;
    // 2,000 connections, of which 100 ask at a time: publishing has to get a turn.
    const crowd = Array.from({ length: 20 }, () => new Asking(hub.url));
    const read = async () => {
      for (let turn = 0; !ended; turn++) {
        const announced = positionOf(follower.cursor);
        const body = String((await (crowd[turn % crowd.length] ?? asking).post(here)).body);
        const shown = positionOf(JSON.parse(body).data.situation.asOf);
        if (shown < announced) wrong.push(`${shown} after ${announced} was told`);
        if ((bodyAt.get(shown) ?? body) !== body) wrong.push(`two answers at ${shown}`);
        bodyAt.set(shown, body);
        answers += 1;
      }
    };
    const before = await asking.figures();
    const readers = Array.from({ length: 100 }, read);
    for (const one of approved) await step(hub, 'publishDossier', 'validator', one);
    await follower.until(({ heard }) => heard.length >= 6);
    // Whoever asks from here on sees the last one, whatever was kept.
    expect(positionOf(jsonOf(await asking.post(here)).data.situation.asOf)).toBe(positionOf(follower.cursor));
    ended = true;
    await Promise.all(readers);
    for (const one of crowd) one.end();
    await follower.stop();
    expect(wrong).toEqual([]);
    expect(bodyAt.size).toBeGreaterThanOrEqual(6);
    expect((await asking.figures()).hits - before.hits).toBeGreaterThan(answers / 2);
  });
});

describe('what it holds is bounded', () => {
  it('by bytes, however many bodies are misspelt', async () => {
    const pad = ' '.repeat(30_000);
    for (let round = 0; round < 20; round++)
      await Promise.all(
        Array.from({ length: 20 }, (_, at) =>
          asking.post(`${JSON.stringify(here)}${pad}${' '.repeat(round * 20 + at)}`),
        ),
      );
    expect((await asking.figures()).bytes).toBeLessThan(2 ** 20 + 8 * 2 ** 20);
  });

  it('by bytes, however many answers there are, and keeps none that is huge', () => {
    const cache = new ResponseCache(
      new PublicVersions(hub.app.reads),
      new DeprecatedUses(buildSchema('type Query { now: Int }')),
    );
    for (let at = 0; at < 200; at++)
      cache.keep(`key ${at}`, CachedAnswer.from(Buffer.alloc(2 ** 20, at), {}), cache.forgetOutdated());
    const { bytes } = cache.figures();
    expect(bytes).toBeGreaterThan(32 * 2 ** 20);
    expect(bytes).toBeLessThanOrEqual(64 * 2 ** 20);
    cache.keep('huge', CachedAnswer.from(Buffer.alloc(5 * 2 ** 20), {}), cache.forgetOutdated());
    expect(cache.figures().bytes).toBe(bytes);
  });
});

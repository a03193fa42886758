import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip } from 'node:zlib';
import { buildClientSchema, buildSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { request } from 'undici';
import { afterAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../../support/database/database.ts';
import { startHub } from '../../support/hub/hub.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
afterAll(() => hub.close());

const read = (file: string) => readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
const { version } = JSON.parse(read('package.json')) as { version: string };
const committed = read('schema/schema.graphql');
const get = (path: string, headers: Record<string, string> = {}) => request(hub.url + path, { headers });

describe('the schema that a hub serves', () => {
  it('is the one that it answers by, with its version in the first comment (S-7)', async () => {
    const { statusCode, headers, body } = await get('/schema.graphql');
    expect([statusCode, headers['content-type']]).toEqual([200, 'application/graphql; charset=utf-8']);
    expect(await body.text()).toBe(`# Tocsin ${version}\n\n${committed}`);
  });

  it('is there as the result of an introspection, which loses nothing', async () => {
    const { headers, body } = await get('/schema.json');
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    const { data } = (await body.json()) as { data: Parameters<typeof buildClientSchema>[0] };
    const sorted = lexicographicSortSchema(buildClientSchema(data));
    expect(printSchema(sorted)).toBe(printSchema(buildSchema(committed)));
  });
});

describe.each(['/schema.graphql', '/schema.json'])('%s', (path) => {
  it('tells its version in a header, which pages of any site may read (S-7)', async () => {
    const { headers } = await get(path, { origin: 'https://app.example' });
    expect(headers['tocsin-version']).toBe(version);
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers['access-control-expose-headers']).toContain('tocsin-version');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['set-cookie']).toBeUndefined();
  });

  it('is sent once, and then only that it has not changed, in each encoding', async () => {
    for (const encoding of ['identity', 'br', 'gzip']) {
      const first = await get(path, { 'accept-encoding': encoding });
      await first.body.dump();
      const { etag } = first.headers;
      expect(etag).toMatch(/^"[\w-]+"$/);
      expect(first.headers).toMatchObject({ 'cache-control': 'no-cache', vary: 'accept-encoding' });
      const again = await get(path, { 'accept-encoding': encoding, 'if-none-match': String(etag) });
      expect([again.statusCode, await again.body.text()]).toEqual([304, '']);
      expect(again.headers).toMatchObject({ etag, 'tocsin-version': version });
    }
  });

  it('is compressed for a client that can read that, and says so', async () => {
    const plain = Buffer.from(await (await get(path)).body.arrayBuffer());
    for (const [encoding, decode] of [
      ['br', promisify(brotliDecompress)],
      ['gzip', promisify(gunzip)],
    ] as const) {
      const { headers, body } = await get(path, { 'accept-encoding': encoding });
      const bytes = Buffer.from(await body.arrayBuffer());
      expect(headers['content-encoding']).toBe(encoding);
      expect(bytes.length).toBeLessThan(plain.length / 4);
      expect(await decode(bytes)).toEqual(plain);
    }
  });

  it('answers HEAD without a body, and nothing but reading', async () => {
    const head = await request(hub.url + path, { method: 'HEAD' });
    expect([head.statusCode, await head.body.text()]).toEqual([200, '']);
    expect((await request(hub.url + path, { method: 'POST' })).statusCode).toBe(405);
  });
});

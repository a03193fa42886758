import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { fileLinesOf, openAddressFile } from '../../../src/addresses/file/read-lines.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { FEW, loadInto } from '../../support/generated/address-file.ts';
import { fileOf } from '../../support/generated/address-lines.ts';
import { startHub, territory, tokens } from '../../support/hub/hub.ts';

/** Attacks on the search for addresses, and by files that are none. */
const { url } = await testDatabase();
const hub = await startHub({ url });
beforeAll(() => loadInto(url, territory, fileOf(FEW)));
afterAll(() => hub.close());

interface Answer {
  data?: { addresses: { nodes: { label: string }[] } | null };
  errors?: { extensions: { code: string } }[];
}
async function search(text: string, persona: keyof typeof tokens | null = 'marshal'): Promise<Answer> {
  const answer = await fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(persona ? { authorization: `Bearer ${tokens[persona]}` } : {}) },
    body: JSON.stringify({
      query: 'query ($search: String!) { addresses(search: $search, first: 20) { nodes { label } } }',
      variables: { search: text },
    }),
  });
  return (await answer.json()) as Answer;
}
const codeOf = async (answer: Promise<Answer>) => (await answer).errors?.[0]?.extensions.code;

describe('what is typed', () => {
  it.each([
    ["signs of PostgreSQL's text search", "'rue':* & !'paris' | (((("],
    ['a quote that ends a word', "rue'; drop table address_street; --"],
    ['backslashes', "rue\\' \\\\ paris\\"],
    ['U+0000', 'rue\0 de\0 paris'],
    ['half a pair of surrogates', 'rue \ud800 paris'],
    ['weights and positions', 'rue:1A,2B paris:*AB <-> <2>'],
    ['percent and underscore', '%_%_% rue'],
    ['names of JavaScript', '__proto__ constructor hasOwnProperty'],
    ['marks of direction', '\u202erue \u200bde paris\ufeff'],
    ['a hundred accents', `rue${'\u0301'.repeat(150)}`],
    ['one word as long as may be', 'a'.repeat(200)],
    ['a hundred words', 'ab '.repeat(66)],
    ['every letter', 'a b c d e f g h i j k l m n o p q r s t u v w x y z'],
    ['numbers', '1 2 3 4 5 6 7 8 9 10 11 12 99999 123456789012'],
  ])('is words and nothing else: %s', async (_what, text) => {
    expect((await search(text)).errors).toBeUndefined();
  });

  it.each([
    ['10,000 words', 'rue '.repeat(10_000)],
    ['a word of 60,000 signs', 'x'.repeat(60_000)],
  ])('is refused where it is too long: %s', async (_what, text) => {
    // Seen with the bound left out.
    expect(await codeOf(search(text))).toBe('INVALID_INPUT');
  });

  it('tells nothing to those who may not ask, whatever they ask', async () => {
    for (const text of ['rue de paris', '', 'x'.repeat(500)]) {
      expect(await codeOf(search(text, null))).toBe('UNAUTHENTICATED');
      expect(await codeOf(search(text, 'scheduler'))).toBe('FORBIDDEN');
      expect(await codeOf(search(text, 'admin'))).toBe('FORBIDDEN');
    }
  });

  it('leaves the tables as they are: a hub may not write them', async () => {
    const [row] = await withSession(
      url,
      async (session) =>
        (
          await session.query(
            `select bool_or(has_table_privilege('tocsin_test_hub', t, 'insert, update, delete, truncate')) as may
             from unnest('{address_load,address_street,address_number,address_word}'::text[]) t`,
          )
        ).rows,
    );
    expect(row?.may).toBe(false);
  });
});

describe('a file', () => {
  function written(bytes: Buffer): string {
    const folder = mkdtempSync(path.join(tmpdir(), 'tocsin-addresses-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = path.join(folder, 'adresses-91.csv.gz');
    writeFileSync(file, bytes);
    return file;
  }
  const linesIn = async (bytes: Buffer) => {
    let count = 0;
    for await (const some of fileLinesOf(await openAddressFile(written(bytes)))) count += some.length;
    return count;
  };
  const packed = gzipSync(fileOf(FEW));

  it('is read packed, by its bytes and whatever its name', async () => {
    expect(await linesIn(packed)).toBe(FEW.length + 1);
    expect(await linesIn(Buffer.from(fileOf(FEW)))).toBe(FEW.length + 1);
    expect(await linesIn(Buffer.alloc(0))).toBe(0);
  });

  it('that was cut, or changed on its way, is refused', async () => {
    await expect(linesIn(packed.subarray(0, packed.length - 12))).rejects.toThrow('cannot be unpacked');
    const changed = Buffer.from(packed);
    changed[packed.length - 6] = (changed[packed.length - 6] ?? 0) ^ 1;
    await expect(linesIn(changed)).rejects.toThrow('cannot be unpacked');
    await expect(linesIn(Buffer.from([0x1f, 0x8b]))).rejects.toThrow('cannot be unpacked');
  });

  it('that unpacks to one endless line, or to more than any Département has, is left at once', async () => {
    // Seen without the bound of a line: all of it was kept as one.
    await expect(linesIn(gzipSync(Buffer.alloc(50_000_000, 'x')))).rejects.toThrow('a line has more than');
    await expect(linesIn(gzipSync(Buffer.alloc(50_000_000, '\n')))).rejects.toThrow('more than 3000000 lines');
    // One member after the other: 1.2 GB of a file of some MB.
    const member = gzipSync(`${'x'.repeat(60_000)}\n`.repeat(2_000));
    await expect(linesIn(Buffer.concat(Array.from({ length: 10 }, () => member)))).rejects.toThrow('bytes, unpacked');
  });
});

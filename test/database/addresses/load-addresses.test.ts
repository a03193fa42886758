import { PassThrough } from 'node:stream';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { loadAddresses } from '../../../src/addresses/file/load-addresses.ts';
import { until } from '../../../src/development/embedded/processes.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { FEW, loadInto, sourceOf } from '../../support/generated/address-file.ts';
import { type FiledAddress, fileOf, HEADING, lineOf, longFile } from '../../support/generated/address-lines.ts';
import { territory } from '../../support/hub/hub.ts';
import { PATIENCE_MS } from '../../support/patience.ts';

/** The file of addresses replaces the one before whole, or changes nothing. */
const { url } = await testDatabase();
const read = (statement: string) => withSession(url, async (session) => (await session.query(statement)).rows);
const stands = async () => {
  const [load] = await read('select streets, numbers, loaded_at from address_load');
  const streets = await read(
    'select count(*)::int as n, md5(string_agg(s::text, $$;$$ order by id)) from address_street s',
  );
  const numbers = await read(
    'select count(*)::int as n, md5(string_agg(s::text, $$;$$ order by s)) from address_number s',
  );
  const words = await read('select count(*)::int as n from address_word');
  return { load, streets, numbers, words };
};
const OTHER: FiledAddress = {
  numero: 1,
  nom_voie: 'Rue Neuve',
  code_insee: '91345',
  code_postal: '91160',
  lon: 2.2965,
  lat: 48.6911,
};
const few = fileOf(FEW);

beforeAll(() => loadInto(url, territory, few));

describe('a file of addresses', () => {
  let before: Awaited<ReturnType<typeof stands>> | undefined;
  afterEach(() => {
    before = undefined;
  });
  const refused = async (file: string | Buffer, words: string) => {
    before ??= await stands();
    await expect(withSession(url, (session) => loadAddresses(session, sourceOf(file), territory))).rejects.toThrow(
      words,
    );
    expect(await stands()).toEqual(before);
  };

  it('becomes streets, numbers and words', async () => {
    expect(await read('select streets, numbers from address_load')).toEqual([{ streets: 12, numbers: 24 }]);
    expect(
      await read(
        `select name, commune, postal_code, name_words, numbers, search::text from address_street where name = 'Rue du Pont'`,
      ),
    ).toEqual([
      {
        ...{ name: 'Rue du Pont', commune: '91228', postal_code: '91080', name_words: 2, numbers: 1 },
        search: `'91080' 'courcouronnes' 'evry' 'pont' 'rue'`,
      },
    ]);
    expect(await read(`select trigrams from address_word where word = 'massy'`)).toEqual([
      { trigrams: ['  m', ' ma', 'mas', 'ass', 'ssy', 'sy '] },
    ]);
  });

  it('is the same packed or not, in other columns, twice, and with a number twice: the first one stays', async () => {
    const wanted = (await stands()).numbers;
    await loadInto(url, territory, few.replaceAll('\n', '\r\n'));
    expect((await stands()).numbers).toEqual(wanted);
    const twice = lineOf({ ...FEW[0]!, lon: 2.31 });
    expect(await loadInto(url, territory, `${few}${twice}\n`)).toEqual({ streets: 12, numbers: 24 });
    expect((await stands()).numbers).toEqual(wanted);
  });

  it('may be long: numbers go in by the thousand, and none is lost', async () => {
    const long = [...longFile(territory, 300, 80)].join('');
    expect(await loadInto(url, territory, long)).toEqual({ streets: 300, numbers: 24_000 });
    expect((await stands()).numbers).toMatchObject([{ n: 24_000 }]);
    await loadInto(url, territory, few);
  });

  it('is refused with the line and the reason, and nothing changes', async () => {
    await refused(few.replace('2.2965', '48.7'), 'line 2: lon 48.7');
    await refused(few.replaceAll('91345', '92345'), 'line 2: code_insee: "92345" is not the INSEE code');
    await refused(few.replace('nom_voie', 'voie'), 'the first line lacks nom_voie');
    await refused(`${few}${lineOf({ ...OTHER, numero: 'x' })}\n`, `line ${FEW.length + 2}: numero: expected`);
    await refused(`${HEADING}\n`, 'the file holds no address');
    await refused('', 'the file holds no address');
    await refused('\0\0\0\0', 'the first line lacks numero');
    await refused(Buffer.from([0x50, 0x4b, 3, 4, 0xff, 0xfe]), 'not UTF-8');
  });

  it('tells ten faults at a time', async () => {
    const wrong = fileOf(FEW.map((address) => ({ ...address, code_insee: '75056' })));
    const fault = await loadInto(url, territory, wrong).catch(String);
    expect(String(fault).split('\n  ')).toHaveLength(11);
  });

  it('is one at a time: the second loader waits, and the last one stays', async () => {
    const slow = new PassThrough();
    slow.write(`${HEADING}\n${lineOf(OTHER)}\n`);
    const first = withSession(url, (session) => loadAddresses(session, slow, territory));
    await until(async () => (await loaders(true)) > 0, PATIENCE_MS);
    const second = loadInto(url, territory, few);
    await until(async () => (await loaders(false)) > 0, PATIENCE_MS);
    // Readers have the old ones meanwhile.
    expect(await read('select streets from address_load')).toEqual([{ streets: 12 }]);
    slow.end();
    expect(await first).toEqual({ streets: 1, numbers: 1 });
    await second;
    expect(await read('select streets from address_load')).toEqual([{ streets: 12 }]);
  });

  it('changes nothing where its loader dies in the middle', async () => {
    const wanted = await stands();
    const slow = new PassThrough();
    slow.write(`${HEADING}\n${lineOf(OTHER)}\n`);
    const killed = withSession(url, (session) => loadAddresses(session, slow, territory)).then(
      () => 'loaded',
      () => 'failed',
    );
    await until(async () => (await loaders(true)) > 0, PATIENCE_MS);
    await read(`select pg_terminate_backend(l.pid) ${LOADERS}`);
    slow.end(`${lineOf({ ...OTHER, numero: 2 })}\n`);
    expect(await killed).toBe('failed');
    expect(await stands()).toEqual(wanted);
  });
});

/** Clones of one template have tables of the same numbers: the database counts as well. */
const LOADERS = `from pg_locks l where l.relation = 'address_load'::regclass and l.mode = 'ShareRowExclusiveLock'
  and l.database = (select oid from pg_database where datname = current_database())`;

/** How many loaders are at work, or wait for their turn. */
async function loaders(granted: boolean): Promise<number> {
  const [row] = await read(`select count(*)::int as n ${LOADERS} and l.granted = ${granted}`);
  return Number(row?.n);
}

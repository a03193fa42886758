import type pg from 'pg';
import { shapeOf } from '../../territory/shape.rules.ts';
import type { Territory } from '../../territory/territory.ts';
import { trigramsOf } from '../street-words.rules.ts';
import {
  type Columns,
  columnsOf,
  type FileAddress,
  type FileTerritory,
  readAddressLine,
} from './address-line.rules.ts';
import { AddressFileFault } from './file-fault.ts';
import { type FileLine, fileLinesOf } from './read-lines.ts';
import { Streets } from './streets.ts';

/** How much was loaded. */
export interface LoadedAddresses {
  streets: number;
  numbers: number;
}

type Communes = Pick<Territory, 'byCode' | 'communes'>;

/** The operator reads so many faults of a file at a time. */
const MOST_TOLD = 10;
const BATCH = 20_000;
/** Some 5 km beyond the outermost communes. */
const MARGIN = 0.07;

/**
 * Replaces every address by those of a file, in one transaction: readers have the old ones until it commits, and keep them where it fails. The
 * session is that of the tables' owner. Throws an AddressFileFault with the first faults of the file.
 */
export async function loadAddresses(
  session: pg.Client,
  source: AsyncIterable<Buffer>,
  communes: Communes,
): Promise<LoadedAddresses> {
  await session.query('begin');
  try {
    // One loader at a time; readers go on.
    await session.query('lock table address_load in share row exclusive mode');
    for (const table of TABLES) await session.query(`delete from ${table}`);
    const loaded = await fill(session, source, communes);
    await session.query('commit');
    // The old rows go at once, and PostgreSQL plans by what is there now; it would do so later by itself.
    await session.query(`vacuum (analyze) ${TABLES.join(', ')}`).catch(() => undefined);
    return loaded;
  } catch (error) {
    await session.query('rollback').catch(() => undefined);
    throw error;
  }
}

const TABLES = ['address_number', 'address_street', 'address_word', 'address_load'];

async function fill(session: pg.Client, source: AsyncIterable<Buffer>, communes: Communes): Promise<LoadedAddresses> {
  const streets = new Streets();
  let numbers = 0;
  for await (const batch of addressesOf(fileLinesOf(source), territoryOf(communes))) {
    const numbered = batch.map((address) => ({ ...address, street: streets.add(address) }));
    numbers += await writeNumbers(
      session,
      numbered.filter(({ number }) => number !== null),
    );
  }
  if (streets.size === 0) throw new AddressFileFault(['the file holds no address']);
  await writeStreets(session, streets, communes);
  await session.query(
    'insert into address_load (id, loaded_at, streets, numbers) values (1, clock_timestamp(), $1, $2)',
    [streets.size, numbers],
  );
  return { streets: streets.size, numbers };
}

function territoryOf({ byCode, communes }: Communes): FileTerritory {
  const boxes = communes.map(({ outline }) => shapeOf(outline).box);
  const least = (axis: 0 | 1) => Math.min(...boxes.map((box) => box[axis])) - MARGIN;
  const most = (axis: 2 | 3) => Math.max(...boxes.map((box) => box[axis])) + MARGIN;
  return { byCode, box: [least(0), least(1), most(2), most(3)] };
}

/** The addresses of a file, so many at a time. Reads on behind a faulty line until ten are known, then throws them. */
async function* addressesOf(
  lines: AsyncIterable<readonly FileLine[]>,
  territory: FileTerritory,
): AsyncGenerator<FileAddress[]> {
  let columns: Columns | undefined;
  let batch: FileAddress[] = [];
  const faults: string[] = [];
  for await (const some of lines) {
    for (const line of some) {
      if (!columns) {
        columns = columnsOf(line.cells);
        continue;
      }
      const read = line.fault ?? readAddressLine(line.cells, columns, territory);
      if (typeof read === 'string') faults.push(`line ${line.number}: ${read}`);
      else if (faults.length === 0) batch.push(read);
      if (faults.length === MOST_TOLD) throw new AddressFileFault([...faults, '…']);
    }
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (faults.length > 0) throw new AddressFileFault(faults);
  yield batch;
}

type NumberedAddress = Omit<FileAddress, 'street'> & { street: number };

/** Answers how many were new: a number that stands twice in its street keeps its first place. */
async function writeNumbers(session: pg.Client, addresses: readonly NumberedAddress[]): Promise<number> {
  const list = (value: (address: NumberedAddress) => unknown) => `{${addresses.map(value).join(',')}}`;
  const { rowCount } = await session.query(
    `insert into address_number (street_id, number, suffix, lon, lat)
     select * from unnest($1::int[], $2::int[], $3::text[], $4::float8[], $5::float8[]) on conflict do nothing`,
    [
      ...[list(({ street }) => street), list(({ number }) => number), list(({ suffix }) => `"${suffix}"`)],
      ...[list(({ lon }) => lon), list(({ lat }) => lat)],
    ],
  );
  return rowCount ?? 0;
}

async function writeStreets(session: pg.Client, streets: Streets, { byCode }: Communes): Promise<void> {
  const rows = streets.rows(byCode);
  await session.query(
    `insert into address_street (id, name, postal_code, commune, lon, lat, name_words, numbers, search)
     select t.id, t.name, t.postal, t.commune, t.lon, t.lat, t.name_words, t.numbers, array_to_tsvector(string_to_array(t.words, ' '))
     from unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::float8[], $6::float8[], $7::int[], $8::int[], $9::text[])
       as t(id, name, postal, commune, lon, lat, name_words, numbers, words)`,
    [
      ...[rows.map(({ id }) => id), rows.map(({ name }) => name), rows.map(({ postalCode }) => postalCode)],
      ...[rows.map(({ commune }) => commune), rows.map(({ lon }) => lon), rows.map(({ lat }) => lat)],
      ...[rows.map(({ nameWords }) => nameWords), rows.map(({ numbers }) => numbers)],
      rows.map(({ words }) => words.join(' ')),
    ],
  );
  const words = streets.wordsToOffer(byCode).map((word) => ({ word, trigrams: trigramsOf(word) }));
  await session.query(
    `insert into address_word (word, trigrams)
     select w.word, w.trigrams from jsonb_to_recordset($1::jsonb) as w(word text, trigrams text[])`,
    [JSON.stringify(words)],
  );
}

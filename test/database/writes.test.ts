import { randomUUID as uuid } from 'node:crypto';
import { defineEntity, p } from '@mikro-orm/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDatabase } from '../../src/database/connection.ts';
import { sqlIn } from '../../src/database/sql-in.ts';
import { insertion, update, writeTogether } from '../../src/database/writes.ts';
import { testDatabase } from '../support/database/database.ts';
import { statementsOf } from '../support/database/statements.ts';

const Boat = defineEntity({
  name: 'Boat',
  tableName: 'boat',
  properties: {
    id: p.uuid().primary(),
    shipName: p.text(),
    crew: p.array(),
    log: p.json<object>().nullable(),
    photo: p.blob().nullable(),
    builtAt: p.datetime(3).nullable(),
    afloat: p.boolean(),
  },
});

const { url } = await testDatabase();
const database = await openDatabase({ url, entities: [Boat] });
const statements = statementsOf(database.pool);
const { em } = database.orm;
const fork = () => em.fork();
beforeAll(() =>
  database.pool.query(
    `create table boat (id uuid primary key, ship_name text not null, crew text[] not null, log jsonb, photo bytea,
       built_at timestamptz(3), afloat boolean not null)`,
  ),
);
afterAll(() => database.close());

const boat = (more: object = {}) => ({ id: uuid(), shipName: 'Yvette', crew: [], afloat: true, ...more });
const read = (id: string) => fork().findOneOrFail(Boat, { id });

it('rows are written as the ORM reads them back, whatever is in them', async () => {
  const row = boat({
    shipName: `L’"Orge" ' ? \\ $1 \n 🌊`,
    crew: ['a,b', '{c}', '"d"', `e'?`],
    log: { 'a?b': [1.5, null, '\\u0041', { c: "'" }] },
    photo: Buffer.from([0, 1, 92, 39, 255]),
    builtAt: new Date('2016-06-02T10:00:00.123Z'),
  });
  await writeTogether(fork(), [insertion(em, Boat, row)]);
  const { photo, ...rest } = await read(row.id);
  expect({ ...rest, photo: Buffer.from(photo ?? []) }).toEqual(row);
});

it('an update changes the columns that it names, of one row', async () => {
  const [one, other] = [boat({ crew: ['Zoé'] }), boat()];
  await writeTogether(fork(), [insertion(em, Boat, one), insertion(em, Boat, other)]);
  await writeTogether(fork(), [update(em, Boat, one.id, { shipName: 'Orge', builtAt: null })]);
  await writeTogether(fork(), [update(em, Boat, one.id, { afloat: false })]);
  expect(await read(one.id)).toMatchObject({ ...one, shipName: 'Orge', builtAt: null, afloat: false });
  expect(await read(other.id)).toMatchObject(other);
});

it('several writes are one statement, in the transaction of the EntityManager: all of them hold or none', async () => {
  const [first, second, third] = [boat(), boat(), boat()];
  await writeTogether(fork(), [insertion(em, Boat, first)]);
  const sent = statements.length;
  await fork().transactional(async (inside) => {
    await writeTogether(inside as typeof em, [
      insertion(em, Boat, second),
      update(em, Boat, first.id, { shipName: 'Orge' }),
    ]);
    expect(await sqlIn(inside as typeof em)('select 1 from boat where id = ?', [second.id])).toHaveLength(1);
  });
  expect(statements.slice(sent).map((text) => text.slice(0, 6))).toEqual(['begin', 'with w', 'select', 'commit']);
  const twice = writeTogether(fork(), [insertion(em, Boat, third), insertion(em, Boat, first)]);
  await expect(twice).rejects.toMatchObject({ code: '23505' });
  expect(await fork().findOne(Boat, { id: third.id })).toBeNull();
});

it('no writes are no statement', async () => {
  const sent = statements.length;
  await writeTogether(fork(), []);
  expect(statements.length).toBe(sent);
});

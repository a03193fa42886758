import { defineEntity, p } from '@mikro-orm/core';

/**
 * The file of addresses that was loaded last, whole (`file/load-addresses.ts`). Hubs read these tables and write none of them. Numbers name
 * their streets without a foreign key, which would be checked half a million times for rows that nobody changes.
 */
export const AddressLoad = defineEntity({
  name: 'AddressLoad',
  tableName: 'address_load',
  checks: [{ name: 'address_load_id_check', expression: 'id = 1' }],
  properties: {
    id: p.integer().primary().autoincrement(false),
    loadedAt: p.datetime(3),
    streets: p.integer(),
    numbers: p.integer(),
  },
});

/** A name within a commune and a postal code: a street, or a place without numbers. */
export const AddressStreet = defineEntity({
  name: 'AddressStreet',
  tableName: 'address_street',
  indexes: [
    {
      name: 'address_street_search_index',
      expression:
        'create index "address_street_search_index" on "address_street" using gin ("search") with (fastupdate = off)',
    },
  ],
  properties: {
    id: p.integer().primary().autoincrement(false),
    name: p.text(),
    postalCode: p.text().nullable(),
    commune: p.text(),
    /** The number that is nearest to the middle of all of its own. */
    lon: p.double().$type<number>(),
    lat: p.double().$type<number>(),
    /** How many words its name is found by. */
    nameWords: p.integer(),
    numbers: p.integer(),
    /** The words of its name, of its commune and of those that this was made of, and its postal code. */
    search: p.string().columnType('tsvector'),
  },
});

export const AddressNumber = defineEntity({
  name: 'AddressNumber',
  tableName: 'address_number',
  indexes: [
    {
      name: 'address_number_place_index',
      expression:
        'create index "address_number_place_index" on "address_number" using gist (point("lon" * 0.6626, "lat"))',
    },
  ],
  properties: {
    streetId: p.integer().primary().autoincrement(false),
    number: p.integer().primary().autoincrement(false),
    /** `bis`, `ter`, a letter …; empty for most. */
    suffix: p.text().primary(),
    lon: p.double().$type<number>(),
    lat: p.double().$type<number>(),
  },
});

/** A word by which streets are found, for those that somebody mistyped. */
export const AddressWord = defineEntity({
  name: 'AddressWord',
  tableName: 'address_word',
  indexes: [
    {
      name: 'address_word_trigrams_index',
      expression:
        'create index "address_word_trigrams_index" on "address_word" using gin ("trigrams") with (fastupdate = off)',
    },
  ],
  properties: {
    word: p.text().primary(),
    trigrams: p.array(),
  },
});

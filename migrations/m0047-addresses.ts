import { Migration } from '@mikro-orm/migrations';

/**
 * The addresses of the Département, from a file that an operator loads. No extension of PostgreSQL is needed: words are folded by the hub, so
 * that vectors hold them as they are, and mistyped ones are found by trigrams that the hub makes. The factor of the index on points is the
 * cosine of the latitude: a degree of longitude is that much shorter.
 */
export class M0047Addresses extends Migration {
  override async up(): Promise<void> {
    for (const statement of statements) this.addSql(statement);
  }
}

const statements = [
  `create table "address_load" ("id" int not null, "loaded_at" timestamptz(3) not null, "streets" int not null, "numbers" int not null, primary key ("id"))`,
  `alter table "address_load" add constraint "address_load_id_check" check (id = 1)`,

  `create table "address_street" ("id" int not null, "name" text not null, "postal_code" text null, "commune" text not null, "lon" double precision not null, "lat" double precision not null, "name_words" int not null, "numbers" int not null, "search" tsvector not null, primary key ("id"))`,
  `create index "address_street_search_index" on "address_street" using gin ("search") with (fastupdate = off)`,

  // Without a foreign key to its street: see AddressLoad.
  `create table "address_number" ("street_id" int not null, "number" int not null, "suffix" text not null, "lon" double precision not null, "lat" double precision not null, primary key ("street_id", "number", "suffix"))`,
  `create index "address_number_place_index" on "address_number" using gist (point("lon" * 0.6626, "lat"))`,

  `create table "address_word" ("word" text not null, "trigrams" text[] not null, primary key ("word"))`,
  `create index "address_word_trigrams_index" on "address_word" using gin ("trigrams") with (fastupdate = off)`,
];

import { setImmediate as turn } from 'node:timers/promises';
import pg from 'pg';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { sqlOver } from '../../../src/database/sql.ts';
import type { Entry } from '../../../src/journal/entry.ts';
import { pageAfter } from '../../../src/journal/journal.ts';
import { Pages } from '../../../src/journal/pages.ts';
import { startingPosition } from '../../../src/journal/starting-position.ts';
import { Tail } from '../../../src/journal/tail.ts';
import { testDatabase } from '../../support/database/database.ts';

const { url } = await testDatabase();
const pool = new pg.Pool({ connectionString: url, max: 20 });
const tail = new Tail<{ n: number }>({ url, recent: { entries: 200, bytes: 1e6 }, onError: () => undefined });
const sql = sqlOver(pool);
const journal = { tail, pages: new Pages<{ n: number }>(sql, 1e6), sql, clock: systemClock, retentionDays: 30 };
beforeAll(() => tail.start());
afterAll(async () => {
  await tail.close();
  await pool.end();
});

const SUBJECT = uuid();
const insert = (client: pg.ClientBase, id: string, n = 0) =>
  client.query(
    `insert into journal_entry (id, subject, type, at, changed_fields, ring, document)
     values ($1, $2, 'UPDATED', now(), '{}', false, $3)`,
    [id, SUBJECT, { n }],
  );

async function within<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    return await work(client);
  } finally {
    client.release();
  }
}

/** Reads on from a cursor until `count` entries came, page by page as followers do; gives them in the order in which they came. */
async function hear(after: string, count: number): Promise<Entry<unknown>[]> {
  const heard: Entry<unknown>[] = [];
  for (let position = await startingPosition(journal, after); heard.length < count; ) {
    const page = await pageAfter(journal, position);
    heard.push(...page);
    position = page.at(-1)?.position ?? position;
    if (page.length === 0)
      await new Promise<void>((resolve) => {
        const stop = tail.listen(() => {
          stop();
          resolve();
        });
      });
  }
  return heard;
}

const cursorNow = () => Buffer.from(`1.${tail.head.epoch}.${tail.head.position}`).toString('base64url');

it('reads one after the other, and never takes what it read itself meanwhile for a restored journal', async () => {
  const { epoch } = tail.head;
  for (let round = 0; round < 100; round++) {
    const writing = within(async (client) => {
      await insert(client, uuid());
      await client.query('commit');
    });
    const first = tail.refresh();
    // Somebody asks anew in the very turn in which a read ends for which another one waits.
    const anew = first.then(() => tail.refresh());
    await Promise.all([anew, tail.refresh(), writing]);
  }
  await tail.refresh();
  expect(tail.head.epoch).toBe(epoch);
});

describe('a tail that starts', () => {
  it('has started in the very turn in which it shows what is public, so that nobody is told the one without the other', async () => {
    const another = new Tail<{ n: number }>({ url, recent: { entries: 200, bytes: 1e6 }, onError: () => undefined });
    let started = false;
    const starting = another.start().then(() => {
      started = true;
    });
    while (!another.available) await turn();
    expect(started).toBe(true);
    await starting;
    await another.close();
  });
});

describe('positions', () => {
  it('follow the order of commits, where a sequence would follow the order of inserts and lose one (D-1)', async () => {
    await pool.query('create table plain (id bigserial primary key, name text)');
    const from = cursorNow();
    const [slow, quick] = [uuid(), uuid()];
    const late = await pool.connect();
    await late.query('begin');
    await late.query(`insert into plain (name) values ('slow')`);
    await insert(late, slow);
    await within(async (client) => {
      await client.query(`insert into plain (name) values ('quick')`);
      await insert(client, quick);
      await client.query('commit');
    });
    // The control: who reads a plain sequence now and remembers the highest number never sees what commits later.
    const seen = await pool.query<{ id: string; name: string }>('select id, name from plain order by id');
    const highest = seen.rows.at(-1)?.id;
    await late.query('commit');
    late.release();
    const missed = await pool.query('select name from plain where id > $1', [highest]);
    expect([seen.rows.map(({ name }) => name), missed.rows]).toEqual([['quick'], []]);

    await tail.refresh();
    const heard = await hear(from, 2);
    expect(heard.map(({ id }) => id)).toEqual([quick, slow]);
    const [first, second] = heard.map(({ position }) => position);
    expect((second ?? 0) - (first ?? 0)).toBe(1);
  });

  it('stay dense under 8 writers with rollbacks and long transactions, and a follower hears each once, in order', async () => {
    const from = cursorNow();
    const start = tail.head.position;
    const committed = new Set<string>();
    const writer = async (number: number) => {
      for (let round = 0; round < 40; round++) {
        const ids = [uuid(), uuid()];
        const commits = (number * 7 + round) % 4 !== 0;
        await within(async (client) => {
          await insert(client, ids[0]!, round);
          // Every fifth transaction stays open while others come and go.
          if (round % 5 === number % 5) await client.query('select pg_sleep(0.01)');
          await insert(client, ids[1]!, round);
          await client.query(commits ? 'commit' : 'rollback');
        });
        if (commits) for (const id of ids) committed.add(id);
        if (round % 3 === 0) void tail.refresh();
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, number) => writer(number)));
    await tail.refresh();
    const heard = await hear(from, committed.size);
    expect(heard.map(({ position }) => position)).toEqual(heard.map((_, index) => start + 1 + index));
    expect(new Set(heard.map(({ id }) => id))).toEqual(committed);
    expect(tail.head.position).toBe(start + committed.size);
  });

  it('reach a follower that comes back from below what is in memory', async () => {
    const first = Buffer.from(`1.${tail.head.epoch}.0`).toString('base64url');
    const heard = await hear(first, tail.head.position);
    expect(heard.map(({ position }) => position)).toEqual(heard.map((_, index) => 1 + index));
  });
});

describe('pages of the table', () => {
  const counted = (mostBytes: number) => {
    let reads = 0;
    const pages = new Pages<{ n: number }>((...asked) => {
      reads += 1;
      return sql(...asked);
    }, mostBytes);
    return { pages, reads: () => reads };
  };

  it('are read once for all who ask at a time, and afterwards not at all', async () => {
    const { pages, reads } = counted(1e6);
    const { head } = tail;
    const asked = await Promise.all(Array.from({ length: 50 }, (_, position) => pages.after(position, head)));
    asked.forEach((entries, position) => {
      expect(entries.map((entry) => entry.position)).toEqual(
        Array.from({ length: 100 - position }, (_, index) => position + 1 + index),
      );
    });
    await pages.after(99, head);
    expect(reads()).toBe(1);
    expect((await pages.after(100, head))[0]?.position).toBe(101);
    expect(reads()).toBe(2);
  });

  it('are at hand for everybody else from the moment in which somebody has them read', async () => {
    const { pages, reads } = counted(1e6);
    const { head } = tail;
    expect([0, 99, 100].map((position) => pages.isAtHand(position, head))).toEqual([false, false, false]);
    const reading = pages.after(0, head);
    expect([0, 99, 100].map((position) => pages.isAtHand(position, head))).toEqual([true, true, false]);
    await reading;
    expect([0, 99, 100].map((position) => pages.isAtHand(position, head))).toEqual([true, true, false]);
    expect(reads()).toBe(1);
  });

  it('are never ahead of the tail, and grow with it', async () => {
    const { pages } = counted(1e6);
    const behind = { ...tail.head, position: 150 };
    expect((await pages.after(120, behind)).at(-1)?.position).toBe(150);
    expect((await pages.after(120, tail.head)).at(-1)?.position).toBe(200);
    expect(await pages.after(tail.head.position, tail.head)).toEqual([]);
  });

  it('of another epoch are read anew', async () => {
    const { pages, reads } = counted(1e6);
    await pages.after(0, tail.head);
    await pages.after(0, { ...tail.head, epoch: uuid() });
    expect(reads()).toBe(2);
  });

  it('that were kept weigh no more than they may', async () => {
    const { pages } = counted(150_000);
    let largest = 0;
    for (let position = 0; position + 100 <= tail.head.position; position += 100) {
      await pages.after(position, tail.head);
      largest = Math.max(largest, pages.bytes);
    }
    expect(largest).toBeGreaterThan(50_000);
    expect(largest).toBeLessThanOrEqual(150_000);
  });
});

describe('a follower', () => {
  it('older than the retention window is told to start over (D-2, S-4)', async () => {
    const strict = { ...journal, retentionDays: -1 };
    const first = Buffer.from(`1.${tail.head.epoch}.0`).toString('base64url');
    await expect(startingPosition(strict, first)).rejects.toMatchObject({ code: 'RESYNC_REQUIRED' });
  });
});

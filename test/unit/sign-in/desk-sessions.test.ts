import { afterEach, describe, expect, it } from 'vitest';
import { SetClock } from '../../../src/clock.ts';
import type { Sql } from '../../../src/database/sql.ts';
import { HubError } from '../../../src/errors.ts';
import { DeskSessions, hashOf } from '../../../src/sign-in/desk-sessions.ts';

const SECRET = 'A'.repeat(43);
const times = { idleMinutes: 120, longestHours: 12 };
const OVER = { code: 'UNAUTHENTICATED' };

/** A PostgreSQL that has one session, and may be away. */
class OneSession {
  readonly clock = new SetClock('2026-06-05T08:00:00Z');
  readonly errors: unknown[] = [];
  isAway = false;
  isEnded = false;
  asked = 0;
  /** Called while the row is read. */
  meanwhile: () => void = () => undefined;
  readonly row = {
    ...{ id: 'one', issuer: 'https://login.example.fr', subject: 'anne', name: 'Anne', signs: [] },
    ...{ seenAt: this.clock.now(), endsAt: new Date('2026-06-05T20:00:00Z'), renewAt: null },
  };
  readonly sessions = new DeskSessions({
    clock: this.clock,
    times,
    onError: (error) => void this.errors.push(error),
    sql: (async (text: string, [first, second]: readonly unknown[]) => {
      this.asked += 1;
      if (this.isAway) throw new HubError('UNAVAILABLE', 'away');
      if (text.includes('secret_hash =')) {
        const found = !this.isEnded && first === hashOf(SECRET) ? [{ ...this.row }] : [];
        this.meanwhile();
        return found;
      }
      if (text.startsWith('update')) Object.assign(this.row, { seenAt: second });
      return this.isEnded ? [] : [{ ...this.row }];
    }) as unknown as Sql,
  });

  pass(minutes: number): void {
    this.clock.set(new Date(this.clock.now().getTime() + minutes * 60_000));
  }
}

let all: OneSession[] = [];
const open = (): OneSession => {
  const one = new OneSession();
  all.push(one);
  return one;
};
afterEach(() => {
  for (const { sessions } of all) sessions.close();
  all = [];
});

describe('the sessions that a hub knows', () => {
  it('cost a statement at first, and one a minute', async () => {
    const db = open();
    for (let times = 0; times < 5; times += 1) await db.sessions.find(SECRET);
    expect(db.asked).toBe(1);
    db.pass(1);
    for (let times = 0; times < 5; times += 1) await db.sessions.find(SECRET);
    expect(db.asked).toBe(2);
  });

  it('go on while PostgreSQL is away, until they would be over; nobody else comes in', async () => {
    const db = open();
    await db.sessions.find(SECRET);
    db.isAway = true;
    db.pass(119);
    expect(await db.sessions.find(SECRET)).toMatchObject({ id: 'one' });
    expect(db.errors).toHaveLength(1);
    await expect(db.sessions.find('B'.repeat(43))).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    db.pass(1);
    // Another hub may have seen the person meanwhile.
    await expect(db.sessions.find(SECRET)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    db.isAway = false;
    expect(await db.sessions.find(SECRET)).toMatchObject({ id: 'one' });
  });

  it('end in the same moment in which a hub hears of it, also while it reads', async () => {
    const db = open();
    await db.sessions.find(SECRET);
    db.isEnded = true;
    db.sessions.hear('one');
    await expect(db.sessions.find(SECRET)).rejects.toMatchObject(OVER);
    const other = open();
    other.meanwhile = () => {
      other.isEnded = true;
      other.meanwhile = () => undefined;
      other.sessions.hear('one');
    };
    await expect(other.sessions.find(SECRET)).rejects.toMatchObject(OVER);
  });

  it('are asked about after messages may have been missed, again and again while PostgreSQL is away', async () => {
    const db = open();
    const session = await db.sessions.find(SECRET);
    let ends = 0;
    db.sessions.endsWith(session, () => {
      ends += 1;
    });
    db.isAway = true;
    db.isEnded = true;
    db.sessions.hear();
    await expect.poll(() => db.errors.length).toBeGreaterThan(1);
    expect(ends).toBe(0);
    db.isAway = false;
    await expect.poll(() => ends).toBe(1);
    await expect(db.sessions.find(SECRET)).rejects.toMatchObject(OVER);
  });

  it('end a socket at once that opens with one that has just ended, and call nobody who has left', async () => {
    const db = open();
    const session = await db.sessions.find(SECRET);
    let left = 0;
    db.sessions.endsWith(session, () => {
      left += 1;
    })();
    db.isEnded = true;
    db.sessions.hear('one');
    let ended = 0;
    db.sessions.endsWith(session, () => {
      ended += 1;
    });
    expect([left, ended]).toEqual([0, 1]);
    await expect(db.sessions.used(session)).rejects.toMatchObject(OVER);
  });
});

it.each(['', 'x', 'A'.repeat(42), `${'A'.repeat(42)}=`, 'A'.repeat(5_000), undefined])(
  'what is no secret, such as %j, is not looked for',
  async (secret) => {
    const db = open();
    await expect(db.sessions.find(secret)).rejects.toMatchObject(OVER);
    expect(db.asked).toBe(0);
  },
);

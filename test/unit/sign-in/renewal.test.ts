import { afterAll, beforeEach, expect, it } from 'vitest';
import { SetClock } from '../../../src/clock.ts';
import type { Sql } from '../../../src/database/sql.ts';
import { HubError } from '../../../src/errors.ts';
import { type DeskSessionKnown, DeskSessions } from '../../../src/sign-in/desk-sessions.ts';
import { IssuerClient } from '../../../src/sign-in/issuer-client.ts';
import { Renewal, tokenIn } from '../../../src/sign-in/renewal.ts';
import { Sealed } from '../../../src/sign-in/sealed.ts';
import { startFalseIssuer } from '../../support/sign-in/false-issuer.ts';

/** Renewing one session at an issuer of lies, over a PostgreSQL that may be away. */
const liar = await startFalseIssuer();
afterAll(() => liar.close());
const sealed = new Sealed(liar.client.secret);
const OF = { use: 'refresh', of: 'one' } as const;

/** A hub that knows one session, whose time to be renewed has come. */
async function hub(secret = sealed) {
  const refreshToken = await secret.seal({ token: 'before' }, OF);
  const clock = new SetClock('2026-06-05T08:00:00Z');
  const told = { errors: [] as unknown[], refused: 0, kept: [] as unknown[][], away: 0, ended: 0, postponed: 0 };
  const sql = (async (text: string, values: unknown[]) => {
    if (text.includes('renewing_until = $3')) return [{ refreshToken }];
    if (text.includes('refresh_token = $2')) {
      if (told.away > 0) {
        told.away -= 1;
        throw new HubError('UNAVAILABLE', 'away');
      }
      told.kept.push(values);
    }
    if (text.includes('ended_at = $2')) told.ended += 1;
    if (text.includes('set renew_at = $2')) told.postponed += 1;
    return [];
  }) as unknown as Sql;
  const onError = (error: unknown) => void told.errors.push(error);
  const sessions = new DeskSessions({ sql, clock, times: { idleMinutes: 120, longestHours: 12 }, onError });
  sessions.close();
  const issuer = new IssuerClient(liar.client, 'http://localhost:4000');
  const onRefused = () => {
    told.refused += 1;
  };
  const renewal = new Renewal({ sql, clock, sessions, issuer, sealed, onError, onRefused });
  const session: DeskSessionKnown = {
    ...{ id: 'one', issuer: liar.url, subject: 'anne', name: 'Anne', signs: [] },
    ...{ seenAt: clock.now().getTime(), endsAt: clock.now().getTime() + 3_600_000, renewAt: clock.now().getTime() },
  };
  return { renewal, session, told };
}

beforeEach(() => {
  liar.lies = { tokens: { refresh_token: 'after' } };
  liar.asked.length = 0;
});

it('shows the issuer the token that was kept, and keeps what comes instead, however long PostgreSQL is away', async () => {
  const { renewal, session, told } = await hub();
  told.away = 3;
  // Asked again and again meanwhile, as by requests.
  for (let times = 0; times < 5; times += 1) renewal.look(session);
  await expect.poll(() => told.kept.length).toBe(1);
  expect(liar.asked.map((body) => body.get('refresh_token'))).toEqual(['before']);
  const [[, refresh] = []] = told.kept;
  expect(tokenIn(await sealed.open(String(refresh), OF))).toBe('after');
  expect([told.ended, told.refused]).toEqual([0, 0]);
  expect(session.renewAt).toBe(session.seenAt + 60_000);
});

it('goes on with the token that it had where the issuer gives no other', async () => {
  liar.lies = {};
  const { renewal, session, told } = await hub();
  renewal.look(session);
  await expect.poll(() => told.kept.length).toBe(1);
  expect(tokenIn(await sealed.open(String(told.kept[0]?.[1]), OF))).toBe('before');
});

it('ends the session where the issuer vouches for somebody else, or the token is of another secret', async () => {
  liar.lies = { claims: { sub: 'mallory' } };
  const first = await hub();
  first.renewal.look(first.session);
  await expect.poll(() => first.told.refused).toBe(1);
  liar.lies = {};
  const second = await hub(new Sealed('the-secret-of-last-year'));
  second.renewal.look(second.session);
  await expect.poll(() => second.told.refused).toBe(1);
  expect([first.told.ended, second.told.ended, first.told.kept, second.told.kept]).toEqual([1, 1, [], []]);
});

it('puts it off where the answer does not hold, with no token in what it tells', async () => {
  liar.lies = { claims: { aud: 'other' }, tokens: { refresh_token: 'stolen-later' } };
  const { renewal, session, told } = await hub();
  renewal.look(session);
  await expect.poll(() => told.postponed).toBe(1);
  await expect.poll(() => told.errors.length).toBe(1);
  expect(told.errors[0]).toBeInstanceOf(HubError);
  expect(JSON.stringify(told.errors[0], Object.getOwnPropertyNames(told.errors[0]))).not.toContain('stolen-later');
  expect([told.ended, told.kept]).toEqual([0, []]);
});

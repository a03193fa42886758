import { PassThrough } from 'node:stream';
import { pino } from 'pino';
import { afterAll, describe, expect, it } from 'vitest';
import { SetClock } from '../../../src/clock.ts';
import {
  codeIn,
  confirmPoint,
  knowCode,
  mailTo,
  pointInput,
  pointsOf,
  removePoint,
  savePoint,
} from '../../support/crisis-cell/contact-desk.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { refusal } from '../../support/desk/desk.ts';
import { startHub, tokens } from '../../support/hub/hub.ts';
import { mailBy } from '../../support/institutions/mail-desk.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { startMailServer } from '../../support/receivers/mail-server.ts';

/** Contact points of people: added, confirmed by a code, changed and removed, each by its person alone. */
const { url } = await testDatabase();
const relay = await startMailServer({ closes: afterAll });
const clock = new SetClock(new Date());
const printed = new PassThrough();
let log = '';
printed.on('data', (chunk: Buffer) => {
  log += chunk.toString();
});
const hub = await startHub({ url, clock, logger: pino({ level: 'trace' }, printed), more: { mail: mailBy(relay) } });
const withoutMail = await startHub({ url });
afterAll(async () => {
  await withoutMail.close();
  await hub.close();
});
const pass = (minutes: number) => clock.set(new Date(clock.now().getTime() + minutes * 60_000));
const rows = (query: string, ...values: unknown[]) =>
  withSession(url, async (session) => (await session.query(query, values)).rows as Record<string, unknown>[]);

describe('a contact point', () => {
  it('is confirmed by the code that comes there, and only then', async () => {
    const address = 'eleonore.canari@essonne.example';
    const made = await savePoint(hub, 'editor', pointInput(address));
    expect(made).toMatchObject({ version: 1, way: 'EMAIL', label: 'Astreinte', address, confirmedAt: null });
    const [letter] = await mailTo(relay, address, 1);
    expect(letter).toMatchObject({ subject: 'Tocsin 91 : votre code', references: [] });
    expect(letter!.headers['list-unsubscribe']).toBeUndefined();
    expect((await refusal(confirmPoint(hub, 'editor', made.id, '0000 0000'))).code).toBe('INVALID_INPUT');
    expect(await confirmPoint(hub, 'editor', made.id, codeIn(letter!))).toMatchObject({ version: 2, address });
    const [seen] = await pointsOf(hub, 'editor');
    expect(seen?.confirmedAt).not.toBeNull();
    expect((await refusal(confirmPoint(hub, 'editor', made.id, codeIn(letter!)))).code).toBe('WRONG_STAGE');
  });

  it('asks for a new code where its address changes, and for none where its label does', async () => {
    const [one] = await pointsOf(hub, 'editor');
    const renamed = await savePoint(hub, 'editor', {
      ...pointInput(one!.address, { label: 'Nuit' }),
      id: one!.id,
      version: 2,
    });
    expect(renamed).toMatchObject({ version: 3, label: 'Nuit', confirmedAt: one!.confirmedAt });
    const address = 'autre.canari@essonne.example';
    const moved = await savePoint(hub, 'editor', { ...pointInput(address), id: one!.id, version: 3 });
    expect(moved).toMatchObject({ version: 4, address, confirmedAt: null });
    const [letter] = await mailTo(relay, address, 1);
    await confirmPoint(hub, 'editor', one!.id, codeIn(letter!));
    expect(relay.taken.filter(({ to }) => to[0] === one!.address)).toHaveLength(1);
  });

  it('is seen, confirmed, saved and removed by its person alone, also by no ADMIN', async () => {
    const [one] = await pointsOf(hub, 'editor');
    for (const persona of ['admin', 'editor2', 'volunteer'] as const) {
      expect(await pointsOf(hub, persona)).toEqual([]);
      expect((await refusal(confirmPoint(hub, persona, one!.id, '1'))).code).toBe('NOT_FOUND');
      const input = { ...pointInput('x@essonne.example'), id: one!.id, version: one!.version };
      expect((await refusal(savePoint(hub, persona, input))).code).toBe('NOT_FOUND');
      expect((await refusal(removePoint(hub, persona, one!))).code).toBe('NOT_FOUND');
    }
    expect((await refusal(pointsOf(hub, 'marshal'))).code).toBe('FORBIDDEN');
  });

  it('stands with its address in no log, audit entry or figure', async () => {
    const audit = JSON.stringify(await rows('select * from audit_entry'));
    const figures = await (await fetch(`${hub.url}/metrics`)).text();
    expect(figures).toContain('tocsin_message_attempts_total{outcome="delivered"}');
    for (const text of [log, audit, figures]) expect(text).not.toMatch(/canari/);
    expect(log).not.toBe('');
  });

  it.each([
    ['DESK as its way', { way: 'DESK' }, 'input.way'],
    ['two addresses', { address: 'a@x.example, b@x.example' }, 'input.address'],
    ['an address with a line end', { address: 'a@x.example\r\nBcc: b@x.example' }, 'input.address'],
    ['NUL in its address', { address: 'a\u0000@x.example' }, 'input.address'],
    ['half a sign in its label', { label: 'a\ud800' }, 'input.label'],
    ['NUL in its label', { label: 'a\u0000' }, 'input.label'],
    ['too long a label', { label: 'x'.repeat(51) }, 'input.label'],
    ['a version without an id', { version: 1 }, 'input.version'],
  ])('with %s is refused, and says which field', async (_what, more, path) => {
    const { code, fields } = await refusal(savePoint(hub, 'checker', pointInput('c@essonne.example', more)));
    expect([code, (fields as { path: string }[]).map((fault) => fault.path)]).toEqual(['INVALID_INPUT', [path]]);
    expect(await pointsOf(hub, 'checker')).toEqual([]);
  });

  it('is one for an address, five for a person, and none where no e-mail leaves the hub', async () => {
    const { code } = await refusal(savePoint(withoutMail, 'duty', pointInput('d@essonne.example')));
    expect(code).toBe('WRONG_STAGE');
    const first = await savePoint(hub, 'duty', pointInput('d@essonne.example'));
    expect((await refusal(savePoint(hub, 'duty', pointInput('D@essonne.example')))).code).toBe('CONFLICT');
    const stale = { ...pointInput('d@essonne.example'), id: first.id, version: 7 };
    expect(await refusal(savePoint(hub, 'duty', stale))).toMatchObject({ code: 'CONFLICT', currentVersion: 1 });
    for (const count of [2, 3, 4, 5]) await savePoint(hub, 'duty', pointInput(`d${count}@essonne.example`));
    expect((await refusal(savePoint(hub, 'duty', pointInput('d6@essonne.example')))).code).toBe('WRONG_STAGE');
    await removePoint(hub, 'duty', first);
    expect(await pointsOf(hub, 'duty')).toHaveLength(4);
    const another = await refusal(savePoint(hub, 'duty', pointInput('d6@essonne.example')));
    expect(another).toMatchObject({ code: 'TOO_MANY_REQUESTS' });
    pass(61);
    await savePoint(hub, 'duty', pointInput('d6@essonne.example'));
  });

  it('that nobody confirms is deleted after a week, one of a disabled account after a month', async () => {
    const count = async (where: string) =>
      (await rows(`select count(*)::int as n from contact_point where ${where}`))[0]?.n;
    expect(await count('confirmed_at is null')).toBeGreaterThan(0);
    pass(8 * 24 * 60);
    await expect.poll(() => count('confirmed_at is null'), { timeout: PATIENCE_MS }).toBe(0);
    expect(await count('true')).toBe(1);
    const [account] = await rows('select id, version from account where id = (select account_id from contact_point)');
    await hub
      .as('admin')
      .request(
        'mutation ($id: ID!, $version: Int!) { disableAccount(id: $id, version: $version) { account { id } } }',
        account,
      );
    pass(31 * 24 * 60);
    await expect.poll(() => count('true'), { timeout: PATIENCE_MS }).toBe(0);
  });
});

describe('a code', () => {
  const answerOf = async (code: string, id: string, key?: string) => {
    const answer = await fetch(`${hub.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${tokens.validator}`,
        ...(key ? { 'idempotency-key': key } : {}),
      },
      body: JSON.stringify({
        query:
          'mutation ($id: ID!, $code: String!) { confirmContactPoint(id: $id, code: $code) { contactPoint { id } } }',
        variables: { id, code },
      }),
    });
    const { errors } = (await answer.json()) as { errors?: { extensions: { code: string } }[] };
    return errors?.[0]?.extensions.code ?? 'done';
  };

  it('may be tried five times, also by operations under a key, of which nothing else is kept', async () => {
    const { id } = await savePoint(hub, 'validator', pointInput('v@essonne.example'));
    await mailTo(relay, 'v@essonne.example', 1);
    await knowCode(url, id, '12345678');
    await rows(`update contact_point set code_expires_at = $1`, new Date(clock.now().getTime() + 60_000));
    const ends = [];
    for (let tried = 0; tried < 6; tried += 1) ends.push(await answerOf('87654321', id, `key-of-try-${tried}`));
    expect(ends).toEqual([...Array(5).fill('INVALID_INPUT'), 'WRONG_STAGE']);
    expect(await answerOf('12345678', id)).toBe('WRONG_STAGE');
  });

  it('is good for 15 minutes', async () => {
    const { id, version } = (await pointsOf(hub, 'validator'))[0]!;
    await savePoint(hub, 'validator', { ...pointInput('v@essonne.example'), id, version });
    const letters = await mailTo(relay, 'v@essonne.example', 2);
    pass(15);
    expect(await answerOf(codeIn(letters[1]!), id)).toBe('WRONG_STAGE');
  });

  it('is tried by several people at once no more often', async () => {
    const { id, version } = (await pointsOf(hub, 'validator'))[0]!;
    await savePoint(hub, 'validator', { ...pointInput('v@essonne.example'), id, version });
    await mailTo(relay, 'v@essonne.example', 3);
    const ends = await Promise.all(Array.from({ length: 30 }, () => answerOf('87654321', id)));
    expect(ends.filter((end) => end === 'INVALID_INPUT').length).toBeLessThanOrEqual(5);
    expect(new Set(ends)).not.toContain('done');
    expect(ends.filter((end) => !['INVALID_INPUT', 'WRONG_STAGE', 'CONFLICT'].includes(end))).toEqual([]);
  });
});

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/postgresql';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../../src/access/actor.ts';
import { sqlOver } from '../../../src/database/sql.ts';
import { Incident } from '../../../src/editorial/incidents/incident.entity.ts';
import { addLogLine, type NewLine, writeLine } from '../../../src/incident-log/log-line.commands.ts';
import { verifyLogs } from '../../../src/incident-log/verify-logs.queries.ts';
import { justOpened } from '../../support/crisis-cell/incident-desk.ts';
import { withSession } from '../../support/database/cluster.ts';
import { lineOf } from '../../support/desk/log-desk.ts';
import { reportDesk } from '../../support/desk/report-desk.ts';

const { url, em, person, clock, territory, pool } = await reportDesk();
const editor = await person('EDITOR');

/** Statements of the owner of the tables; `tamper` first puts the triggers out of the way. */
const asOwner = (...statements: string[]) =>
  withSession(url, async (session) => {
    for (const statement of statements) await session.query(statement);
  });
const tamper = (...statements: string[]) => asOwner('set session_replication_role = replica', ...statements);
const verify = () => withSession(url, (session) => verifyLogs(sqlOver(session)));

let incident = '';
beforeEach(async () => {
  await tamper('delete from log_words', 'delete from log_line', 'delete from log_head', 'delete from audit_entry');
  incident = randomUUID();
  const fork = em();
  fork.create(Incident, {
    id: incident,
    slug: `crue-${incident}`,
    title: 'Crue',
    openedAt: clock.now(),
    ...justOpened(),
  });
  await fork.flush();
});

const within = <T>(work: (inside: EntityManager) => Promise<T>): Promise<T> =>
  em().transactional((inside) => work(inside as EntityManager));
const add = (inside: EntityManager, more: object = {}, actor: Actor = editor, log = incident) =>
  addLogLine({ em: inside, actor, clock, territory }, { incident: log, input: lineOf(more) });
const write = (more: object = {}) => within((inside) => add(inside, more));
/** A line as a hub would write it that checks nothing. */
const unchecked = (more: Partial<NewLine>) =>
  within((inside) =>
    writeLine(inside, {
      incident,
      kind: 'FACT',
      happenedAt: clock.now(),
      writtenAt: clock.now(),
      by: editor.id,
      important: false,
      audience: 'CELL',
      corrects: null,
      dossier: null,
      report: null,
      communes: [],
      entry: null,
      words: { means: null, sender: null, recipient: null, text: 'De l’eau' },
      ...more,
    }),
  );
const numbers = async (): Promise<number[]> =>
  (await pool.query('select number from log_line where incident_id = $1 order by number', [incident])).rows.map(
    ({ number }) => number,
  );

describe('numbers of lines', () => {
  it('stay dense, in the order of commits, under 8 writers with rollbacks and long transactions (I-33)', async () => {
    let written = 0;
    let isWriting = true;
    const writer = async (number: number) => {
      for (let round = 0; round < 15; round += 1) {
        const fails = (number * 7 + round) % 4 === 0;
        await within(async (inside) => {
          await add(inside, { text: `${number}, ${round}` });
          // Some transactions stay open while others wait.
          if (round % 5 === number % 5) await sleep(10);
          if (fails) throw new Error('rolled back');
        }).then(
          () => (written += 1),
          (error: Error) => expect(error.message).toBe('rolled back'),
        );
      }
    };
    // A reader that sees a number has seen every lower one.
    const reader = async () => {
      let reads = 0;
      while (isWriting) {
        const { rows } = await pool.query(
          'select count(*)::int as lines, coalesce(max(number), 0) as highest from log_line where incident_id = $1',
          [incident],
        );
        expect(rows[0].lines).toBe(rows[0].highest);
        reads += 1;
      }
      return reads;
    };
    const reading = reader();
    await Promise.all(Array.from({ length: 8 }, (_, number) => writer(number))).finally(() => {
      isWriting = false;
    });
    expect(await reading).toBeGreaterThan(3);
    expect(await numbers()).toEqual(Array.from({ length: written }, (_, index) => index + 1));
    const { rows } = await pool.query('select written_at from log_line where incident_id = $1 order by number', [
      incident,
    ]);
    expect(rows.map(({ written_at: at }) => Number(at))).toEqual(rows.map(({ written_at: at }) => Number(at)).sort());
    expect(await verify()).toEqual({ logs: 1, lines: written, masked: 0, fault: null });
  }, 120_000);

  it('are those of each incident by itself', async () => {
    await write();
    const other = randomUUID();
    const fork = em();
    fork.create(Incident, { id: other, slug: `crue-${other}`, title: 'Crue', openedAt: clock.now(), ...justOpened() });
    await fork.flush();
    await within((inside) => add(inside, {}, editor, other));
    await write();
    expect(await numbers()).toEqual([1, 2]);
    expect(await verify()).toEqual({ logs: 2, lines: 3, masked: 0, fault: null });
  });

  it('never go with an earlier hour than the line before, whatever a clock shows', async () => {
    await write();
    await unchecked({ writtenAt: new Date(clock.now().getTime() - 60_000), happenedAt: new Date(0) });
    const { rows } = await pool.query('select written_at from log_line where incident_id = $1 order by number', [
      incident,
    ]);
    expect(rows[1].written_at).toEqual(rows[0].written_at);
  });
});

describe('PostgreSQL', () => {
  it.each([
    `update log_line set important = true`,
    `update log_line set number = 7`,
    `delete from log_line`,
    `truncate log_line cascade`,
    `truncate log_words`,
    `truncate log_head`,
    `delete from log_words`,
    `update log_words set text = 'autre'`,
    `update log_words set text = 'autre', salt = null`,
    `insert into log_line (id, incident_id, number, kind, happened_at, written_at, important, audience, communes, words_hash, hash)
       select gen_random_uuid(), incident_id, 2, 'FACT', now(), now(), false, 'CELL', '{}', '', '' from log_line`,
  ])('keeps lines and their words as they are, against the owner of the tables too: %s (I-33)', async (statement) => {
    await write();
    await expect(asOwner(statement)).rejects.toThrow(/refused|numbered/);
    expect(await verify()).toMatchObject({ lines: 1, fault: null });
  });

  it('lets no line correct one of another log, a deed, or one that was corrected (I-34)', async () => {
    const { id } = await write();
    const fork = em();
    const other = randomUUID();
    fork.create(Incident, { id: other, slug: `crue-${other}`, title: 'Crue', openedAt: clock.now(), ...justOpened() });
    await fork.flush();
    await expect(unchecked({ kind: 'CORRECTION', corrects: id, incident: other })).rejects.toThrow('of its own log');
    await unchecked({ kind: 'CORRECTION', corrects: id });
    await expect(unchecked({ kind: 'CORRECTION', corrects: id })).rejects.toThrow('log_line_corrects_unique');
    const entry = randomUUID();
    await asOwner(`insert into audit_entry (id, at, action) values ('${entry}', now(), 'STARTED')`);
    const deed = await unchecked({ kind: 'DEED', entry });
    await expect(unchecked({ kind: 'CORRECTION', corrects: deed.id })).rejects.toThrow('no deed');
    await expect(unchecked({ kind: 'FACT', corrects: deed.id })).rejects.toThrow();
    expect(await numbers()).toEqual([1, 2, 3]);
  });

  it('lets no line stand without its own words, nor a deed that is not on record (I-35)', async () => {
    const columns = 'id, incident_id, kind, happened_at, written_at, important, audience, communes, words_hash';
    const line = (hash: string) =>
      `insert into log_line (${columns}) values ('${randomUUID()}', '${incident}', 'FACT', now(), now(), false, 'CELL', '{}', '${hash}')`;
    await expect(asOwner(line(''))).rejects.toThrow('hash of its words');
    await expect(
      asOwner(
        `with line as (${line('0'.repeat(64))} returning id)
         insert into log_words (line_id, salt, text) select id, 'ab', 'De l’eau' from line`,
      ),
    ).rejects.toThrow('hash of its words');
    await expect(unchecked({ kind: 'DEED', entry: randomUUID() })).rejects.toThrow('on record');
    await expect(unchecked({ kind: 'DEED' })).rejects.toThrow('log_line_deed_check');
    expect(await numbers()).toEqual([]);
  });

  it('takes no hour later than that of writing', async () => {
    await expect(unchecked({ happenedAt: new Date(clock.now().getTime() + 1_000) })).rejects.toThrow('happened_check');
  });
});

describe('verifying', () => {
  const ofSecond = `where line_id = (select id from log_line where number = 2)`;
  it.each<[string, string, string]>([
    ['a line that was changed', `update log_line set important = true where number = 2`, 'line 2 '],
    [
      'another organisation',
      `update log_line set organisation = organisation || '{"name": "x"}' where number = 2`,
      'line 2 ',
    ],
    ['a line that is gone', `delete from log_line where number = 2`, 'line 2 is missing'],
    ['a last line that is gone', `delete from log_line where number = 3`, 'line 3 is missing'],
    ['words that were changed', `update log_words set text = 'x' ${ofSecond}`, 'the words of line 2 '],
    ['a sender that was changed', `update log_words set sender = 'x' ${ofSecond}`, 'the words of line 2 '],
    ['words that are gone', `delete from log_words ${ofSecond}`, 'the words of line 2 '],
    [
      'people taken out and not on record',
      `update log_words set salt = null, text = 'x' ${ofSecond}`,
      'people were taken out of line 2 ',
    ],
    ['another head', `update log_head set hash = 'x'`, 'line 3 is not the one'],
    ['no head', `delete from log_head`, 'has no place'],
  ])('finds %s (I-35)', async (_what, statement, fault) => {
    for (const text of ['un', 'deux', 'trois']) await write({ text, sender: 'Mairie', communes: ['91345', '91326'] });
    expect(await verify()).toEqual({ logs: 1, lines: 3, masked: 0, fault: null });
    await tamper(statement);
    expect((await verify()).fault).toContain(fault);
  });

  it('finds a whole line that somebody wrote anew with its words', async () => {
    const first = await write();
    await write();
    await tamper(
      `update log_words set salt = 'ab', text = 'x' where line_id = '${first.id}'`,
      `update log_line set words_hash = (select log_words_hash(w) from log_words w where line_id = '${first.id}') where id = '${first.id}'`,
    );
    expect((await verify()).fault).toContain('line 1 ');
  });
});

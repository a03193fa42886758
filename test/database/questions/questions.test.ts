import { describe, expect, it } from 'vitest';
import { DEPARTEMENT_ID } from '../../../src/access/organisations/organisation.rules.ts';
import { redirectQuestions } from '../../../src/questions/decide-questions.commands.ts';
import { groupQuestions } from '../../../src/questions/group-questions.commands.ts';
import { similarGroups } from '../../../src/questions/similar-questions.queries.ts';
import { erasePersonalData } from '../../../src/reports/personal/personal.commands.ts';
import { Report, ReportPersonal } from '../../../src/reports/report.entity.ts';
import { submitReport } from '../../../src/reports/submit.commands.ts';
import { NOON, reportDesk, reportOf } from '../../support/desk/report-desk.ts';

const { as, person, clock, em, pool } = await reportDesk();
const volunteer = await person('VOLUNTEER');
const checker = await person('CHECKER');

const ask = async (text = 'Est-ce fermé ? 06 12 34 56 78', more: object = {}): Promise<string> =>
  (await as(volunteer, (desk) => submitReport(desk, reportOf(text, { category: 'QUESTION', ...more })))).id;
const group = async (...reports: string[]): Promise<string> =>
  (await as(checker, (desk) => groupQuestions(desk, { reports, title: 'Est-ce fermé ?' }))).id;
const days = (count: number) => clock.set(new Date(Date.parse(NOON) + count * 86_400_000));

describe('PostgreSQL itself (I-53)', () => {
  it.each([
    ['finds no question true', `state = 'CONFIRMED', closed_at = now()`, 'report_question_check'],
    ['has none answered without a group', `state = 'ANSWERED', closed_at = now()`, 'report_answered_check'],
    ['takes no question out of its category', `category = 'Route', question_group_id = id`, 'report_grouped_check'],
    ['nor one without a category', `category = null, question_group_id = id`, 'report_grouped_check'],
  ])('%s', async (_what, change, constraint) => {
    const id = await ask();
    await expect(pool.query(`update report set ${change} where id = $1`, [id])).rejects.toMatchObject({ constraint });
  });

  it('knows of each group whether somebody decided, and how', async () => {
    const id = await group(await ask());
    for (const change of [`state = 'ANSWERED'`, `state = 'REDIRECTED'`, `state = 'DROPPED'`, `decided_at = now()`])
      await expect(pool.query(`update question_group set ${change} where id = $1`, [id])).rejects.toMatchObject({
        constraint: expect.stringContaining('question_group_'),
      });
  });
});

it('an answer anew puts off no erasure of what identifies people (I-55)', async () => {
  clock.set(NOON);
  const report = await ask();
  const id = await group(report);
  await as(checker, (desk) => redirectQuestions(desk, { id, version: 1, organisation: DEPARTEMENT_ID }));
  const { closedAt } = await em().findOneOrFail(Report, { id: report });
  days(80);
  await as(checker, (desk) => redirectQuestions(desk, { id, version: 2, organisation: DEPARTEMENT_ID }));
  expect((await em().findOneOrFail(Report, { id: report })).closedAt).toEqual(closedAt);
  expect(await em().count(ReportPersonal, { report })).toBe(1);
  days(90);
  await erasePersonalData(em(), clock.now());
  expect(await em().count(ReportPersonal, { report })).toBe(0);
});

describe('likeness', () => {
  const near = (report: string) => as(volunteer, (desk) => similarGroups(desk, report));

  it('is of words, whatever accents and endings, and of the commune', async () => {
    clock.set(NOON);
    const school = await group(await ask('Les écoles de Massy seront-elles ouvertes lundi ?', { commune: '91377' }));
    const road = await group(await ask('La N104 est-elle inondée à Corbeil ?', { commune: '91174' }));
    const asked = await ask('Est-ce que l’ecole est ouverte lundi', { commune: '91377' });
    expect((await near(asked))[0]).toBe(school);
    expect(await near(asked)).not.toContain(road);
    expect((await near(await ask('N104 inondee ?', { commune: '91174' })))[0]).toBe(road);
    expect(await near(await ask('Où donner son sang ?'))).toEqual([]);
  });

  it('is not of what was asked a month ago', async () => {
    clock.set(NOON);
    const asked = 'Quand la piscine intercommunale rouvre-t-elle ?';
    const old = await group(await ask(asked));
    expect(await near(await ask(asked))).toEqual([old]);
    days(31);
    expect(await near(await ask(asked, { seenAt: '2016-07-03T12:00:00+02:00' }))).toEqual([]);
  });

  it('has nothing of what is no question', async () => {
    const { id } = await as(volunteer, (desk) => submitReport(desk, reportOf()));
    for (const report of [id, 'nothing', '01890000-0000-7000-8000-000000000000'])
      await expect(near(report)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

import { expect, it } from 'vitest';
import type { Actor } from '../../src/access/actor.ts';
import { ROLES, type Role } from '../../src/access/actor.ts';
import { DEPARTEMENT_ID } from '../../src/access/organisations/organisation.rules.ts';
import { permits } from '../../src/access/permissions.rules.ts';
import { HubError } from '../../src/errors.ts';
import { redirectQuestions } from '../../src/questions/decide-questions.commands.ts';
import { groupQuestions } from '../../src/questions/group-questions.commands.ts';
import { readPersonalData } from '../../src/reports/personal/personal.commands.ts';
import {
  claimReport,
  concludeReport,
  dismissReport,
  escalateReport,
  markReportDuplicate,
  markReportPublic,
  reopenReport,
} from '../../src/reports/report.commands.ts';
import { Conclusion, Report, type ReportRow } from '../../src/reports/report.entity.ts';
import {
  CLOSED_STATES,
  CONCLUSIONS,
  REPORT_STATES,
  type ReportState,
  type ReportTransition,
  stateAt,
} from '../../src/reports/report.rules.ts';
import { reportViews } from '../../src/reports/report-views.queries.ts';
import type { ReportWork } from '../../src/reports/report-work.ts';
import { submitReport } from '../../src/reports/submit.commands.ts';
import { conclusionOf, NOON, reportDesk, reportOf } from '../support/desk/report-desk.ts';

const { as, person, clock, em } = await reportDesk();
const volunteer = await person('VOLUNTEER');
const volunteer2 = await person('VOLUNTEER');
const checker = await person('CHECKER');
const checker2 = await person('CHECKER');
const POINT = { lon: 2.2937, lat: 48.6936 };

const submit = (actor: Actor = volunteer) =>
  as(actor, (desk) => submitReport(desk, reportOf(undefined, { point: POINT })));
const view = async (id: string) => (await reportViews(em(), [id], clock.now()))[0]!;
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'DONE',
    (error) => (error instanceof HubError ? error.code : Promise.reject(error)),
  );
const minutes = (count: number) => clock.set(new Date(Date.parse(NOON) + count * 60_000));

/** A question whose group was sent on. */
async function answered(): Promise<ReportRow> {
  const { id } = await as(volunteer, (desk) =>
    submitReport(desk, reportOf(undefined, { category: 'question', point: POINT })),
  );
  const group = await as(checker, (desk) => groupQuestions(desk, { reports: [id], title: 'Est-ce fermé ?' }));
  const seen = { id: group.id, version: 1, organisation: DEPARTEMENT_ID };
  await as(checker, (desk) => redirectQuestions(desk, seen));
  return em().findOneOrFail(Report, { id });
}

/** A report that stands in a state, brought there by the commands themselves. */
async function reportIn(state: ReportState): Promise<ReportRow> {
  const report = await submit();
  const { id } = report;
  if (state === 'NEW') return report;
  if (state === 'ANSWERED') return answered();
  if (state === 'DUPLICATE') {
    const original = await submit();
    return as(checker, (desk) => markReportDuplicate(desk, { id, duplicateOf: original.id }));
  }
  if (state === 'NOT_USEFUL') return as(checker, (desk) => dismissReport(desk, { id, reason: 'Hors sujet' }));
  const claimed = await as(volunteer2, (desk) => claimReport(desk, { id }));
  if (state === 'CLAIMED') return claimed;
  return as(checker, (desk) => concludeReport(desk, { id, conclusion: conclusionOf(state) }));
}

const attempts: Record<ReportTransition, (desk: ReportWork, id: string, duplicateOf: string) => Promise<unknown>> = {
  claimReport: (desk, id) => claimReport(desk, { id }),
  concludeReport: (desk, id) => concludeReport(desk, { id, conclusion: conclusionOf('CONFIRMED') }),
  markReportDuplicate: (desk, id, duplicateOf) => markReportDuplicate(desk, { id, duplicateOf }),
  dismissReport: (desk, id) => dismissReport(desk, { id, reason: 'Hors sujet' }),
  escalateReport: (desk, id) => escalateReport(desk, { id }),
  reopenReport: (desk, id) => reopenReport(desk, { id, reason: 'Nouvel élément' }),
  markReportPublic: (desk, id) => markReportPublic(desk, { id, shown: true }),
};

// The table of the domain, written out a second time, so that a slip in the rules does not pass for a rule.
const OPEN: readonly ReportState[] = ['NEW', 'CLAIMED'];
const CONCLUDED: readonly ReportState[] = ['CONFIRMED', 'PARTLY_CONFIRMED', 'UNVERIFIABLE', 'REFUTED', 'OUTDATED'];
const ALLOWED: Record<ReportTransition, { from: readonly ReportState[]; roles: readonly Role[] }> = {
  claimReport: { from: OPEN, roles: ['VOLUNTEER', 'CHECKER'] },
  concludeReport: { from: ['CLAIMED'], roles: ['CHECKER'] },
  markReportDuplicate: { from: OPEN, roles: ['CHECKER'] },
  dismissReport: { from: OPEN, roles: ['CHECKER'] },
  escalateReport: { from: [...OPEN, ...CONCLUDED], roles: ['CHECKER'] },
  reopenReport: { from: [...CONCLUDED, 'DUPLICATE', 'NOT_USEFUL'], roles: ['CHECKER'] },
  markReportPublic: { from: ['CONFIRMED'], roles: ['VALIDATOR'] },
};

const people = new Map(await Promise.all(ROLES.map(async (role) => [role, await person(role)] as const)));

for (const [transition, attempt] of Object.entries(attempts) as [
  ReportTransition,
  (typeof attempts)['claimReport'],
][]) {
  const { from, roles } = ALLOWED[transition];
  const outsiders = ROLES.filter((role) => !roles.includes(role));
  const forbidden = REPORT_STATES.filter((state) => !from.includes(state));

  it(`${transition} is refused to ${outsiders.join(', ')} and to nobody in particular, in every state`, async () => {
    clock.set(NOON);
    const original = await submit();
    for (const state of REPORT_STATES) {
      const { id } = await reportIn(state);
      const before = await view(id);
      for (const role of outsiders)
        expect(await codeOf(as(people.get(role)!, (desk) => attempt(desk, id, original.id)))).toBe('FORBIDDEN');
      expect(await codeOf(as(null, (desk) => attempt(desk, id, original.id)))).toBe('UNAUTHENTICATED');
      expect(await view(id)).toEqual(before);
    }
  });

  it(`${transition} is refused from ${forbidden.join(', ')} as the wrong stage`, async () => {
    clock.set(NOON);
    const original = await submit();
    for (const state of forbidden) {
      const { id } = await reportIn(state);
      const before = await view(id);
      for (const role of roles)
        expect(await codeOf(as(people.get(role)!, (desk) => attempt(desk, id, original.id)))).toBe('WRONG_STAGE');
      expect(await view(id)).toEqual(before);
    }
  });

  it(`${transition} is possible from ${from.join(', ')}`, async () => {
    clock.set(NOON);
    const original = await submit();
    for (const state of from) {
      const { id } = await reportIn(state);
      const actor = transition === 'claimReport' && state === 'CLAIMED' ? volunteer2 : people.get(roles[0]!)!;
      expect(await codeOf(as(actor, (desk) => attempt(desk, id, original.id)))).toBe('DONE');
    }
  });

  it(`${transition} of a report that does not exist is not found`, async () => {
    const original = await submit();
    for (const id of ['01890000-0000-7000-8000-000000000000', 'nothing', ''])
      expect(await codeOf(as(people.get(roles[0]!)!, (desk) => attempt(desk, id, original.id)))).toBe('NOT_FOUND');
  });
}

it('submitReport makes a NEW report; only volunteers, checkers and marshals submit', async () => {
  clock.set(NOON);
  for (const [role, actor] of people) {
    const code = await codeOf(as(actor, (desk) => submitReport(desk, reportOf())));
    expect(code, role).toBe(['VOLUNTEER', 'CHECKER', 'MARSHAL'].includes(role) ? 'DONE' : 'FORBIDDEN');
  }
  expect(await codeOf(as(null, (desk) => submitReport(desk, reportOf())))).toBe('UNAUTHENTICATED');
  expect((await view((await submit()).id)).state).toBe('NEW');
});

it('claimReport leads from NEW to CLAIMED for 15 minutes, for all to see', async () => {
  clock.set(NOON);
  const { id } = await submit();
  await as(volunteer2, (desk) => claimReport(desk, { id }));
  expect(await view(id)).toMatchObject({
    state: 'CLAIMED',
    claimedBy: { id: volunteer2.id },
    claimedUntil: '2016-06-02T12:15:00+02:00',
  });
});

it('whoever holds a report renews the lease; nobody else claims it meanwhile', async () => {
  clock.set(NOON);
  const { id } = await submit();
  await as(volunteer2, (desk) => claimReport(desk, { id }));
  minutes(10);
  expect(await codeOf(as(checker, (desk) => claimReport(desk, { id })))).toBe('CONFLICT');
  await as(volunteer2, (desk) => claimReport(desk, { id }));
  expect((await view(id)).claimedUntil).toBe('2016-06-02T12:25:00+02:00');
  minutes(24);
  expect(await codeOf(as(checker, (desk) => claimReport(desk, { id })))).toBe('CONFLICT');
});

it('a lease that runs out leads back to NEW, and somebody else may claim', async () => {
  clock.set(NOON);
  const { id } = await submit();
  await as(volunteer2, (desk) => claimReport(desk, { id }));
  minutes(15);
  expect(await view(id)).toMatchObject({ state: 'NEW', claimedBy: null, claimedUntil: null });
  expect(await codeOf(as(checker, (desk) => concludeReport(desk, { id, conclusion: conclusionOf('CONFIRMED') })))).toBe(
    'WRONG_STAGE',
  );
  await as(checker, (desk) => claimReport(desk, { id }));
  expect((await view(id)).claimedBy?.id).toBe(checker.id);
});

it('of two volunteers who claim at once, one wins and the other is told', async () => {
  clock.set(NOON);
  for (let round = 0; round < 20; round++) {
    const { id } = await submit();
    const codes = await Promise.all(
      [volunteer, volunteer2, checker].map((actor) => codeOf(as(actor, (desk) => claimReport(desk, { id })))),
    );
    expect(codes.sort()).toEqual(['CONFLICT', 'CONFLICT', 'DONE']);
  }
});

for (const state of CONCLUSIONS)
  it(`concludeReport leads from CLAIMED to ${state}, with its evidence, its author and its time`, async () => {
    const { id } = await reportIn(state);
    expect(await view(id)).toMatchObject({
      state,
      claimedBy: null,
      conclusion: {
        state,
        by: { id: checker.id },
        explanation: 'Vérifié par appel et par photo',
        evidence: [{ label: 'Photo d’un riverain' }, { label: 'Article' }],
      },
    });
  });

it('a checker concludes what a volunteer holds', async () => {
  clock.set(NOON);
  const { id } = await reportIn('CLAIMED');
  expect(await codeOf(as(checker2, (desk) => concludeReport(desk, { id, conclusion: conclusionOf('REFUTED') })))).toBe(
    'DONE',
  );
});

it('nobody concludes on what they submitted, whatever they find', async () => {
  clock.set(NOON);
  const { id } = await submit(checker);
  await as(checker, (desk) => claimReport(desk, { id }));
  for (const state of CONCLUSIONS)
    expect(await codeOf(as(checker, (desk) => concludeReport(desk, { id, conclusion: conclusionOf(state) })))).toBe(
      'FORBIDDEN',
    );
  expect((await view(id)).state).toBe('CLAIMED');
});

it('PostgreSQL itself refuses a conclusion by the submitter', async () => {
  clock.set(NOON);
  const { id } = await submit(checker);
  const fork = em();
  const report = await fork.findOneOrFail(Report, { id });
  fork.create(Conclusion, {
    id,
    report,
    state: 'CONFIRMED',
    explanation: 'Je le dis',
    by: report.submittedBy,
    at: clock.now(),
  });
  await expect(fork.flush()).rejects.toThrow(/nobody concludes on what they submitted/);
});

it('CONFIRMED without two independent sources or an official one is refused, and nothing is written', async () => {
  clock.set(NOON);
  const { id } = await reportIn('CLAIMED');
  const weak = [[], [conclusionOf('CONFIRMED').evidence[0]!]];
  for (const evidence of weak) {
    const work = as(checker, (desk) => concludeReport(desk, { id, conclusion: conclusionOf('CONFIRMED', evidence) }));
    await expect(work).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      facts: { fields: [{ path: 'conclusion.evidence', message: expect.stringContaining('independence groups') }] },
    });
  }
  expect((await view(id)).state).toBe('CLAIMED');
});

it('one official source confirms', async () => {
  clock.set(NOON);
  const { id } = await reportIn('CLAIMED');
  const official = [{ label: 'Préfecture', url: 'https://www.essonne.gouv.fr/crue', official: true }];
  await as(checker, (desk) => concludeReport(desk, { id, conclusion: conclusionOf('CONFIRMED', official) }));
  expect((await view(id)).conclusion?.evidence).toEqual([official[0]]);
});

it('a conclusion that is not one names its faulty fields', async () => {
  clock.set(NOON);
  const { id } = await reportIn('CLAIMED');
  const bad = { state: 'NEW', explanation: ' ', evidence: [{ label: 'x', url: 'ftp://x' }] };
  const error = await as(checker, (desk) => concludeReport(desk, { id, conclusion: bad })).catch((e) => e);
  expect(error.code).toBe('INVALID_INPUT');
  expect(error.facts.fields.map(({ path }: { path: string }) => path)).toEqual([
    'conclusion.state',
    'conclusion.explanation',
    'conclusion.evidence.0.url',
  ]);
});

it('of two checkers who conclude at once, one wins', async () => {
  clock.set(NOON);
  const { id } = await reportIn('CLAIMED');
  const codes = await Promise.all(
    [checker, checker2].map((actor) =>
      codeOf(as(actor, (desk) => concludeReport(desk, { id, conclusion: conclusionOf('CONFIRMED') }))),
    ),
  );
  expect(codes.sort()).toEqual(['DONE', 'WRONG_STAGE']);
});

it('markReportDuplicate leads from NEW and CLAIMED to DUPLICATE of an original', async () => {
  clock.set(NOON);
  const original = await submit();
  for (const state of OPEN) {
    const { id } = await reportIn(state);
    await as(checker, (desk) => markReportDuplicate(desk, { id, duplicateOf: original.id }));
    expect(await view(id)).toMatchObject({ state: 'DUPLICATE', duplicateOf: original.id, claimedBy: null });
  }
});

it('nothing is a duplicate of itself, of a duplicate, or of nothing', async () => {
  clock.set(NOON);
  const { id } = await submit();
  const duplicate = await reportIn('DUPLICATE');
  expect(await codeOf(as(checker, (desk) => markReportDuplicate(desk, { id, duplicateOf: id })))).toBe('INVALID_INPUT');
  expect(await codeOf(as(checker, (desk) => markReportDuplicate(desk, { id, duplicateOf: duplicate.id })))).toBe(
    'INVALID_INPUT',
  );
  expect(await codeOf(as(checker, (desk) => markReportDuplicate(desk, { id, duplicateOf: 'nothing' })))).toBe(
    'NOT_FOUND',
  );
});

it('the duplicates of a report that becomes a duplicate point at the original', async () => {
  clock.set(NOON);
  const [first, second, third] = [await submit(), await submit(), await submit()];
  await as(checker, (desk) => markReportDuplicate(desk, { id: third.id, duplicateOf: second.id }));
  await as(checker, (desk) => markReportDuplicate(desk, { id: second.id, duplicateOf: first.id }));
  expect((await view(third.id)).duplicateOf).toBe(first.id);
});

it('of two who merge two reports crosswise at once, one wins and no circle is left', async () => {
  clock.set(NOON);
  for (let round = 0; round < 10; round++) {
    const [a, b] = [await submit(), await submit()];
    const codes = await Promise.all([
      codeOf(as(checker, (desk) => markReportDuplicate(desk, { id: a.id, duplicateOf: b.id }))),
      codeOf(as(checker2, (desk) => markReportDuplicate(desk, { id: b.id, duplicateOf: a.id }))),
    ]);
    expect(codes.sort()).toEqual(['DONE', 'INVALID_INPUT']);
  }
});

it('dismissReport leads from NEW and CLAIMED to NOT_USEFUL, with a reason', async () => {
  clock.set(NOON);
  for (const state of OPEN) {
    const { id } = await reportIn(state);
    expect(await codeOf(as(checker, (desk) => dismissReport(desk, { id, reason: '  ' })))).toBe('INVALID_INPUT');
    await as(checker, (desk) => dismissReport(desk, { id, reason: 'Hors sujet' }));
    expect(await view(id)).toMatchObject({ state: 'NOT_USEFUL', conclusion: { explanation: 'Hors sujet' } });
  }
});

it('escalateReport marks a report and leaves it where it stands', async () => {
  clock.set(NOON);
  for (const state of [...OPEN, ...CONCLUDED]) {
    const { id } = await reportIn(state);
    await as(checker, (desk) => escalateReport(desk, { id }));
    await as(checker, (desk) => escalateReport(desk, { id }));
    expect(await view(id)).toMatchObject({ state, escalated: true });
  }
});

// A question that was answered comes back by splitting its group.
for (const state of CLOSED_STATES.filter((closed) => closed !== 'ANSWERED'))
  it(`reopenReport leads from ${state} to NEW, with a reason, and the conclusion is kept`, async () => {
    clock.set(NOON);
    const { id } = await reportIn(state);
    expect(await codeOf(as(checker2, (desk) => reopenReport(desk, { id, reason: '' })))).toBe('INVALID_INPUT');
    await as(checker2, (desk) => reopenReport(desk, { id, reason: 'Nouvel élément' }));
    expect(await view(id)).toMatchObject({ state: 'NEW', conclusion: null, duplicateOf: null });
    const kept = await em().find(Conclusion, { report: id });
    expect(kept).toMatchObject([{ state, reopenReason: 'Nouvel élément', reopenedBy: { id: checker2.id } }]);
  });

it('conclusions and evidence are never deleted or changed, not even by the table’s owner', async () => {
  clock.set(NOON);
  const { id } = await reportIn('CONFIRMED');
  const connection = em().getConnection();
  for (const statement of [
    'delete from conclusion where report_id = ?',
    `update conclusion set explanation = 'autre' where report_id = ?`,
    'delete from evidence where conclusion_id in (select id from conclusion where report_id = ?)',
    `update evidence set official = true where conclusion_id in (select id from conclusion where report_id = ?)`,
  ])
    await expect(connection.execute(statement, [id]), statement).rejects.toThrow(/never|only|refused/);
  await expect(connection.execute('truncate conclusion cascade')).rejects.toThrow(/refused/);
  expect((await view(id)).conclusion?.explanation).toBe('Vérifié par appel et par photo');
});

it('a confirmed report goes on the public map and off it again; reopening takes it off', async () => {
  clock.set(NOON);
  const validator = people.get('VALIDATOR')!;
  const { id } = await reportIn('CONFIRMED');
  await as(validator, (desk) => markReportPublic(desk, { id, shown: true }));
  expect((await view(id)).markedPublic).toBe(true);
  await as(validator, (desk) => markReportPublic(desk, { id, shown: false }));
  expect((await view(id)).markedPublic).toBe(false);
  await as(validator, (desk) => markReportPublic(desk, { id, shown: true }));
  await as(checker, (desk) => reopenReport(desk, { id, reason: 'Doute' }));
  expect((await view(id)).markedPublic).toBe(false);
});

it('personal data are read by CHECKER and DUTY_OFFICER alone', async () => {
  clock.set(NOON);
  const { id } = await submit();
  for (const [role, actor] of people) {
    const code = await codeOf(as(actor, (desk) => readPersonalData(desk, { id })));
    expect(code, role).toBe(['CHECKER', 'DUTY_OFFICER'].includes(role) ? 'DONE' : 'FORBIDDEN');
    expect(permits(actor, 'readPersonalData'), role).toBe(code === 'DONE');
  }
});

it('every state that the rules name can be reached', async () => {
  clock.set(NOON);
  for (const state of REPORT_STATES) expect(stateAt(await reportIn(state), clock.now())).toBe(state);
});

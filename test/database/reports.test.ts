import { expect, it } from 'vitest';
import { deskMap, publicMap } from '../../src/reports/map/report-map.queries.ts';
import { erasePersonalData, maskPeople, readPersonalData } from '../../src/reports/personal/personal.commands.ts';
import {
  claimReport,
  concludeReport,
  dismissReport,
  markReportPublic,
  reopenReport,
} from '../../src/reports/report.commands.ts';
import { Report, ReportPersonal } from '../../src/reports/report.entity.ts';
import { reportById, reportStates, reportsPage } from '../../src/reports/report.queries.ts';
import { submitReport } from '../../src/reports/submit.commands.ts';
import { conclusionOf, NOON, reportDesk, reportOf } from '../support/desk/report-desk.ts';

const { as, person, clock, em } = await reportDesk();
const volunteer = await person('VOLUNTEER');
const checker = await person('CHECKER');
const validator = await person('VALIDATOR');
const LONGJUMEAU = { lon: 2.29371, lat: 48.69364 };

const submit = (text?: string, more?: object) => as(volunteer, (desk) => submitReport(desk, reportOf(text, more)));
const reader = (actor = volunteer as typeof volunteer | null) => ({ em: em(), actor, clock });
const found = async (search: string) =>
  (await reportsPage(reader(), { search, first: 100 })).nodes.map(({ text }) => text);
const faultsOf = (work: Promise<unknown>) =>
  work.then(
    () => [],
    (error) => error.facts.fields.map(({ path }: { path: string }) => path),
  );
const confirm = async (id: string) => {
  await as(checker, (desk) => claimReport(desk, { id }));
  await as(checker, (desk) => concludeReport(desk, { id, conclusion: conclusionOf('CONFIRMED') }));
};
const days = (count: number) => clock.set(new Date(Date.parse(NOON) + count * 86_400_000));

it('a report is stored as it was given, with the commune of its point', async () => {
  const { id } = await submit('Route coupée', {
    commune: null,
    point: LONGJUMEAU,
    category: 'Route',
    url: 'https://a.fr/x',
  });
  expect(await reportById(reader(), id)).toMatchObject({
    state: 'NEW',
    text: 'Route coupée',
    channel: 'CALL',
    url: 'https://a.fr/x',
    seenAt: '2016-06-02T12:00:00+02:00',
    commune: '91345',
    point: { type: 'Point', coordinates: [2.29371, 48.69364] },
    category: 'Route',
    submittedBy: { id: volunteer.id },
    claimedBy: null,
    escalated: false,
    conclusion: null,
  });
});

it('a former commune becomes its successor', async () => {
  const { id } = await submit('Vieux code', { commune: '91182' });
  expect((await reportById(reader(), id))?.commune).toBe('91228');
});

it('a faulty report names each field and leaves nothing behind', async () => {
  const count = await em().count(Report);
  const bad = { text: '\u0007', channel: '', url: 'javascript:alert(1)', seenAt: '2016-02-30T00:00:00Z' };
  expect(await faultsOf(as(volunteer, (desk) => submitReport(desk, bad)))).toEqual([
    'input.text',
    'input.channel',
    'input.url',
    'input.seenAt',
  ]);
  const elsewhere = reportOf('x', {
    seenAt: '2016-06-02T13:00:00+02:00',
    commune: '75056',
    point: { lon: 48.69, lat: 2.29 },
  });
  expect(await faultsOf(as(volunteer, (desk) => submitReport(desk, elsewhere)))).toEqual([
    'input.seenAt',
    'input.commune',
    'input.point',
  ]);
  expect(await em().count(Report)).toBe(count);
});

it('what identifies people is kept apart from the report (I-15)', async () => {
  const { id } = await submit('Mme Martin (06 12 34 56 78, @martin91) voit la crue', {
    url: 'https://www.facebook.com/martin91/posts/1',
    people: ['Martin'],
  });
  const view = await reportById(reader(), id);
  expect(view).toMatchObject({ text: 'Mme [personne 1] ([téléphone 1], [compte 1]) voit la crue', url: null });
  expect(await found('martin')).toEqual([]);
  expect(await as(checker, (desk) => readPersonalData(desk, { id }))).toEqual({
    captured: 'Mme Martin (06 12 34 56 78, @martin91) voit la crue',
    url: 'https://www.facebook.com/martin91/posts/1',
    items: [
      { mark: '[compte 1]', kind: 'HANDLE', value: '@martin91' },
      { mark: '[téléphone 1]', kind: 'PHONE', value: '06 12 34 56 78' },
      { mark: '[personne 1]', kind: 'PERSON', value: 'Martin' },
    ],
  });
});

it('a report without personal data has none to read', async () => {
  const { id } = await submit('Rien de personnel');
  expect(await as(checker, (desk) => readPersonalData(desk, { id }))).toBeNull();
});

it('a checker takes out a name that nobody named before', async () => {
  const { id } = await submit('Monsieur Petit, 06 12 34 56 78, voit la crue');
  await as(checker, (desk) => maskPeople(desk, { id, people: ['Petit'] }));
  expect((await reportById(reader(), id))?.text).toBe('Monsieur [personne 1], [téléphone 1], voit la crue');
  const personal = await as(checker, (desk) => readPersonalData(desk, { id }));
  expect(personal?.captured).toBe('Monsieur Petit, 06 12 34 56 78, voit la crue');
  expect(personal?.items.map(({ mark }) => mark)).toEqual(['[téléphone 1]', '[personne 1]']);
});

it('personal data are erased 90 days after closing, not a moment earlier, and not of open reports (I-15)', async () => {
  days(0);
  const closed = await submit('Appel du 06 12 34 56 78');
  const open = await submit('Appel du 06 12 34 56 78');
  const reopened = await submit('Appel du 06 12 34 56 78');
  for (const { id } of [closed, reopened])
    await as(checker, (desk) => dismissReport(desk, { id, reason: 'Faux numéro' }));
  await as(checker, (desk) => reopenReport(desk, { id: reopened.id, reason: 'Vrai numéro' }));
  const kept = async () =>
    (await em().find(ReportPersonal, { report: { $in: [closed.id, open.id, reopened.id] } })).map(
      ({ report }) => report.id,
    );
  await erasePersonalData(em(), new Date(Date.parse(NOON) + 90 * 86_400_000 - 1));
  expect(await kept()).toHaveLength(3);
  expect(await erasePersonalData(em(), new Date(Date.parse(NOON) + 90 * 86_400_000))).toBe(1);
  expect((await kept()).sort()).toEqual([open.id, reopened.id].sort());
  days(91);
  expect(await as(checker, (desk) => readPersonalData(desk, { id: closed.id }))).toBeNull();
  await expect(as(checker, (desk) => maskPeople(desk, { id: closed.id, people: ['Appel'] }))).rejects.toMatchObject({
    code: 'WRONG_STAGE',
  });
  expect((await reportById(reader(), closed.id))?.text).toBe('Appel du [téléphone 1]');
  days(0);
});

it('search finds French words whatever their accents, case and endings', async () => {
  const texts = ['La chaussée est inondée à Évry', 'Une INONDATION à Ris-Orangis', 'Un arbre est tombé à Évry'];
  for (const text of texts) await submit(text);
  expect((await found('inondations')).sort()).toEqual(texts.slice(0, 2).sort());
  expect(await found('evry inondee')).toEqual([texts[0]]);
  expect(await found('l’arbre')).toEqual([texts[2]]);
  expect((await found('INONDÉE')).sort()).toEqual(texts.slice(0, 2).sort());
  expect(await found('arbre inondation')).toEqual([]);
  expect(await found(`'); drop table report; --`)).toEqual([]);
  expect(await found('( & | ! :*')).toEqual([]);
});

it('pages follow one another, newest first, while reports come in', async () => {
  days(10);
  const mine: string[] = [];
  for (let index = 0; index < 7; index++) mine.unshift((await submit(`Page pagination ${index}`)).id);
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const page = await reportsPage(reader(), { search: 'pagination', first: 3, after });
    seen.push(...page.nodes.map(({ id }) => id));
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor() : null;
    await submit('Page pagination, venue entre-temps');
  } while (after);
  expect(seen).toEqual(mine);
  days(0);
});

it('a page that cannot be is refused by name', async () => {
  for (const first of [0, 301, 1.5]) expect(await faultsOf(reportsPage(reader(), { first }))).toEqual(['first']);
  for (const after of ['x', Buffer.from('["a","b"]').toString('base64url')])
    expect(await faultsOf(reportsPage(reader(), { first: 1, after }))).toEqual(['after']);
});

it('a claim whose lease ran out is found among the new ones, and no longer among the claimed', async () => {
  const { id } = await submit('Bail écoulé');
  await as(volunteer, (desk) => claimReport(desk, { id }));
  const among = async (states: ['NEW'] | ['CLAIMED']) =>
    (await reportsPage(reader(), { states, search: 'bail', first: 10 })).nodes.length;
  expect([await among(['NEW']), await among(['CLAIMED'])]).toEqual([0, 1]);
  clock.set(new Date(Date.parse(NOON) + 15 * 60_000));
  expect([await among(['NEW']), await among(['CLAIMED'])]).toEqual([1, 0]);
  expect((await reportStates(em(), [id], clock.now())).get(id)).toBe('NEW');
  days(0);
});

it('the states of no report are none', async () => {
  expect((await reportsPage(reader(), { states: [], first: 10 })).nodes).toEqual([]);
  expect(await reportById(reader(), 'nothing')).toBeNull();
});

it('reports are read by volunteers and staff, and by nobody else', async () => {
  for (const role of ['VOLUNTEER', 'CHECKER', 'EDITOR', 'VALIDATOR', 'DUTY_OFFICER'] as const)
    await expect(reportsPage(reader(await person(role)), { first: 1 })).resolves.toBeDefined();
  for (const role of ['SCHEDULER', 'ADMIN'] as const) {
    await expect(reportsPage(reader(await person(role)), { first: 1 })).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(deskMap(reader(await person(role)))).rejects.toMatchObject({ code: 'FORBIDDEN' });
  }
  await expect(reportsPage(reader(null), { first: 1 })).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  await expect(reportById(reader(null), 'x')).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  await expect(deskMap(reader(null))).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
});

it('the map of the desk shows reports with a point, but no duplicates and nothing useless', async () => {
  const shown = await submit('Sur la carte', { point: LONGJUMEAU });
  const useless = await submit('Hors carte', { point: LONGJUMEAU });
  await as(checker, (desk) => dismissReport(desk, { id: useless.id, reason: 'Hors sujet' }));
  const { features } = await deskMap(reader());
  expect(features.map(({ id }) => id)).toContain(shown.id);
  expect(features.map(({ id }) => id)).not.toContain(useless.id);
  expect(features.find(({ id }) => id === shown.id)?.geometry.coordinates).toEqual([2.29371, 48.69364]);
});

it('the public map holds the position, category and time of confirmed reports marked public, and nothing else', async () => {
  const { id } = await submit('Chez Mme Martin', { point: LONGJUMEAU, category: 'Inondation', people: ['Martin'] });
  const other = await submit('Autre', { point: LONGJUMEAU });
  for (const one of [id, other.id]) await confirm(one);
  expect((await publicMap(em())).features).toEqual([]);
  await as(validator, (desk) => markReportPublic(desk, { id, shown: true }));
  expect(await publicMap(em())).toEqual({
    type: 'FeatureCollection',
    features: [
      {
        type: 'Feature',
        geometry: { type: 'Point', coordinates: [2.294, 48.694] },
        properties: { category: 'Inondation', seenAt: '2016-06-02T12:00:00+02:00' },
      },
    ],
  });
});

it('a report without a point is not put on a map', async () => {
  const { id } = await submit('Quelque part');
  await confirm(id);
  await expect(as(validator, (desk) => markReportPublic(desk, { id, shown: true }))).rejects.toMatchObject({
    code: 'WRONG_STAGE',
  });
});

it('PostgreSQL itself keeps what is not confirmed off the public map', async () => {
  const { id } = await submit('Non vérifié', { point: LONGJUMEAU });
  await expect(em().nativeUpdate(Report, { id }, { markedPublic: true })).rejects.toThrow(/report_public_check/);
});

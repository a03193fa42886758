import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SetClock } from '../../../src/clock.ts';
import { idOf, onDutyOf, saveShift, shiftInput } from '../../support/crisis-cell/duty-desk.ts';
import { incidentFile, newIncident, onIncident } from '../../support/crisis-cell/incident-desk.ts';
import { answerBy, ask, groupOf, redirect } from '../../support/crisis-cell/question-desk.ts';
import { freezeNext, type SeenFigures, type SeenReport } from '../../support/crisis-cell/situation-desk.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import {
  alertInput,
  closureInput,
  correctionInput,
  draft,
  eventInput,
  hoursFromNow,
  publishNew,
  release,
  revise,
  type Written,
} from '../../support/desk/desk.ts';
import { addLine } from '../../support/desk/log-desk.ts';
import { conclusionOf, reportOf } from '../../support/desk/report-desk.ts';
import { startHub } from '../../support/hub/hub.ts';
import { PATIENCE_MS } from '../../support/patience.ts';

/** A played flood, in three situation reports: each figure is what the API itself answers for that instant. */
const { url } = await testDatabase();
const clock = new SetClock(new Date());
const hub = await startHub({ url, clock });
afterAll(() => hub.close());

const in91 = (code: string, description: string, more: object = {}) =>
  alertInput({ areas: [{ description, communes: [code] }], endsAt: hoursFromNow(100), ...more });
const headline = (text: string) => ({ texts: [{ language: 'fr-FR', headline: text, description: `${text}.` }] });

let incident = '';
let start = '';
/** The dossiers of the incident. */
const dossiers: Written[] = [];

async function publish(kind: Parameters<typeof publishNew>[1], input: object): Promise<Written> {
  const published = await publishNew(hub, kind, { ...input, incidentId: incident });
  dossiers.push(published);
  return published;
}

const change = (persona: 'validator' | 'editor', mutation: string, variables: object) =>
  hub.as(persona).request(`mutation ${mutation}`, variables);

/** The reports of the desk: one in each of a few states. */
async function reported(state: 'NEW' | 'CLAIMED' | 'CONFIRMED' | 'REFUTED'): Promise<string> {
  const submit = 'mutation ($input: FieldReportInput!) { submitReport(input: $input) { report { id } } }';
  const input = reportOf('Appelez Jean Canari au 06 12 34 56 78');
  const { submitReport } = await hub
    .as('volunteer')
    .request<{ submitReport: { report: { id: string } } }>(submit, { input });
  const { id } = submitReport.report;
  if (state === 'NEW') return id;
  await hub.as('volunteer2').request('mutation ($id: ID!) { claimReport(id: $id) { asOf } }', { id });
  if (state === 'CLAIMED') return id;
  await hub
    .as('checker')
    .request(
      'mutation ($id: ID!, $conclusion: ConclusionInput!) { concludeReport(id: $id, conclusion: $conclusion) { asOf } }',
      { id, conclusion: conclusionOf(state) },
    );
  return id;
}

interface Published {
  thread: string;
  kind: string;
  severity?: string;
  communes: { name: string; population: number | null }[];
  observed?: { state: string } | null;
}

const publications = async (states: string[], kinds: string[] | null = null): Promise<Published[]> => {
  const { found } = await hub.as().request<{ found: { nodes: Published[] } }>(
    `query ($where: PublicationFilter) { found: publications(where: $where, first: 100) { nodes {
         thread kind communes { name population } ... on AlertPublication { severity } ... on ClosurePublication { observed { state } } } } }`,
    { where: { incidents: [incident], states, ...(kinds ? { kinds } : {}) } },
  );
  return found.nodes;
};

/** How many there are of each key, for as long as the order does not matter. */
function counted<T>(items: readonly T[], keyOf: (item: T) => string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const item of items) found[keyOf(item)] = (found[keyOf(item)] ?? 0) + 1;
  return found;
}
const byKey = <T extends { count: number }>(items: readonly T[], keyOf: (item: T) => string): Record<string, number> =>
  Object.fromEntries(items.map((item) => [keyOf(item), item.count]));

/** What happened after a cursor: the threads that were published, revised, and over. */
async function since(cursor: string): Promise<Pick<SeenFigures, 'published' | 'changed' | 'ended'>> {
  const { changes } = await hub.as().request<{
    changes: { nodes: { type: string; publication: { thread: string } }[] };
  }>(
    `query ($after: Cursor, $where: ChangeFilter) {
       changes(after: $after, first: 500, where: $where) { nodes { type publication { thread } } } }`,
    { after: cursor, where: { incidents: [incident] } },
  );
  const threads = (...types: string[]) =>
    new Set(changes.nodes.filter(({ type }) => types.includes(type)).map(({ publication }) => publication.thread));
  const published = threads('PUBLISHED');
  return {
    published: published.size,
    changed: threads('UPDATED').difference(published).size,
    ended: threads('ENDED', 'ALL_CLEAR', 'CANCELLED').size,
  };
}

async function reportStates(): Promise<Record<string, number>> {
  const states = new Map<string, string>();
  for (const { id } of dossiers) {
    const { dossier } = await hub
      .as('editor')
      .request<{ dossier: { reports: { id: string; state: string }[] } }>(
        'query ($id: ID!) { dossier(id: $id) { reports { id state } } }',
        { id },
      );
    for (const report of dossier.reports) states.set(report.id, report.state);
  }
  return counted([...states.values()], (state) => state);
}

async function questions(): Promise<Record<string, number>> {
  const found = await hub.as('volunteer').request<Record<string, { totalCount: number }>>(
    `query ($incident: ID!) {
       unanswered: questionGroups(incident: $incident, states: [OPEN]) { totalCount }
       answered: questionGroups(incident: $incident, states: [ANSWERED]) { totalCount }
       outdated: questionGroups(incident: $incident, outdated: true) { totalCount }
       redirected: questionGroups(incident: $incident, states: [REDIRECTED]) { totalCount }
       toGroup: questions { totalCount } }`,
    { incident },
  );
  return Object.fromEntries(Object.entries(found).map(([name, { totalCount }]) => [name, totalCount]));
}

/** Compares every figure of a report that was just frozen with what the API answers; `from` is where the one before stood. */
async function agrees(frozen: SeenReport, from: string): Promise<void> {
  const { figures } = frozen;
  const inForce = await publications(['IN_FORCE']);
  const keyOf = ({ kind, severity }: { kind: string; severity?: string | null }) => `${kind} ${severity ?? 'none'}`;
  expect(byKey(figures.inForce, keyOf)).toEqual(counted(inForce, keyOf));
  expect(figures.upcoming).toBe((await publications(['UPCOMING'])).length);
  expect(figures).toMatchObject(await since(from));
  const communes = new Map(inForce.flatMap((one) => one.communes.map(({ name, population }) => [name, population])));
  expect(figures.communeNames).toEqual([...communes.keys()].sort((a, b) => a.localeCompare(b, 'fr')));
  expect(figures.inhabitants).toBe([...communes.values()].reduce<number>((sum, one) => sum + (one ?? Number.NaN), 0));
  const closures = inForce.filter(({ kind }) => kind === 'CLOSURE');
  const seen = counted(closures, ({ observed }) => observed?.state ?? 'UNSEEN');
  expect(figures.closures).toEqual({
    planned: closures.length,
    inPlace: seen.IN_PLACE ?? 0,
    notStarted: seen.NOT_STARTED ?? 0,
    reopened: seen.REOPENED ?? 0,
    unseen: seen.UNSEEN ?? 0,
  });
  for (const state of ['UPCOMING', 'IN_FORCE', 'ENDED', 'CANCELLED']) {
    const found = (await publications([state], ['CORRECTION'])).length;
    expect([state, figures.corrections.find((one) => one.state === state)?.count ?? 0]).toEqual([state, found]);
  }
  expect(byKey(figures.reports, ({ state }) => state)).toEqual(await reportStates());
  const desk = await hub.as('editor').request<{
    reports: { nodes: { category: string | null }[] };
    watchers: { nodes: { name: string; active: boolean; fault: string | null }[] };
  }>(
    '{ reports(states: [NEW, CLAIMED], first: 100) { nodes { category } } watchers(first: 100) { nodes { name active fault } } }',
  );
  expect(figures.reportsToCheck).toBe(desk.reports.nodes.filter(({ category }) => category !== 'QUESTION').length);
  expect(figures.questions).toEqual(await questions());
  expect(figures.sourcesAtFault).toEqual(
    desk.watchers.nodes.filter(({ active, fault }) => active && fault !== null).map(({ name }) => name),
  );
  const people = await onDutyOf(hub, incident);
  const functions = new Set(people.map(({ dutyFunction, account }) => `${dutyFunction} ${account.id}`));
  expect(byKey(figures.onDuty, (one) => one.dutyFunction)).toEqual(
    counted([...functions], (one) => one.split(' ')[0] ?? ''),
  );
  expect(figures.level).toBe((await incidentFile(hub, { id: incident }))?.level);
  const ranks = ['UNKNOWN', 'MINOR', 'MODERATE', 'SEVERE', 'EXTREME'];
  const gravest = figures.gravest.map(({ severity }) => ranks.indexOf(severity ?? ''));
  expect(gravest).toEqual([...gravest].sort((a, b) => b - a));
  expect(figures.gravest).toHaveLength(Math.min(8, inForce.length));
  expect(
    new Set(figures.gravest.map(({ thread }) => thread)).isSubsetOf(new Set(inForce.map((one) => one.thread))),
  ).toBe(true);
  const { log, changes } = await hub.as('editor').request<{
    log: { nodes: { number: number }[] };
    changes: { endCursor: string };
  }>('query ($id: ID!) { log(incident: $id, first: 1) { nodes { number } } changes { endCursor } }', { id: incident });
  // Its own line came behind it.
  expect(frozen.logNumber).toBe((log.nodes[0]?.number ?? 0) - 1);
  expect(frozen.cursor).toBe(changes.endCursor);
}

beforeAll(async () => {
  const { changes } = await hub.as().request<{ changes: { endCursor: string } }>('{ changes { endCursor } }');
  start = changes.endCursor;
  incident = (await newIncident(hub, 'crue-jouee')).id;
  await onIncident(hub, 'duty', 'setIncidentLevel', { id: incident, version: 1, level: 'PARTIAL', reason: 'Crue.' });
  const [editor, checker] = [await idOf(hub, 'editor'), await idOf(hub, 'checker')];
  await saveShift(hub, shiftInput(editor, { incident }));
  await saveShift(hub, shiftInput(checker, { incident, dutyFunction: 'CHECKER' }));
  await saveShift(hub, shiftInput(editor, { incident, dutyFunction: 'CHECKER', rank: 2 }));
  await saveShift(hub, shiftInput(editor, { incident, dutyFunction: 'WATCHER', from: hoursFromNow(3) }));
  for (const name of ['Météo', 'Vigicrues', 'Presse'])
    await hub.as('editor').request('mutation ($input: WatcherInput!) { addWatcher(input: $input) { asOf } }', {
      input: { name, url: 'https://feeds.example/x', active: false },
    });
  await withSession(url, (session) =>
    session.query(
      `update watcher set fault = case name when 'Presse' then null else 'en panne' end, active = name <> 'Vigicrues',
         due_at = now() + interval '1 year', failures = 1`,
    ),
  );
}, 120_000);

describe('the figures of a situation report', () => {
  let first: SeenReport;
  let second: SeenReport;
  let ending: Written;

  it('are those of the API at its opening, of nothing yet', async () => {
    first = await freezeNext(hub, incident);
    expect(first.figures).toMatchObject({ since: null, published: 0, inForce: [], inhabitants: 0, gravest: [] });
    await agrees(first, start);
  });

  it('are those of the API once much is public', async () => {
    const confirmed = [await reported('CONFIRMED'), await reported('CONFIRMED')];
    const refuted = await reported('REFUTED');
    await reported('NEW');
    await reported('CLAIMED');
    await publish('Alert', in91('91345', 'Longjumeau', { severity: 'SEVERE', reportIds: [confirmed[0]] }));
    const revised = await publish('Alert', in91('91223', 'Étampes', { severity: 'SEVERE' }));
    ending = await publish('Alert', in91('91021', 'Arpajon', { severity: 'SEVERE', endsAt: hoursFromNow(5) }));
    for (const severity of ['MINOR', 'MODERATE', 'UNKNOWN'])
      await publish('Alert', in91('91421', 'Montgeron', { severity }));
    await publish('Event', eventInput({ startsAt: hoursFromNow(20), endsAt: hoursFromNow(300) }));
    for (const state of ['IN_PLACE', 'REOPENED', 'NOT_STARTED', null]) {
      const road = await publish('Closure', closureInput({ endsAt: hoursFromNow(200) }));
      if (state)
        await change(
          'editor',
          '($id: ID!, $state: ObservedState!, $at: DateTime!) { observeClosure(id: $id, state: $state, observedAt: $at) { asOf } }',
          { id: road.id, state, at: hoursFromNow(-0.5) },
        );
    }
    await publish('Closure', closureInput({ startsAt: hoursFromNow(30), endsAt: hoursFromNow(200) }));
    await publish('Correction', correctionInput({ reportIds: [confirmed[1]] }));
    const withdrawn = await publish('Correction', correctionInput());
    await change(
      'validator',
      '($id: ID!, $version: Int!) { cancelPublication(id: $id, version: $version, reason: "Erreur") { asOf } }',
      { id: withdrawn.id, version: withdrawn.version },
    );
    dossiers.push(await draft(hub, 'Correction', correctionInput({ reportIds: [refuted], incidentId: incident })));
    await release(hub, await revise(hub, 'Alert', revised, { ...in91('91223', 'Étampes'), incidentId: incident }));
    await ask(hub);
    await groupOf(hub, { incident });
    await redirect(hub, await groupOf(hub, { incident }));
    await answerBy(hub, await groupOf(hub, { incident }), revised.id);
    await answerBy(hub, await groupOf(hub, { incident }), ending.id);
    // What is of another incident, or of none, counts nowhere.
    await groupOf(hub);
    await publishNew(hub, 'Alert', in91('91228', 'Évry', { incidentId: (await newIncident(hub, 'ailleurs')).id }));
    await publishNew(hub, 'Alert', in91('91228', 'Évry'));
    await addLine(hub, incident);
    second = await freezeNext(hub, incident);
    expect(second.figures).toMatchObject({
      since: first.asOf,
      published: 14,
      changed: 0,
      ended: 1,
      closures: { planned: 4, inPlace: 1, notStarted: 1, reopened: 1, unseen: 1 },
      reports: [
        { state: 'CONFIRMED', count: 2 },
        { state: 'REFUTED', count: 1 },
      ],
      reportsToCheck: 2,
      questions: { unanswered: 1, answered: 2, outdated: 0, redirected: 1, toGroup: 1 },
      sourcesAtFault: ['Météo'],
      onDuty: [
        { dutyFunction: 'LEAD', count: 1 },
        { dutyFunction: 'CHECKER', count: 2 },
      ],
    });
    await agrees(second, first.cursor);
  }, 120_000);

  it('count an end once, whether the journal has announced it or not', async () => {
    const seen = async () => (await publications(['ENDED'])).some(({ thread }) => thread === ending.id);
    clock.set(new Date(hoursFromNow(6)));
    const third = await freezeNext(hub, incident);
    expect(third.figures).toMatchObject({ since: second.asOf, published: 0, changed: 0, ended: 1 });
    expect(third.figures.questions).toMatchObject({ answered: 2, outdated: 1 });
    await expect.poll(seen, { timeout: PATIENCE_MS }).toBe(true);
    await expect.poll(async () => (await since(second.cursor)).ended, { timeout: PATIENCE_MS }).toBe(1);
    const fourth = await freezeNext(hub, incident);
    expect(fourth.figures).toMatchObject({ since: third.asOf, published: 0, changed: 0, ended: 0 });
  });

  it('count from one report to the next what was revised, cleared and cancelled', async () => {
    const before = await freezeNext(hub, incident);
    const [kept, cleared, cancelled] = dossiers.filter((_, index) => index < 2).concat(dossiers[3]!);
    const release91 = async (written: Written, description: string, code: string) => {
      const { dossier } = await hub
        .as('editor')
        .request<{ dossier: Written }>('query ($id: ID!) { dossier(id: $id) { id version stage } }', {
          id: written.id,
        });
      const input = { ...in91(code, description, { urgency: 'FUTURE' }), incidentId: incident };
      return release(hub, await revise(hub, 'Alert', dossier, input));
    };
    const revised = await release91(kept!, 'Longjumeau', '91345');
    await release91(revised, 'Le bas de Longjumeau', '91345');
    const versionOf = async (id: string) => {
      const { dossier } = await hub
        .as('editor')
        .request<{ dossier: Written }>('query ($id: ID!) { dossier(id: $id) { id version stage } }', { id });
      return { id, version: dossier.version };
    };
    await change(
      'validator',
      '($id: ID!, $version: Int!, $texts: [PublicationTextInput!]!) { giveAllClear(id: $id, version: $version, texts: $texts) { asOf } }',
      { ...(await versionOf(cleared!.id)), ...headline('Tout va bien') },
    );
    await change(
      'validator',
      '($id: ID!, $version: Int!) { cancelPublication(id: $id, version: $version, reason: "Erreur") { asOf } }',
      await versionOf(cancelled!.id),
    );
    await publish('Alert', in91('91021', 'Arpajon'));
    const after = await freezeNext(hub, incident);
    expect(after.figures).toMatchObject({ published: 1, changed: 1, ended: 2 });
    await agrees(after, before.cursor);
  }, 120_000);
});

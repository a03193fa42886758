import { parisTime } from '../../../../src/clock.ts';
import { groupOf, redirect } from '../../../support/crisis-cell/question-desk.ts';
import { conclusionOf } from '../../../support/desk/report-desk.ts';
import { type Call, type Cells, call, cell, codeIn, type MatrixDesk } from './desk.ts';
import { fieldsOf, NOTHING } from './dossier-cells.ts';
import {
  CALLERS,
  EXPORTS,
  fieldEnds,
  inFile,
  onMap,
  REPORT_DEEDS,
  REPORT_FIELDS,
  REPORT_MAPS,
  REPORT_STATES,
  type ReportState,
  reportDeedEnds,
} from './right.ts';

type Hub = MatrixDesk['hub'];
type May = Parameters<typeof reportDeedEnds>[3];

async function deed(hub: Hub, who: 'volunteer' | 'volunteer2' | 'checker', field: string, more?: [string, object]) {
  const variable = more ? `($given: ${more[0]}!)` : '';
  const { done } = await hub
    .as(who)
    .request<{ done: { report: { id: string } } }>(`mutation ${variable} { done: ${field} { report { id } } }`, {
      given: more?.[1],
    });
  return done.report.id;
}

/** Each state has a place of its own, by which a map shows its report. */
const placeOf = (state: ReportState) => ({ lon: (220 + REPORT_STATES.indexOf(state)) / 100, lat: 48.69 });

/** The same place as two cells of a file. */
const cellsOf = (state: ReportState): string => `"48,69";"${String(placeOf(state).lon).replace('.', ',')}"`;

const submit = (hub: Hub, text: string, state: ReportState = 'NEW', category?: string) => {
  const input = {
    text,
    channel: 'CALL',
    seenAt: parisTime(new Date(Date.now() - 3_600_000)),
    point: placeOf(state),
    ...(category ? { category } : {}),
  };
  return deed(hub, 'volunteer', 'submitReport(input: $given)', ['FieldReportInput', input]);
};

/** Brings a new report to a state; a claim is somebody's who is no caller. */
export async function reportIn(hub: Hub, state: ReportState, text = 'De l’eau à Longjumeau'): Promise<string> {
  if (state === 'ABSENT') return NOTHING;
  const id = await submit(hub, text, state, state === 'ANSWERED' ? 'QUESTION' : undefined);
  if (state === 'NEW') return id;
  if (state === 'ANSWERED') {
    await redirect(hub, await groupOf(hub, { reports: [id] }));
    return id;
  }
  if (state === 'DUPLICATE') {
    const original = await submit(hub, 'De l’eau');
    return deed(hub, 'checker', `markReportDuplicate(id: "${id}", duplicateOf: "${original}")`);
  }
  if (state === 'NOT_USEFUL') return deed(hub, 'checker', `dismissReport(id: "${id}", reason: "Hors sujet")`);
  await deed(hub, 'volunteer2', `claimReport(id: "${id}")`);
  if (state === 'CLAIMED') return id;
  return deed(hub, 'checker', `concludeReport(id: "${id}", conclusion: $given)`, [
    'ConclusionInput',
    conclusionOf(state),
  ]);
}

function argumentsOf(field: string, original: string): Call['given'] {
  const given: Record<string, Call['given']> = {
    concludeReport: { conclusion: ['ConclusionInput!', conclusionOf('CONFIRMED')] },
    markReportDuplicate: { duplicateOf: ['ID!', original] },
    dismissReport: { reason: ['String!', 'Hors sujet'] },
    reopenReport: { reason: ['String!', 'Autre lieu'] },
    markReportPublic: { shown: ['Boolean!', true] },
    maskPeople: { people: ['[String!]!', ['eau']] },
    adoptMessage: { hazard: ['String!', 'OET-081'] },
  };
  return given[field] ?? {};
}

const cells = Object.keys(REPORT_DEEDS).flatMap((field) => REPORT_STATES.map((state) => ({ field, state })));

export const rightReportDeeds = (may?: May): Cells =>
  new Map(
    cells.flatMap(({ field, state }) =>
      CALLERS.map((caller) => [cell(field, state, caller), reportDeedEnds(field, state, caller, may)] as const),
    ),
  );

/** Tries each deed on a report in each state as everybody. */
export async function findReportDeeds(desk: MatrixDesk): Promise<Cells> {
  const found: Cells = new Map();
  const original = await reportIn(desk.hub, 'NEW');
  const kept = new Map<ReportState, string>();
  for (const { field, state } of cells)
    for (const caller of CALLERS) {
      const id = kept.get(state) ?? (await reportIn(desk.hub, state));
      kept.set(state, id);
      const name = field === 'adoptMessage' ? 'reportId' : 'id';
      const end = await call(desk, caller, { field, given: { [name]: ['ID!', id], ...argumentsOf(field, original) } });
      if (end === 'done') kept.delete(state);
      found.set(cell(field, state, caller), end);
    }
  return found;
}

const NESTED = [
  'claimedBy',
  'commune',
  'conclusion',
  'dossiers',
  'duplicateOf',
  'flash',
  'origin',
  'pictures',
  'questionGroup',
  'submittedBy',
];
const REPORT_QUERY = `query ($id: ID!) { ${REPORT_FIELDS.map(
  (field) => `${field}: report(id: $id) { ${field}${NESTED.includes(field) ? ' { __typename }' : ''} }`,
).join(' ')} }`;

const shownCells = (
  each: (state: ReportState, caller: (typeof CALLERS)[number]) => [field: string, end: string][],
): Cells =>
  new Map(
    REPORT_STATES.flatMap((state) =>
      CALLERS.flatMap((caller) =>
        each(state, caller).map(([field, end]) => [cell(field, state, caller), end] as const),
      ),
    ),
  );

const FILE = EXPORTS.exportReports ?? '';

export const rightReportReads = (may?: May): Cells =>
  shownCells((state, caller) => [
    ...REPORT_FIELDS.map((field): [string, string] => [
      `FieldReport.${field}`,
      fieldEnds('report', state, caller, may),
    ]),
    ...REPORT_MAPS.map((map): [string, string] => [map, onMap(map, state, caller, may)]),
    [FILE, inFile(state, caller, may)],
  ]);

/** Asks for each field of a report in each state, and looks at the maps of reports, as everybody. */
export async function findReportReads(desk: MatrixDesk): Promise<Cells> {
  const found: Cells = new Map();
  const ids = new Map<ReportState, string>();
  for (const state of REPORT_STATES) ids.set(state, await reportIn(desk.hub, state));
  await desk.hub
    .as('validator')
    .request('mutation ($id: ID!) { markReportPublic(id: $id, shown: true) { report { id } } }', {
      id: ids.get('CONFIRMED'),
    });
  for (const caller of CALLERS) {
    for (const [state, id] of ids)
      for (const [field, end] of await fieldsOf(desk, caller, REPORT_QUERY, id))
        found.set(cell(`FieldReport.${field}`, state, caller), end);
    for (const map of [...REPORT_MAPS, FILE]) {
      const { status, text } = await page(desk, caller, map, map === FILE ? 'POST' : 'GET');
      for (const state of REPORT_STATES)
        found.set(
          cell(map, state, caller),
          status === 200
            ? text.includes(map === FILE ? cellsOf(state) : `[${placeOf(state).lon},48.69]`)
              ? 'shown'
              : 'hidden'
            : (codeIn(text) ?? String(status)),
        );
    }
  }
  return found;
}

/** Fetches a page as a caller. */
export const page = (
  desk: MatrixDesk,
  caller: (typeof CALLERS)[number],
  path: string,
  method: 'GET' | 'POST' = 'GET',
  asked?: object,
): Promise<{ status: number; text: string }> =>
  desk.attempt(async () => {
    const answer = await fetch(`${desk.hub.url}${path}`, {
      method,
      headers: { ...desk.headers(caller), ...(asked ? { 'content-type': 'application/json' } : {}) },
      ...(asked ? { body: JSON.stringify(asked) } : {}),
    });
    return { status: answer.status, text: await answer.text() };
  });

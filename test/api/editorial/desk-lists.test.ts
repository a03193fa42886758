import { randomUUID } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { type ExecutionResult, getNamedType, graphql, parse, subscribe } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { openDatabase } from '../../../src/database/connection.ts';
import { sqlOver } from '../../../src/database/sql.ts';
import { DeskChanges } from '../../../src/editorial/desk-changes/desk-changes.ts';
import { DeskFeed } from '../../../src/editorial/desk-changes/desk-feed.ts';
import { dossierFiles } from '../../../src/editorial/dossier/dossier-file.queries.ts';
import { entities } from '../../../src/entities.ts';
import { type Context, createContext } from '../../../src/graphql/context.ts';
import { Budget } from '../../../src/graphql/cost/budget.ts';
import { Loaders } from '../../../src/graphql/loaders.ts';
import { createSchema } from '../../../src/graphql/schema.ts';
import { Office } from '../../../src/office/office.ts';
import { reportViews } from '../../../src/reports/report-views.queries.ts';
import { type HubOffice, type OfficeResources, resolversOf } from '../../../src/resolvers.ts';
import { testDatabase } from '../../support/database/database.ts';
import { statementsOf } from '../../support/database/statements.ts';
import { alertInput } from '../../support/desk/desk.ts';
import { fillDesk } from '../../support/desk/full-desk.ts';
import { wholeSelection } from '../../support/generated/whole-selection.ts';
import { startHub, tokens } from '../../support/hub/hub.ts';
import { PATIENCE_MS } from '../../support/patience.ts';

const { url } = await testDatabase();
const hub = await startHub({ url });
const { reads } = hub.app;
// A pool of its own, so that nothing else is counted; of one connection, so that statements are answered in one order, and
// which of them go together does not hang on the load of the machine. A page executed for longer waits for it longer.
const database = await openDatabase({ url, entities, poolSize: 1 });
database.pool.options.connectionTimeoutMillis = PATIENCE_MS;
const statements = statementsOf(database.pool);
afterAll(async () => {
  await database.close();
  await hub.close();
});
const em = () => database.orm.em.fork() as EntityManager;
const resources = {} as OfficeResources;
const office: HubOffice = new Office({ em, clock: systemClock, resources });
const schema = createSchema(resolversOf(reads, office));
const feed = new DeskFeed(sqlOver(database.pool));
const deskChanges = new DeskChanges(office, feed);
const sources = { reads, openDeskChanges: (context: Context) => deskChanges.open(context) };
const BOUNDLESS = { nodes: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };
const editor = { id: randomUUID(), name: 'Rédaction', roles: ['EDITOR' as const] };

beforeAll(() => fillDesk(hub, url, 300), 120_000);

/** What some work answers, and how many statements it takes. */
async function counted<T>(work: () => Promise<T>): Promise<{ answer: T; statements: number }> {
  statements.length = 0;
  return { answer: await work(), statements: statements.length };
}

/** A page with every field of it selected. */
async function page(name: 'dossiers' | 'reports', first: number): Promise<object[]> {
  const selection = wholeSelection(schema, getNamedType(schema.getQueryType()!.getFields()[name]!.type));
  const { data, errors }: ExecutionResult = await graphql({
    schema,
    source: `{ page: ${name}(first: ${first})${selection} }`,
    // Every field of 300 is more than an answer may have: here its statements count.
    contextValue: { ...createContext(editor, sources), budget: new Budget(BOUNDLESS) },
  });
  expect(errors).toBeUndefined();
  return Object.values(data?.page as Record<string, object[]>)[0]!;
}

const idsOf = async (table: string): Promise<string[]> =>
  (await database.pool.query<{ id: string }>(`select id from ${table} limit 300`)).rows.map(({ id }) => id);

describe('a list of the desk', () => {
  it.each(['dossiers', 'reports'] as const)('costs as many statements for 300 %s as for 10, all told', async (name) => {
    const pages = [];
    for (const first of [10, 100, 300]) pages.push(await counted(() => page(name, first)));
    expect(pages.map(({ answer }) => answer.length)).toEqual([10, 100, 300]);
    const [few, ...more] = pages.map((one) => one.statements);
    expect(more).toEqual([few, few]);
    expect(few).toBeLessThanOrEqual(12);
    expect(JSON.stringify(pages[0]?.answer[0]).length).toBeGreaterThan(2000);
  });

  it('reads 300 dossiers by one statement, each as if it were alone', async () => {
    const ids = await idsOf('dossier');
    const all = await counted(() => dossierFiles(em(), [...ids, randomUUID(), 'no id']));
    expect([all.statements, all.answer.size]).toEqual([1, ids.length]);
    for (const id of ids.slice(0, 5)) expect((await dossierFiles(em(), [id])).get(id)).toEqual(all.answer.get(id));
  });

  it('reads 300 reports by one statement, each as if it were alone, in the order asked for', async () => {
    const ids = await idsOf('report');
    const all = await counted(() => reportViews(em(), ids, systemClock.now()));
    expect([all.statements, all.answer.map(({ id }) => id)]).toEqual([1, ids]);
    for (const view of all.answer.slice(0, 5))
      expect(await reportViews(em(), [view.id], systemClock.now())).toEqual([view]);
  });
});

describe('what is read beside a mutation', () => {
  const seen = 'id markedPublic dossiers { id lint { rule } reports { id markedPublic } }';
  interface Seen {
    id: string;
    markedPublic: boolean;
    dossiers: { id: string; reports: Omit<Seen, 'dossiers'>[] }[];
  }
  /** What a report and the dossiers that rest on it say of it. */
  const said = ({ id, markedPublic, dossiers }: Seen): boolean[] => [
    markedPublic,
    ...dossiers.flatMap(({ reports }) => reports.filter((one) => one.id === id).map((one) => one.markedPublic)),
  ];
  const restedOn = async (): Promise<string> => {
    const { rows } = await database.pool.query<{ id: string }>(
      `update report r set lon = 2.3, lat = 48.7 from dossier_report d
       where d.report_id = r.id and r.state = 'CONFIRMED' returning r.id`,
    );
    return rows[0]!.id;
  };

  it('is what the mutation left, though the same was read before in the request', async () => {
    const answer = await hub.as('validator').request<Record<'first' | 'second' | 'third', { report: Seen }>>(
      `mutation ($id: ID!) {
         first: markReportPublic(id: $id, shown: true) { report { ${seen} } }
         second: markReportPublic(id: $id, shown: false) { report { ${seen} } }
         third: markReportPublic(id: $id, shown: true) { report { ${seen} } } }`,
      { id: await restedOn() },
    );
    const { first, second, third } = answer;
    expect([first, second, third].map(({ report }) => said(report))).toEqual([
      [true, true],
      [false, false],
      [true, true],
    ]);
  });

  it('is what the transaction wrote under an Idempotency-Key, before it is committed', async () => {
    const id = await restedOn();
    const answer = await fetch(`${hub.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${tokens.editor}`,
        'idempotency-key': randomUUID(),
      },
      body: JSON.stringify({
        query: `mutation ($input: AlertInput!) { draftAlert(input: $input) { dossier { id reports { ${seen} } } } }`,
        variables: { input: alertInput({ reportIds: [id] }) },
      }),
    });
    const { data, errors } = await answer.json();
    expect(errors).toBeUndefined();
    const [report]: Seen[] = data.draftAlert.dossier.reports;
    expect(report?.dossiers.map((dossier) => dossier.id)).toContain(data.draftAlert.dossier.id);
  });
});

describe('followers of the desk', () => {
  const CHANGE = `subscription { deskChanges { at report { id }
    dossier { id stage author { name } lint { rule } preview { id } posts { url } reports { id state dossiers { id } } } } }`;

  async function follow(followers: number) {
    const loaders = new Loaders();
    const opened = await Promise.all(
      Array.from({ length: followers }, () =>
        subscribe({
          schema,
          document: parse(CHANGE),
          contextValue: createContext(editor, sources, undefined, loaders),
        }),
      ),
    );
    const changes = opened.map((one) => one as AsyncGenerator<ExecutionResult>);
    const heard = changes.map((one) => one.next());
    return { heard: () => Promise.all(heard), stop: () => Promise.all(changes.map((one) => one.return(undefined))) };
  }

  it('look a change up together: twenty of them take as many statements as one', async () => {
    const [id] = await idsOf(`dossier where kind = 'CORRECTION'`);
    const costs: number[] = [];
    for (const followers of [1, 20]) {
      const following = await follow(followers);
      await database.pool.query(
        `insert into audit_entry (id, at, action, subject) values (gen_random_uuid(), now(), 'STARTED', $1)`,
        [id],
      );
      const told = await counted(() => {
        feed.refresh();
        return following.heard();
      });
      await following.stop();
      for (const { value } of told.answer)
        expect(value).toMatchObject({ data: { deskChanges: { dossier: { id, reports: [{}, {}] } } } });
      costs.push(told.statements);
    }
    expect(costs[1]).toBe(costs[0]);
  });
});

import fc, { type Arbitrary } from 'fast-check';
import {
  defaultFieldResolver,
  type ExecutionResult,
  execute,
  type GraphQLObjectType,
  type GraphQLOutputType,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Variables } from '../../../src/api/answers/halves/publication-selection.ts';
import { SplitExecution } from '../../../src/api/answers/halves/split-execution.ts';
import { PublicVersions } from '../../../src/api/answers/public-versions.ts';
import { SetClock } from '../../../src/clock.ts';
import { createContext } from '../../../src/graphql/context.ts';
import { Documents, ReadDocument, type ReadOperation } from '../../../src/graphql/documents.ts';
import { createSchema } from '../../../src/graphql/schema.ts';
import { encodeCursor } from '../../../src/journal/cursor.rules.ts';
import type { PublicDocument } from '../../../src/publications/document.ts';
import { type HubOffice, resolversOf } from '../../../src/resolvers.ts';
import { budget } from '../../support/budget.ts';
import { withSession } from '../../support/database/cluster.ts';
import { testDatabase } from '../../support/database/database.ts';
import { Asking } from '../../support/desk/asking.ts';
import { anyDocument } from '../../support/generated/generated-documents.ts';
import { type RandomSelection, selectionsOf } from '../../support/generated/selections.ts';
import { startHub, territory } from '../../support/hub/hub.ts';
import { PATIENCE_MS } from '../../support/patience.ts';

/** How many random queries are compared; thousands by FUZZ_RUNS. */
const { numRuns: RUNS, seed = 20_160_602 } = budget(800);
/** Queries between two changes to what is public. */
const BETWEEN = 40;

const { url } = await testDatabase();
const clock = new SetClock(new Date());
const hub = await startHub({ url, demo: true, clock });
const { reads } = hub.app;
const schema = createSchema(resolversOf(reads, {} as HubOffice));
const documents = new Documents(schema, { maxTokens: 10_000 });
/** The operation of a text; undefined for a text that is not valid. */
function operationOf(query: string, name?: string): ReadOperation | undefined {
  const read = documents.read(query);
  return read instanceof ReadDocument ? read.operation(name) : undefined;
}
const split = new SplitExecution(schema, new PublicVersions(reads));
const nobody = () => createContext(null, { reads, openDeskChanges: () => Promise.reject(new Error('nobody')) });
afterAll(() => hub.close());

/** Documents of every kind beside the demo's, of which most are over and some are not. */
beforeAll(async () => {
  const soon = new Date(Date.now() + 3 * 3600_000).toISOString();
  const documents = fc
    .sample(anyDocument, { seed, numRuns: 120 })
    .filter((one) => JSON.stringify(one).length < 8_000)
    .map((one, index) =>
      index % 2 ? one : ({ ...one, endsAt: soon, startsAt: null, cancelled: null, allClear: null } as PublicDocument),
    );
  await append(documents);
}, 120_000);

/** Appends entries as publishing does, and waits until this hub shows them. */
async function append(documents: readonly PublicDocument[]): Promise<void> {
  const before = reads.journal.tail.head.position;
  await withSession(url, (session) =>
    session.query(
      `insert into journal_entry (id, position, subject, type, at, changed_fields, ring, document)
       select gen_random_uuid(), null, (d->>'id')::uuid, 'UPDATED', now(), '{texts}', false, d
       from jsonb_array_elements($1) d`,
      [JSON.stringify(documents)],
    ),
  );
  await vi.waitUntil(() => reads.journal.tail.head.position === before + documents.length, { timeout: PATIENCE_MS });
}

/** Fields that fail for some of what they are asked of: one that may be null, one that may not, one that leads to no publication. */
function failNowAndThen(type: string, name: string, fails: (parent: never, args: never) => boolean): void {
  const field = (schema.getType(type) as GraphQLObjectType).getFields()[name]!;
  const resolve = field.resolve ?? defaultFieldResolver;
  field.resolve = (parent, args, context, info) => {
    if (fails(parent as never, args as never)) throw new Error(`${type}.${name} fails`);
    return resolve(parent, args, context, info);
  };
}
failNowAndThen('PublicationText', 'instruction', ({ headline }: { headline: string }) => headline.length % 17 === 0);
failNowAndThen('PublicationSource', 'name', ({ name }: { name: string }) => name.length % 5 === 0);
failNowAndThen('Query', 'commune', (_root, { code }: { code: string }) => /^91[45]/.test(code));

const queryType = schema.getQueryType()!;
const typeOf = (field: string): GraphQLOutputType => queryType.getFields()[field]!.type;
const someIds = () => [...reads.board.all()].map(({ document }) => document.id);
const NOBODY = '00000000-0000-4000-8000-000000000000';

/** The arguments of each root field: some good, some refused, some by variables that may be missing or wrong. */
const argumentsOf = (): Record<string, Arbitrary<string>> => {
  const ids = fc.oneof(fc.constantFrom(...someIds()), fc.constantFrom(NOBODY, 'none'));
  const code = fc.constantFrom(...territory.search('', 500).map((one) => one.code));
  const page = fc.constantFrom(
    '(first: 3)',
    '(first: 10)',
    '(first: $some)',
    '',
    '(first: 1, after: "?")',
    '(first: 0)',
  );
  return {
    alerts: fc.oneof(page, fc.constantFrom('(where: $alerts)', '(where: { severityAtLeast: SEVERE }, first: 4)')),
    publications: fc.oneof(
      page,
      code.map((one) => `(where: { communes: ["${one}"] })`),
      fc.constantFrom('(where: { states: [ENDED, CANCELLED] }, first: 5)', '(where: { kinds: $kinds }, first: 6)'),
    ),
    publication: fc.oneof(
      ids.map((id) => `(id: "${id}")`),
      ids.map((id) => `(id: "${id}", at: "${clock.now().toISOString()}")`),
      ids.map((id) => `(id: "${id}@r1")`),
    ),
    situation: fc.oneof(
      code.map((one) => `(place: { commune: "${one}" })`),
      fc.constant('(place: { commune: $code })'),
    ),
    commune: fc.oneof(
      code.map((one) => `(code: "${one}")`),
      fc.constantFrom('(code: "75056")', '(code: $code)'),
    ),
    communes: fc.constantFrom('(search: "Saint", first: 3)', '(first: 300)'),
    changes: fc
      .nat(reads.journal.tail.head.position)
      .map((position) => `(after: "${encodeCursor({ epoch: reads.journal.tail.head.epoch, position })}", first: 4)`),
  };
};

const VARIABLES: Record<string, { type: string; values: readonly unknown[] }> = {
  some: { type: 'Int! = 2', values: [1, 4, undefined, null, 'two', 101] },
  alerts: { type: 'AlertFilter', values: [undefined, null, { severityAtLeast: 'MINOR' }, { search: '?' }, 3] },
  kinds: { type: '[PublicationKind!]', values: [undefined, null, ['ALERT'], 'CLOSURE', ['NONE']] },
  code: { type: 'String!', values: ['91345', '91228', 'Paris', undefined] },
};

interface Drawn {
  query: string;
  operationName: string | undefined;
  variables: Record<string, unknown>;
}

/** A query of one to three root fields; the same one twice now and then, so that what is selected has to be merged. */
const anyQuery = (): Arbitrary<Drawn> => {
  const roots = argumentsOf();
  const one = fc.constantFrom(...Object.keys(roots)).chain((name) =>
    fc.record({
      name: fc.constant(name),
      args: roots[name]!,
      selections: fc.array(selectionsOf(schema, typeOf(name), 4), { minLength: 1, maxLength: 2 }),
      asFragment: fc.boolean(),
    }),
  );
  return fc
    .record({
      fields: fc.array(one, { minLength: 1, maxLength: 3 }),
      given: fc.record(
        Object.fromEntries(Object.entries(VARIABLES).map(([name, { values }]) => [name, fc.constantFrom(...values)])),
      ),
      named: fc.constantFrom(undefined, 'One'),
    })
    .map(({ fields, given, named }) => {
      const fragments: string[] = [];
      const body = fields.flatMap(({ name, args, selections, asFragment }, at) =>
        selections.map(({ text }, part) => {
          if (!asFragment) return `r${at}: ${name}${args} ${text}`;
          fragments.push(`fragment F${at}_${part} on ${String(typeOf(name)).replace(/[[\]!]/g, '')} ${text}`);
          return `r${at}: ${name}${args} { ...F${at}_${part} }`;
        }),
      );
      const inside = Object.assign({}, ...fields.flatMap((field) => field.selections.map((one) => one.variables)));
      return assemble({ body, fragments, inside, given, named });
    });
};

interface Parts {
  body: readonly string[];
  fragments: readonly string[];
  inside: RandomSelection['variables'];
  given: Record<string, unknown>;
  named: string | undefined;
}

function assemble({ body, fragments, inside, given, named }: Parts): Drawn {
  const text = `{ ${body.join(' ')} }`;
  const declared = [
    ...Object.entries(inside).map(([name, { type }]) => `$${name}: ${type}`),
    ...Object.entries(VARIABLES)
      .filter(([name]) => new RegExp(`\\$${name}\\b`).test(text))
      .map(([name, { type }]) => `$${name}: ${type}`),
  ];
  const head = `query ${named ?? ''} ${declared.length > 0 ? `(${declared.join(', ')})` : ''}`;
  const other = named ? 'query Other { __typename }' : '';
  return {
    query: `${head} ${text} ${fragments.join(' ')} ${other}`,
    operationName: named,
    variables: Object.fromEntries(
      [
        ...Object.entries(inside).map(([name, { value, given }]) => [name, given ? value : undefined]),
        ...Object.entries(given),
      ].filter(([, value]) => value !== undefined),
    ),
  };
}

const whole = async ({ within: { document }, node }: ReadOperation, variables: Variables): Promise<ExecutionResult> =>
  execute({
    schema,
    document,
    operationName: node.name?.value,
    variableValues: variables,
    contextValue: nobody(),
  });

/** The same variables with other values, where they have any. */
const turned = (variables: Variables): Variables =>
  Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      typeof value === 'boolean' ? !value : value === 'en-GB' ? 'fr-FR' : value,
    ]),
  );

describe('an execution in two halves', () => {
  it('answers the bytes of a whole one by graphql-js, or leaves it to that where something is wrong', {
    timeout: 1_800_000,
  }, async () => {
    let [compared, answered, faulty, nulls, sample] = [0, 0, 0, 0, 0];
    const compare = async (known: ReadOperation, variables: Variables, query: string) => {
      const { head } = reads.journal.tail;
      const body = await split.run(known, variables, nobody());
      const { data, errors } = await whole(known, variables);
      // The hub's timekeeper may have told between the two what the clock has brought.
      if (reads.journal.tail.head !== head) return;
      compared += 1;
      if (body) answered += 1;
      else faulty += 1;
      if (body && JSON.stringify(data).includes('null')) nulls += 1;
      if (body) expect({ body: body.toString(), errors }, query).toEqual({ body: `${JSON.stringify({ data })}\n` });
      else expect(errors?.length, query).toBeGreaterThan(0);
    };
    const earlier: Parameters<typeof compare>[] = [];
    while (compared < RUNS) {
      sample += 1;
      const [drawn] = fc.sample(anyQuery(), { numRuns: 1, seed: seed + sample });
      if (!drawn) throw new Error('nothing drawn');
      const { query, variables } = drawn;
      const known = operationOf(query, drawn.operationName);
      if (!known) continue;
      // The same again, and with other values: what was kept of the first must not show in the second.
      await compare(known, variables, query);
      await compare(known, variables, query);
      await compare(known, turned(variables), query);
      earlier.push([known, variables, query]);
      if (sample % BETWEEN > 0) continue;
      await goOn(sample);
      for (const one of earlier.splice(0)) await compare(...one);
    }
    // Every sort of answer was met, and most were not left to a whole execution.
    expect(answered).toBeGreaterThan(compared / 3);
    expect(faulty).toBeGreaterThan(compared / 50);
    expect(nulls).toBeGreaterThan(compared / 50);
  });

  it('renders what was selected of a publication once, and anew where it follows the clock', async () => {
    const run = async (query: string) => {
      const known = operationOf(query);
      if (!known) throw new Error(query);
      const before = split.rendered;
      const again = async () => JSON.parse(String(await split.run(known, {}, nobody()))).data;
      return { again, rendered: () => split.rendered - before };
    };
    const settled = await run('{ publications(first: 20) { nodes { id text { headline } } } }');
    const first = await settled.again();
    await settled.again();
    const afterTwo = settled.rendered();
    expect(await settled.again()).toEqual(first);
    clock.set(new Date(clock.now().getTime() + 1_000));
    expect(settled.rendered()).toBe(afterTwo);
    const moving = await run('{ publications(first: 20) { nodes { id state } } }');
    await moving.again();
    await moving.again();
    const before = moving.rendered();
    await moving.again();
    expect(moving.rendered()).toBe(before);
    const [card] = [...reads.board.all()].filter(({ ends }) => Number.isFinite(ends)).sort((a, b) => a.ends - b.ends);
    clock.set(new Date(card!.ends + 1));
    await moving.again();
    expect(moving.rendered()).toBeGreaterThan(before);
  });
});

/** Time goes on, or something is changed: an end is moved, so that states change with it. */
async function goOn(sample: number): Promise<void> {
  clock.set(new Date(clock.now().getTime() + 7 * 60_000));
  const cards = [...reads.board.all()];
  const card = cards[sample % cards.length];
  if (!card) return;
  await append([{ ...card.document, endsAt: new Date(clock.now().getTime() + (sample % 90) * 60_000).toISOString() }]);
}

describe('over HTTP', () => {
  const QUERIES: { query: string; operationName?: string; variables?: object }[] = [
    { query: '{ alerts(first: 5) { totalCount asOf nodes { id state text { headline } } } }' },
    { query: 'query A { __typename } query B($n: Int!) { publications(first: $n) { nodes { kind url } } }' },
    { query: '{ situation(place: { commune: "91345" }) { stale alerts { headline: text { headline } } } }' },
    { query: '{ publications(where: { states: [ENDED] }, first: 2) { nodes { id endsAt } } }' },
    { query: '{ alerts(first: 0) { totalCount } }' },
    { query: '{ publication(id: "none") { id } }', variables: { unused: 1 } },
    { query: '{ __schema { queryType { name } } alerts { nodes { __typename } } }' },
    { query: '{ dossiers { nothing } }' },
  ];
  const OPERATIONS = [{}, { operationName: 'B', variables: { n: 3 } }, { operationName: '' }, { operationName: null }];
  const ACCEPTED = [
    undefined,
    'application/json',
    '*/*',
    'application/graphql-response+json',
    'application/graphql-response+json, application/json;q=0.5',
    'text/html',
    'application/json; callbackSpec=1.0',
    'application/json;q=0',
  ];

  it('answers what Apollo would: the same status, the same head, the same body', async () => {
    const run = vi.spyOn(SplitExecution.prototype, 'run');
    const asking = new Asking(hub.url);
    let compared = 0;
    for (const accept of ACCEPTED) {
      for (const asked of QUERIES) {
        for (const operation of OPERATIONS) {
          // A cookie passes by what is kept; extensions are never answered directly.
          const headers = { cookie: 'a=b', 'x-request-id': 'one-for-both', ...(accept ? { accept } : {}) };
          const question = { ...asked, ...operation };
          await asking.post(question, headers);
          const byApollo = await asking.post({ ...question, extensions: {} }, headers);
          const direct = await asking.post(question, headers);
          const told = ({ status, headers: { date: _date, ...head }, body }: typeof direct) => ({
            status,
            head,
            body: withoutErrorId(String(body)),
          });
          expect(told(direct), JSON.stringify({ question, accept })).toEqual(told(byApollo));
          compared += 1;
        }
      }
    }
    asking.end();
    const answers = await Promise.all(run.mock.results.map(({ value }) => value));
    run.mockRestore();
    expect(answers.filter(Boolean).length).toBeGreaterThan(compared / 3);
  });

  it('leaves to Apollo who shows a token, and what is no query', async () => {
    const run = vi.spyOn(SplitExecution.prototype, 'run');
    const asking = new Asking(hub.url);
    const question = { query: '{ alerts { totalCount } viewer { __typename } }' };
    for (const headers of [{ authorization: 'Bearer none' }, { authorization: '' }]) {
      await asking.post(question, headers);
      await asking.post(question, headers);
    }
    for (const body of [[], 3, { query: 3 }, { query: '{ alerts { totalCount } }', variables: [] }, { query: '{' }]) {
      await asking.post(body);
      await asking.post(body);
    }
    asking.end();
    expect(run).not.toHaveBeenCalled();
    run.mockRestore();
  });
});

const withoutErrorId = (body: string): string => body.replace(/"errorId":"[^"]*"/, '');

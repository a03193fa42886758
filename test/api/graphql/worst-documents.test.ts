import { type GraphQLNamedType, getNamedType, isInterfaceType, isObjectType, isRequiredArgument } from 'graphql';
import { afterAll, describe, expect, it } from 'vitest';
import costs from '../../../schema/costs.json' with { type: 'json' };
import { BoardSizes } from '../../../src/board/sizes/board-sizes.ts';
import { createContext } from '../../../src/graphql/context.ts';
import { BUDGETS, Budget } from '../../../src/graphql/cost/budget.ts';
import { executeWithin } from '../../../src/graphql/cost/execution.ts';
import { Documents, ReadDocument, type ReadOperation } from '../../../src/graphql/documents.ts';
import { LIMITS } from '../../../src/graphql/limits.ts';
import { createSchema } from '../../../src/graphql/schema.ts';
import { type HubOffice, resolversOf } from '../../../src/resolvers.ts';
import { testDatabase } from '../../support/database/database.ts';
import { alertInput, publishNew } from '../../support/desk/desk.ts';
import { startHub } from '../../support/hub/hub.ts';
import { tell } from '../../support/tell.ts';

const { url } = await testDatabase();
const hub = await startHub({ url, demo: true });
afterAll(() => hub.close());
const schema = createSchema(resolversOf(hub.app.reads, {} as HubOffice));
const codes = hub.app.reads.territory.search('', Number.POSITIVE_INFINITY).map(({ code }) => code);
const alert = await publishNew(hub, 'Alert', alertInput({ areas: [{ description: 'Partout', communes: codes }] }));

const documents = new Documents(schema, { maxTokens: LIMITS.tokens });

const SIZES: Record<string, number> = { communes: 200, changes: 500 };
const PLACES = `[${codes
  .slice(0, 20)
  .map((commune) => `{ commune: "${commune}" }`)
  .join(', ')}]`;
/** Values for the arguments that must be given. */
const REQUIRED: Record<string, string> = {
  place: `{ commune: "${codes[0]}" }`,
  places: PLACES,
  code: `"${codes[0]}"`,
  id: `"${alert.id}"`,
  network: 'BLUESKY',
  webhookId: `"${alert.id}"`,
};

/** Stands once on a path: see limits.ts. */
const ONCE = new Set(['situation', 'publications', 'incident', 'event', 'closures', 'publication', 'preview']);

/** Every field that needs no argument, on so many levels. */
function selection(type: GraphQLNamedType, levels: number, above: readonly string[] = []): string {
  if (!isObjectType(type) && !isInterfaceType(type)) return '';
  const parts = Object.values(type.getFields())
    .filter(({ name, args }) => !args.some(isRequiredArgument) && !(ONCE.has(name) && above.includes(name)))
    .filter(({ type: of }) => levels > 0 || !isObjectType(getNamedType(of)))
    .filter(({ type: of }) => !isInterfaceType(getNamedType(of)) || levels > 0)
    .map(({ name, type: of }) => `${name}${selection(getNamedType(of), levels - 1, [...above, name])}`);
  return parts.length > 0 ? ` { ${parts.join(' ')} }` : ' { __typename }';
}

const countOf = (text: string): number => text.match(/\w+/g)?.length ?? 0;

/** Each root field that everybody may ask, with all that it leads to, as large and as often as a document may hold it. */
const worst = Object.values(schema.getQueryType()?.getFields() ?? {})
  .filter(({ args }) => args.every((argument) => !isRequiredArgument(argument) || argument.name in REQUIRED))
  .map((field) => {
    const given = field.args.flatMap(({ name, ...argument }) => {
      if (name === 'first') return [`first: ${SIZES[field.name] ?? 100}`];
      return isRequiredArgument({ name, ...argument }) ? [`${name}: ${REQUIRED[name]}`] : [];
    });
    const below = [4, 3, 2, 1, 0]
      .map((levels) => selection(getNamedType(field.type), levels, [field.name]))
      .find((text) => countOf(text) < LIMITS.fields);
    const one = `${field.name}${given.length > 0 ? `(${given.join(', ')})` : ''} ${below}`;
    const times = Math.min(LIMITS.aliases, Math.floor(LIMITS.fields / (countOf(below ?? '') + 1)));
    const many = Array.from({ length: times }, (_, at) => `a${at}: ${one}`).join(' ');
    return [field.name, `{ ${many} }`, `{ ${one} }`] as const;
  });

/** The cost of a document before it is executed, and the nodes that its execution counts. */
async function counted(query: string): Promise<{ cost: number; nodes: number }> {
  const read = documents.read(query);
  if (!(read instanceof ReadDocument)) throw new Error(read.join());
  const operation = read.operation(undefined) as ReadOperation;
  const cost = operation.cost.of(new BoardSizes(hub.app.reads).now(), {});
  const budget = new Budget({ nodes: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY });
  const contextValue = { ...createContext(null, { reads: hub.app.reads }), budget };
  await executeWithin({ schema, document: read.document, contextValue });
  return { cost, nodes: budget.nodes };
}

const refused: string[] = [];

describe('the worst document of a root field', () => {
  it.each(worst)('is answered within its bytes, or refused by its budget: %s', async (name, query) => {
    const answer = await fetch(`${hub.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const text = await answer.text();
    expect(text).not.toContain('Cannot query field');
    // Escapes are not counted one by one.
    expect(text.length).toBeLessThan(1.2 * BUDGETS.public.bytes);
    if (answer.status !== 200) {
      refused.push(name);
      const { errors, data } = JSON.parse(text);
      expect(data).toBeUndefined();
      expect(errors).toHaveLength(1);
      expect(errors[0].extensions).toMatchObject({
        code: 'BAD_REQUEST',
        limit: { name: expect.stringMatching(/^(cost|nodes|bytes)$/) },
      });
    }
  });

  it.each(worst)('costs no less than its execution counts: %s', async (_name, _many, query) => {
    const { cost, nodes } = await counted(query);
    tell(`${_name}: ${cost} for ${nodes}`);
    expect(cost).toBeGreaterThanOrEqual(nodes);
    expect(nodes).toBeGreaterThan(0);
  });

  it('is one of every field, and some pass the budget', () => {
    expect(worst.length).toBeGreaterThan(15);
    expect(refused).toContain('communes');
  });
});

describe('what has to be made', () => {
  const kit = (field: string) => `{ publication(id: "${alert.id}") { relayKit { ${field} } } }`;
  const { 'Publication.relayKit': facts, ...weights } = costs.weights;
  const forms = Object.entries(weights).filter(([coordinate]) => coordinate.startsWith('RelayKit.'));
  const { Situation, SocialPost } = costs.types;

  it.each([
    ['a kit', kit('revision'), 1 + facts + 1],
    ...forms
      .filter(([coordinate]) => coordinate !== 'RelayKit.panel')
      .map(
        ([coordinate, weight]) => [coordinate, kit(coordinate.slice('RelayKit.'.length)), 1 + facts + weight] as const,
      ),
    ['RelayKit.panel', kit('panel { complete }'), 1 + facts + weights['RelayKit.panel'] + 1],
    ['posts', '{ socialPosts(network: SMS, first: 2) { nodes { url } } }', 2 + 2 * SocialPost + 2],
    ['a situation', `{ situation(place: { commune: "${codes[0]}" }) { stale } }`, 1 + Situation + 1],
    ['situations', `{ situations(places: ${PLACES}) { stale } }`, 1 + 20 * Situation + 20],
  ] as const)(
    'is counted as such before its document is executed, and while it is: %s',
    async (_what, query, weight) => {
      const { cost, nodes } = await counted(query);
      expect(nodes).toBe(weight);
      expect(cost).toBeGreaterThanOrEqual(weight);
    },
  );
});

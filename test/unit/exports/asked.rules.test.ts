import { buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { argumentsOf } from '../../../src/exports/asked.rules.ts';
import { withoutPeople } from '../../../src/exports/export.commands.ts';
import { filterWords } from '../../../src/exports/filter-words.rules.ts';

const schema = buildSchema(`
  enum State { NEW CLAIMED }
  input Near { lon: Float! lat: Float! }
  input Filter { states: [State!] near: Near search: String }
  type Query { list(where: Filter, search: String, first: Int! = 20, after: String): Int }
`);
const asked = (body: unknown) => argumentsOf(schema, 'list', body);
const faultsOf = (body: unknown) => {
  try {
    asked(body);
    return [];
  } catch (error) {
    const { code, facts } = error as { code: string; facts: { fields: { path: string; message: string }[] } };
    expect(code).toBe('INVALID_INPUT');
    return facts.fields;
  }
};

describe('what is asked of a file', () => {
  it('is what the list of the API takes, without the arguments of a page', () => {
    for (const body of [undefined, null, {}]) expect(asked(body)).toEqual({ where: null, search: null });
    const where = { states: ['NEW'], near: { lon: 2.3, lat: 48.7 } };
    expect(JSON.parse(JSON.stringify(asked({ where })))).toEqual({ where, search: null });
    // As in variables of GraphQL, one value stands for a list of one.
    expect(JSON.parse(JSON.stringify(asked({ where: { states: 'NEW' } })))).toMatchObject({
      where: { states: ['NEW'] },
    });
  });

  it.each<[string, unknown, string[]]>([
    ['a list', [], ['body']],
    ['a text', 'states', ['body']],
    ['a page', { first: 10, after: 'x' }, ['first', 'after']],
    ['an unknown argument', { state: 'NEW' }, ['state']],
    ['a property of every object', JSON.parse('{ "__proto__": 1, "constructor": 2 }'), ['__proto__', 'constructor']],
    ['an unknown value', { where: { states: ['NEW', 'OLD'] } }, ['where.states.1']],
    ['an unknown field', { where: { stat: 1 } }, ['where']],
    ['a number for a text', { search: 12 }, ['search']],
    ['a point without latitude', { where: { near: { lon: 2 } } }, ['where.near']],
  ])('names what is wrong: %s', (_what, body, paths) => {
    expect(faultsOf(body).map(({ path }) => path)).toEqual(paths);
    for (const { message } of faultsOf(body)) expect(message.length).toBeGreaterThan(5);
  });

  it('stops at a hundred faults', () => {
    const begun = performance.now();
    expect(faultsOf({ where: { states: Array.from({ length: 50_000 }, () => 'OLD') } })).toHaveLength(100);
    expect(faultsOf(Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`a${index}`, 1])))).toHaveLength(
      100,
    );
    expect(performance.now() - begun).toBeLessThan(2_000);
  });
});

describe('a filter in words', () => {
  it.each<[object, string]>([
    [{}, 'aucun'],
    [{ states: null, search: null }, 'aucun'],
    [{ states: ['NEW', 'CONFIRMED'], search: 'eau' }, 'états : Nouveau, Confirmé ; mots : « eau »'],
    [{ states: [] }, 'états : aucun'],
    [
      { where: { kinds: ['ALERT'], communes: ['91345'], severityAtLeast: 'SEVERE', near: { radiusMetres: 500 } } },
      'genres : Alerte ; communes : 91345 ; gravité au moins : Grave ; autour de : radiusMetres 500',
    ],
    [{ incident: 'toString' }, 'incident : toString'],
  ])('says %j', (filter, said) => {
    expect(filterWords(filter as Record<string, unknown>)).toBe(said);
  });

  it('ends somewhere', () => {
    expect(filterWords({ search: 'eau '.repeat(5_000) })).toHaveLength(1_001);
  });

  it('names nobody: a number that was looked for is taken out', () => {
    const filter = { search: 'appel 06 12 34 56 78', where: { search: 'jean@example.org', communes: ['91345'] } };
    expect(withoutPeople(filter)).toEqual({
      search: 'appel [téléphone 1]',
      where: { search: '[courriel 1]', communes: ['91345'] },
    });
  });
});

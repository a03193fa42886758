import { readFileSync } from 'node:fs';
import { buildSchema, extendSchema, isScalarType, isSpecifiedScalarType, Kind, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { type Block, blocksOf } from '../../support/docs/blocks.ts';
import { namesOf, namesReadIn, typesNamedIn } from '../../support/docs/foreign-names.ts';

/** Blocks that no test can run use documents and names of the schema: those are held against it. */
const sdl = readFileSync(new URL('../../../schema/schema.graphql', import.meta.url), 'utf8');
const schema = buildSchema(sdl);
const blocks = blocksOf('docs/integrations/mobile.md');
const of = (...languages: string[]): Block[] => blocks.filter(({ language }) => languages.includes(language));
const place = ({ page, line, language }: Block) => `${page}:${line} (${language})`;

/** Names of the languages and libraries, which no schema has. */
const FOREIGN: Readonly<Record<string, readonly string[]>> = {
  swift:
    `Object ObjectData SchemaConfiguration begin cancel case client data date for from jsonValue map none now object readAgain some
    subscribe subscription success unknown`.split(/\s+/),
  kotlin:
    `apollo any collect data errors extensions get isAfter now orEmpty packageName parse presentIfNotNull readAgain schemaFile set
    toFlow toInstant subscription let`.split(/\s+/),
  dart: `cache cast data graphqlTransportWs isAfter link map parse parsedData possibleTypes subProtocol subscribe toUtc variables
    where`.split(/\s+/),
};
const known = namesOf(schema);
/** Names of the page's own documents. */
const documents = of('graphql').flatMap(({ code }) => parse(code).definitions);
const ownNames = documents.flatMap((one) =>
  one.kind === Kind.FRAGMENT_DEFINITION || one.kind === Kind.OPERATION_DEFINITION ? [one.name?.value ?? ''] : [],
);

function strangersIn({ language, code }: Block): string[] {
  const generated = ownNames.flatMap((one) => [one, `${one}Subscription`, `${one}Query`]);
  const theirs = new Set([...known, ...generated, ...(FOREIGN[language] ?? [])]);
  return namesReadIn(code).filter((name) => !theirs.has(name));
}

describe('docs/integrations/mobile.md', () => {
  it.each(of('swift', 'kotlin', 'dart').map((block) => [place(block), block] as const))(
    'reads no name that neither the schema nor a library has: %s',
    (_place, block) => {
      expect(strangersIn(block)).toEqual([]);
    },
  );

  it('names no type, scalar or document of code generators that is not there', () => {
    const named = of('swift', 'kotlin', 'dart', 'yaml').flatMap(({ code }) => typesNamedIn(code));
    expect(named).toEqual(expect.arrayContaining(['Severity', 'AlertRow', 'Cursor']));
    const generated = [...ownNames, ...ownNames.flatMap((name) => [`${name}Subscription`, `${name}Query`])];
    expect(named.filter((name) => !known.has(name) && !generated.includes(name))).toEqual([]);
  });

  it('gives every scalar of the hub a type in Kotlin and in Dart', () => {
    const own = Object.values(schema.getTypeMap()).filter((type) => isScalarType(type) && !isSpecifiedScalarType(type));
    const scalars = own.map(({ name }) => name).sort();
    const yaml = typesNamedIn(of('yaml')[0]?.code ?? '');
    const kotlin = typesNamedIn(of('kotlin')[0]?.code ?? '');
    expect(yaml).toEqual(scalars);
    expect([...kotlin, 'GeoJSON'].sort()).toEqual(scalars);
  });

  it('extends types that there are, by fields that they have', () => {
    const [extension] = of('graphqls');
    const directive = parse('directive @typePolicy(keyFields: String!) on OBJECT | INTERFACE');
    const more = parse(extension?.code ?? '');
    expect(() => extendSchema(extendSchema(schema, directive), more)).not.toThrow();
    expect(more.definitions.length).toBeGreaterThan(2);
    for (const one of more.definitions) {
      if (!('name' in one) || !one.name) throw new Error('an extension without a name');
      expect(schema.getType(one.name.value)?.astNode, one.name.value).toHaveProperty('fields');
      expect(JSON.stringify(schema.getType(one.name.value)?.toConfig().astNode ?? {})).toContain('"id"');
    }
  });

  it('says which blocks were not run', () => {
    const page = readFileSync(new URL('../../../docs/integrations/mobile.md', import.meta.url), 'utf8');
    const left = blocks.filter(({ said }) => said['no-run'] !== undefined).map(({ language }) => language);
    expect([...new Set(left)].sort()).toEqual(['dart', 'graphqls', 'kotlin', 'swift', 'yaml']);
    expect(page).toContain('of Swift, Kotlin and Dart, YAML and\nGraphQL extensions of schemas were not run');
  });
});

it.each(['docs/clients.md', 'docs/integrations/mobile.md'])(
  'has only valid documents in its TypeScript: %s',
  (page) => {
    const found = blocksOf(page)
      .filter(({ language }) => language === 'ts' || language === 'js')
      .flatMap(({ code }) => [...code.matchAll(/[`'](\s*(?:query|subscription|\{)[^`']*\{[^`']*\}\s*)[`']/g)])
      .map(([, text = '']) => text);
    expect(found.length).toBeGreaterThan(0);
    for (const text of found) expect(validate(schema, parse(text)), text).toEqual([]);
  },
);

it('sees a name that the schema lost', () => {
  const block = { page: 'docs/none.md', line: 1, language: 'kotlin', said: {} };
  expect(strangersIn({ ...block, code: 'alert.onsetAt?.let { change.cursor }' })).toEqual(['onsetAt']);
  expect(
    strangersIn({ ...block, code: 'ChangesSubscription(afterCursor = Optional.presentIfNotNull(after))' }),
  ).toEqual(['afterCursor']);
});

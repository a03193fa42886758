import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { QUERIES } from '../attacks.mjs';

const root = new URL('../../../../', import.meta.url);
// The product's own graphql-js, and not the peers': a type of one is none to the other.
const { buildSchema, getNamedType, isCompositeType, isRequiredArgument } = createRequire(root)('graphql');
const schema = buildSchema(readFileSync(new URL('schema/schema.graphql', root), 'utf8'));

/** A relation stands once on a path, as limits.ts has it. */
const ONCE = new Set(['situation', 'publications', 'incident', 'event', 'closures', 'publication', 'preview']);
const LARGEST = { communes: 200, changes: 500 };
const LEVELS = [4, 3, 2, 1, 0];

/** Every field that needs no argument, on so many levels. */
function selection(type, levels, above = []) {
  if (!isCompositeType(type)) return '';
  const parts = Object.values(type.getFields()).flatMap((field) => {
    const of = getNamedType(field.type);
    const isLeftOut =
      field.args.some(isRequiredArgument) ||
      (ONCE.has(field.name) && above.includes(field.name)) ||
      (isCompositeType(of) && levels === 0);
    return isLeftOut ? [] : [`${field.name}${selection(of, levels - 1, [...above, field.name])}`];
  });
  return ` { ${parts.length > 0 ? parts.join(' ') : '__typename'} }`;
}

const wordsIn = (text) => text.match(/\w+/g)?.length ?? 0;

/** What every argument gets that a root field must have, or answers nothing without. */
const givenOf = ({ commune, communes, publication, incident, start }) => ({
  place: `{ commune: "${commune}" }`,
  places: `[${communes
    .slice(0, 20)
    .map((code) => `{ commune: "${code}" }`)
    .join(', ')}]`,
  code: `"${commune}"`,
  id: `"${publication}"`,
  network: 'BLUESKY',
  webhookId: `"${publication}"`,
  'incident.id': `"${incident}"`,
  'changes.after': `"${start}"`,
});

/** Each root field with all that it leads to: once, and as often as a document may hold it. */
export function worstDocuments(facts, limits) {
  const given = givenOf(facts);
  return Object.values(schema.getQueryType().getFields()).flatMap((field) => {
    const values = field.args.flatMap((argument) => {
      if (argument.name === 'first') return [`first: ${LARGEST[field.name] ?? 100}`];
      const value = given[`${field.name}.${argument.name}`] ?? (isRequiredArgument(argument) && given[argument.name]);
      return value ? [`${argument.name}: ${value}`] : [];
    });
    const isAsked = field.args.every(
      (argument) => !isRequiredArgument(argument) || argument.name in given || argument.name === 'first',
    );
    if (!isAsked) return [];
    const below = LEVELS.map((levels) => selection(getNamedType(field.type), levels, [field.name])).find(
      (text) => wordsIn(text) < limits.fields,
    );
    const one = `${field.name}${values.length > 0 ? `(${values.join(', ')})` : ''}${below}`;
    const times = Math.min(limits.aliases, Math.floor(limits.fields / (wordsIn(below) + 1)));
    const many = Array.from({ length: times }, (_, at) => `a${at}: ${one}`).join(' ');
    return [
      [`worst of ${field.name}`, `{ ${one} }`],
      [`worst of ${field.name}, ${times} times`, `{ ${many} }`],
    ];
  });
}

const many = (count, make) => Array.from({ length: count }, (_, at) => make(at)).join(' ');

/** Documents that are refused, each at another place: by their text, by validation, by their cost, while they run. */
const REFUSED = {
  'deep: 400 levels': `{ communes { nodes ${'{ a '.repeat(400)}${'}'.repeat(400)} } }`,
  'one field 4,000 times': `{ hazards { ${'code '.repeat(4_000)} } }`,
  '5,001 tokens': `{ ${'__typename '.repeat(5_001)} }`,
  '100 operations': many(100, (at) => `query q${at} { __typename }`),
  'relations in a circle': '{ commune(code: "91345") { situation { alerts { communes { situation { asOf } } } } } }',
  '45 fragments that spread one another': `{ ${many(45, (at) => `...f${at}`)} } ${many(45, (at) => `fragment f${at} on Query { ${many(45, (it) => `...f${it}`)} }`)}`,
  '48 fragments that spread the next twice': `{ ...f0 } ${many(48, (at) => `fragment f${at} on Query { ...f${at + 1} ...f${at + 1} }`)} fragment f48 on Query { __typename }`,
  '1,600 directives': `{ __typename ${'@a '.repeat(1_600)} }`,
  '500 unknown fields': `{ ${many(500, (at) => `communez${at}`)} }`,
  '500 unknown arguments': `{ ${many(250, (at) => `communes(zearch${at}: 1, firzt: 2) { totalCount }`)} }`,
  '290 aliases that conflict': `{ ${many(29, () => 'a: communes(first: 1) { totalCount } a: communes(first: 2) { totalCount }')} }`,
  'a text of 250 kB': `{ communes(search: "${'é'.repeat(120_000)}") { totalCount } }`,
  'comments of 250 kB': `${'#'.repeat(250_000)}\n{ __typename }`,
  'not a document': '{'.repeat(4_900),
};

/** Things that have to be made, however little is selected of them. */
const MADE = {
  'situations of every commune, 60 times': `{ ${many(60, (at) => `a${at}: communes(first: 200) { nodes { situation { stale } } }`)} }`,
  'the kits of a page': `{ ${many(5, (at) => `a${at}: publications(first: 100) { nodes { relayKit { title body spoken short segments panel { complete } } } }`)} }`,
  'the posts of every network': `{ ${schema
    .getType('SocialNetwork')
    .getValues()
    .map(({ name }) => `${name}: socialPosts(network: ${name}, first: 100) { nodes { url } }`)
    .join(' ')} }`,
};

/** All documents by name. */
export const documentsOf = (facts, limits) => ({
  ...QUERIES,
  ...Object.fromEntries(worstDocuments(facts, limits)),
  ...MADE,
  ...Object.fromEntries(Object.entries(REFUSED).map(([name, query]) => [`refused: ${name}`, query])),
});

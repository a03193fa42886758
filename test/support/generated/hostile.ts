import fc, { type Arbitrary } from 'fast-check';
import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/** Operations that fit the schema and hold what nobody sensible would send: for finding what the hub did not expect. */
export interface HostileOperation {
  name: string;
  query: string;
  variables: Record<string, unknown>;
}

export interface Known {
  ids: readonly string[];
  cursors: readonly string[];
}

const TEXTS = [
  '',
  ' ',
  '\u0000',
  'a\ud800b',
  '%',
  "'",
  '"; --',
  '91345',
  'Évry',
  'fr-FR',
  'x',
  '<b>',
  '🙂',
  '../..',
  '__proto__',
];
const TIMES = [
  '2026-01-01T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00+14:00',
  '9999-12-31T23:59:59-14:00',
  '2026-02-30T00:00:00Z',
  '2016-06-02T24:00:00Z',
  '2016-06-02T14:00:00.123456789+02:00',
  '2016-06-30T23:59:60Z',
];
const GEOMETRIES = [
  { type: 'Point', coordinates: [2.33, 48.69] },
  { type: 'Point', coordinates: [] },
  { type: 'Point', coordinates: 'x' },
  { type: 'Point' },
  { type: 'Point', coordinates: [1e308, -1e308] },
  { type: 'LineString', coordinates: [null, [2.3]] },
  {
    type: 'LineString',
    coordinates: [
      [2.364, 48.612],
      [2.396, 48.621],
    ],
  },
  { type: 'MultiLineString', coordinates: [[]] },
  { type: 'Polygon', coordinates: [] },
  {
    type: 'Polygon',
    coordinates: [
      [
        [2.3, 48.6],
        [2.4, 48.6],
        [2.4, 48.7],
        [2.3, 48.6],
      ],
    ],
  },
  {
    type: 'Polygon',
    coordinates: [
      [
        [2.3, 48.6],
        [2.4, 48.7],
        [2.4, 48.6],
        [2.3, 48.7],
        [2.3, 48.6],
      ],
    ],
  },
  {
    type: 'Polygon',
    coordinates: [
      [
        ['2.3', {}],
        [2.4, true],
        [2.4, 48.7],
        [2.3, 48.6],
      ],
    ],
  },
  { type: 'MultiPolygon', coordinates: [[[[[]]]]] },
];

function scalar(name: string, known: Known): Arbitrary<unknown> {
  const text = fc.oneof(
    fc.constantFrom(...TEXTS),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constant('y'.repeat(5_000)),
  );
  switch (name) {
    case 'Int':
      return fc.constantFrom(1, 2, 20, 0, -1, 2_147_483_647, -2_147_483_648);
    case 'Float':
      return fc.constantFrom(2.33, 48.69, 0, -0, 180, 1e308, -1e308, 5e-324);
    case 'Boolean':
      return fc.boolean();
    case 'ID':
      return fc.oneof(
        fc.constantFrom(...known.ids),
        fc.constantFrom('x', '', '\u0000', '01890000-0000-7000-8000-000000000000'),
      );
    case 'DateTime':
      return fc.constantFrom(...TIMES, new Date(Date.now() + 3_600_000).toISOString());
    case 'GeoJSON':
      return fc.constantFrom(...GEOMETRIES);
    case 'Cursor':
      return fc.oneof(fc.constantFrom(...known.cursors), text);
    case 'LanguageTag':
      return fc.oneof(fc.constantFrom('fr-FR', 'en_GB', 'EN', 'zh-Hant-TW', 'fr-FR-x-falc', 'ar', 'en_US.UTF-8'), text);
    default:
      return fc.oneof(fc.constantFrom(...known.ids, ...known.cursors), text);
  }
}

/** Values of a type: nulls where they may be, few items, fields left out. */
function valuesOf(type: GraphQLInputType, known: Known): Arbitrary<unknown> {
  if (!isNonNullType(type)) return fc.option(present(type, known), { nil: null, freq: 3 });
  return present(type.ofType, known);
}

function present(type: GraphQLInputType, known: Known): Arbitrary<unknown> {
  if (isListType(type)) return fc.array(valuesOf(type.ofType, known), { maxLength: 3 });
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map(({ name }) => name));
  if (!isInputObjectType(type)) return scalar(getNamedType(type).name, known);
  const fields = Object.values(type.getFields());
  const required = fields.filter((field) => isNonNullType(field.type) && field.defaultValue === undefined);
  return fc.record(Object.fromEntries(fields.map((field) => [field.name, valuesOf(field.type, known)])), {
    requiredKeys: required.map(({ name }) => name),
  });
}

/** Every field that needs no argument, a few levels deep; of an interface, what all its types have. */
function selection(type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type);
  if (!isObjectType(named) && !isInterfaceType(named)) return '';
  const fields = Object.values(named.getFields())
    .filter(({ args }) => args.every((arg) => !isNonNullType(arg.type) || arg.defaultValue !== undefined))
    .filter((field) => isLeafType(getNamedType(field.type)) || depth > 0)
    .map((field) => `${field.name} ${selection(field.type, depth - 1)}`);
  return `{ __typename ${fields.join(' ')} }`;
}

/** Operations on one root field: whatever its arguments may hold; answers are selected `depth` objects deep. */
export function hostileOperations(
  kind: 'query' | 'mutation',
  field: GraphQLField<unknown, unknown>,
  known: Known,
  depth = 1,
): Arbitrary<HostileOperation> {
  const declared = field.args.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
  const passed = field.args.map(({ name }) => `${name}: $${name}`).join(', ');
  const call = passed ? `${field.name}(${passed})` : field.name;
  const query = `${kind} ${declared ? `(${declared})` : ''} { ${call} ${selection(field.type, depth)} }`;
  const values = fc.record(Object.fromEntries(field.args.map(({ name, type }) => [name, valuesOf(type, known)])));
  return values.map((variables) => ({ name: field.name, query, variables }));
}

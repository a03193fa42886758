import {
  DirectiveLocation,
  GraphQLBoolean,
  GraphQLDirective,
  type GraphQLField,
  type GraphQLInputObjectType,
  GraphQLInt,
  type GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLObjectType,
  type GraphQLSchema,
  GraphQLString,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isObjectType,
} from 'graphql';
import costs from '../../../schema/costs.json' with { type: 'json' };

/** The schema's word on a field's cost, in the terms of IBM's specification of GraphQL's cost directives. */
export interface DeclaredCost {
  /** The cost of resolving it once. */
  readonly weight: number;
  /** The cost of each thing that it answers, besides: one for an item of a list, none for a thing by itself, unless its type has a cost. */
  readonly each: number;
  /** The most items that a list holds, where nobody knows better. */
  readonly assumedSize?: number;
  /** The argument that bounds it: a number, or a list with one entry for each item. */
  readonly slicedBy?: string;
  /** The cost of each field of `where` that is given: what it has the hub compare with all that is public. */
  readonly inputs?: Readonly<Record<string, number>>;
  /** The lists that this argument bounds, where they stand one level below. */
  readonly sizedFields?: readonly string[];
}

type Owner = GraphQLObjectType | GraphQLInterfaceType;

const WEIGHTS: Readonly<Record<string, number>> = costs.weights;
/** Types whose things have to be made, however little is selected of them. */
const TYPES: Readonly<Record<string, number>> = costs.types;
const INPUTS: Readonly<Record<string, number>> = costs.inputs;
const LISTS: Readonly<Record<string, number>> = costs.lists;
const SLICED_BY: Readonly<Record<string, string>> = costs.slicedBy;
const PAGE_SIZE = 'first';
const PAGE_LISTS = ['nodes', 'edges'] as const;

/** Reads from `schema/costs.json` the cost of a field, or of the same field of an interface; a connection is bounded by its `first`. */
export function declaredCost(owner: Owner, field: GraphQLField<unknown, unknown>): DeclaredCost {
  const coordinates = [owner, ...owner.getInterfaces()].map(({ name }) => `${name}.${field.name}`);
  const ofFirst = <T>(table: Readonly<Record<string, T>>): T | undefined =>
    coordinates.map((coordinate) => table[coordinate]).find((value) => value !== undefined);
  const weight = ofFirst(WEIGHTS) ?? 1;
  const isList = isListType(getNullableType(field.type));
  const cost = { weight, each: TYPES[getNamedType(field.type).name] ?? (isList ? 1 : 0) };
  if (isPaged(field)) return { ...cost, slicedBy: PAGE_SIZE, sizedFields: PAGE_LISTS, inputs: inputsOf(field) };
  if (!isList) return cost;
  const slicedBy = ofFirst(SLICED_BY);
  if (slicedBy !== undefined) return { ...cost, slicedBy };
  const assumedSize = ofFirst(LISTS);
  return assumedSize === undefined ? cost : { ...cost, assumedSize };
}

/** The argument that chooses what a list holds. */
export const WHERE = 'where';

function inputsOf({ args }: GraphQLField<unknown, unknown>): Record<string, number> {
  const type = getNamedType(args.find(({ name }) => name === WHERE)?.type);
  if (!isInputObjectType(type)) return {};
  const weighed = Object.keys(type.getFields()).map((name) => [name, INPUTS[`${type.name}.${name}`] ?? 0] as const);
  return Object.fromEntries(weighed.filter(([, weight]) => weight > 0));
}

const isPaged = ({ args, type }: GraphQLField<unknown, unknown>): boolean =>
  args.some(({ name }) => name === PAGE_SIZE) && getNamedType(type).name.endsWith('Connection');

/** The directives as the specification declares them, as far as the hub uses them. */
export const COST_DIRECTIVES = [
  new GraphQLDirective({
    name: 'cost',
    description:
      'What a field costs each time that it is resolved; 1 where nothing is said. What an input field adds to that where it is given. What each thing of a type costs, whatever is selected of it.',
    locations: [DirectiveLocation.FIELD_DEFINITION, DirectiveLocation.INPUT_FIELD_DEFINITION, DirectiveLocation.OBJECT],
    args: { weight: { type: new GraphQLNonNull(GraphQLString), description: 'A number.' } },
  }),
  new GraphQLDirective({
    name: 'listSize',
    description:
      'How many items a list may hold, for the cost of a document. The hub takes what it knows of the list now where that is less.',
    locations: [DirectiveLocation.FIELD_DEFINITION],
    args: {
      assumedSize: { type: GraphQLInt, description: 'So many.' },
      slicingArguments: {
        type: new GraphQLList(new GraphQLNonNull(GraphQLString)),
        description: 'As many as this argument says, or has entries.',
      },
      sizedFields: {
        type: new GraphQLList(new GraphQLNonNull(GraphQLString)),
        description: 'The lists below the field that are meant.',
      },
      requireOneSlicingArgument: {
        type: GraphQLBoolean,
        defaultValue: true,
        description: 'False: the argument has a default.',
      },
    },
  }),
];

const costOfWeight = (weight: number): string => `@cost(weight: "${weight}")`;

/** The directives of a field, as they are printed behind it; empty for a field that costs 1. */
function directivesOf({ weight, assumedSize, slicedBy, sizedFields }: DeclaredCost): string {
  const cost = weight === 1 ? [] : [costOfWeight(weight)];
  if (assumedSize !== undefined) return [...cost, `@listSize(assumedSize: ${assumedSize})`].join(' ');
  if (slicedBy === undefined) return cost.join(' ');
  const sized = sizedFields ? `, sizedFields: ${JSON.stringify(sizedFields).replace(',', ', ')}` : '';
  const optional = sizedFields ? ', requireOneSlicingArgument: false' : '';
  return [...cost, `@listSize(slicingArguments: ["${slicedBy}"]${sized}${optional})`].join(' ');
}

function directivesIn(owner: Owner | GraphQLInputObjectType, name: string): string {
  if (isInputObjectType(owner)) {
    const weight = INPUTS[`${owner.name}.${name}`];
    return weight === undefined ? '' : costOfWeight(weight);
  }
  const field = owner.getFields()[name];
  return field ? directivesOf(declaredCost(owner, field)) : '';
}

const TYPE = /^(?:type|interface|input) (\w+)/;
const FIELD = /^ {2}(\w+)[(:]/;
/** The line that ends a field: it is not that of an argument, which stands deeper. */
const END_OF_FIELD = /^ {2}(?:\w+(?:\(.*\))?|\)): [^@]*/;

/** graphql-js prints what is declared of directives, and not where they are used: a printed schema, with those of its fields. */
export function withCosts(sdl: string, schema: GraphQLSchema): string {
  let owner: Owner | GraphQLInputObjectType | undefined;
  let directives = '';
  const lines = sdl.split('\n').map((line) => {
    const [, typeName] = TYPE.exec(line) ?? [];
    if (typeName !== undefined) {
      const type = schema.getType(typeName);
      owner = isObjectType(type) || isInterfaceType(type) || isInputObjectType(type) ? type : undefined;
      const each = TYPES[typeName];
      if (each !== undefined) return line.replace(/ \{$/, ` ${costOfWeight(each)} {`);
    } else if (line === '}') owner = undefined;
    const [, fieldName] = FIELD.exec(line) ?? [];
    if (owner && fieldName !== undefined) directives = directivesIn(owner, fieldName);
    if (!owner || directives === '' || !END_OF_FIELD.test(line)) return line;
    const written = line.replace(
      END_OF_FIELD,
      (found) => `${found.trimEnd()} ${directives}${found.endsWith(' ') ? ' ' : ''}`,
    );
    directives = '';
    return written;
  });
  return lines.join('\n');
}

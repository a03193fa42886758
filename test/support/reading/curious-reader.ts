import {
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInputObjectType,
  isLeafType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { hoursFromNow } from '../desk/desk.ts';

export type Field = GraphQLField<unknown, unknown>;

/** Asks for everything that a schema offers, field by field, with the arguments that a curious reader would try. */
export class CuriousReader {
  readonly #schema: GraphQLSchema;
  readonly #ids: readonly string[];

  /** `ids` are those that the reader has heard of; more may be added later. */
  constructor(schema: GraphQLSchema, ids: readonly string[]) {
    this.#schema = schema;
    this.#ids = ids;
  }

  /** The queries; one that is given a whole input answers from that input, not from what is stored. */
  get queries(): Field[] {
    return Object.values(this.#schema.getQueryType()?.getFields() ?? {}).filter(({ name }) => name !== 'lintAlert');
  }

  /** Every question by a query, down to a depth. */
  questions(field: Field, depth: number): string[] {
    const selections = this.#everything(field.type, depth, [field.name]);
    return this.#calls(field).flatMap((call) => selections.map((selection) => `{ ${field.name}${call} ${selection} }`));
  }

  #possible(type: GraphQLOutputType) {
    const named = getNamedType(type);
    if (isAbstractType(named)) return this.#schema.getPossibleTypes(named);
    return isObjectType(named) ? [named] : [];
  }

  /**
   * Every field of a type, down to a depth, as one selection for each object that it can be; fields that want arguments
   * without a default are left out.
   */
  #everything(type: GraphQLOutputType, depth: number, path: readonly string[]): string[] {
    return this.#possible(type).map((object) => {
      const fields = Object.values(object.getFields())
        .filter(
          (field) =>
            !path.includes(field.name) &&
            field.args.every((arg) => !isNonNullType(arg.type) || arg.defaultValue !== undefined),
        )
        .flatMap((field) => {
          if (isLeafType(getNamedType(field.type))) return [field.name];
          // One kind of publication inside is enough: each has its turn outside.
          const [inside] = depth === 0 ? [] : this.#everything(field.type, depth - 1, [...path, field.name]);
          return inside ? [`${field.name} ${inside}`] : [];
        });
      return `{ __typename ... on ${object.name} { __typename ${fields.join(' ')} } }`;
    });
  }

  #calls(field: Field): string[] {
    const known: Record<string, string[]> = {
      id: this.#ids.map((id) => JSON.stringify(id)),
      places: ['[{ commune: "91345" }, { commune: "91326" }]'],
      place: ['{ commune: "91345" }', '{ commune: "91326" }'],
      at: [`"${hoursFromNow(1)}"`],
      code: ['"91345"'],
      search: ['"secret"', '"brouillon"'],
      point: ['{ lon: 2.29, lat: 48.69 }'],
      input: [],
      // Pages as long as what is there: longer ones may cost too much to be answered at all.
      first: ['10'],
    };
    // The length of a page is never what varies.
    const wanted = field.args
      .filter((arg) => known[arg.name] || isNonNullType(arg.type))
      .sort((one, other) => Number(one.name === 'first') - Number(other.name === 'first'));
    if (
      wanted.some(
        (arg) =>
          (known[arg.name] ?? []).length === 0 &&
          !isInputObjectType(getNamedType(arg.type)) &&
          isNonNullType(arg.type) &&
          arg.defaultValue === undefined,
      )
    )
      return [];
    const first = wanted.find((arg) => (known[arg.name] ?? []).length > 0);
    const rest = wanted.filter((arg) => arg !== first && (known[arg.name] ?? []).length > 0);
    const fixed = rest.map((arg) => `${arg.name}: ${known[arg.name]?.[0]}`);
    if (!first) return [''];
    const varied = (known[first.name] ?? []).map((value) => [`${first.name}: ${value}`, ...fixed]);
    // A list is also asked for as a whole.
    const whole = isNonNullType(first.type) || fixed.length === 0 ? [] : [fixed];
    return [...whole, ...varied].map((given) => `(${given.join(', ')})`);
  }
}

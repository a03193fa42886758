import { coerceInputValue, type GraphQLSchema } from 'graphql';
import { type FieldFault, invalidInput } from '../errors.ts';

/** Arguments of a page of a list: a file has no pages. */
const OF_A_PAGE = new Set(['first', 'after']);
/** A body of 256 KiB could name tens of thousands. */
const MOST_FAULTS = 100;

/**
 * Reads the body of a request as the arguments of a query of the API, without those of a page: the very filter that the list
 * itself takes. Throws INVALID_INPUT that names each argument or field that is none, or is no such value.
 */
export function argumentsOf(schema: GraphQLSchema, field: string, body: unknown): Record<string, unknown> {
  const known =
    schema
      .getQueryType()
      ?.getFields()
      [field]?.args.filter(({ name }) => !OF_A_PAGE.has(name)) ?? [];
  const names = known.map(({ name }) => name);
  const given = body ?? {};
  if (!isJsonObject(given))
    throw invalidInput([{ path: 'body', message: `must be an object of JSON with some of ${names.join(', ')}` }]);
  const values = new Map(Object.entries(given));
  const faults: FieldFault[] = [...values.keys()]
    .filter((name) => !names.includes(name))
    .slice(0, MOST_FAULTS)
    .map((name) => ({ path: name, message: `must be left out: there are ${names.join(', ')}` }));
  const fault = (path: readonly (string | number)[], message: string) => {
    faults.push({ path: path.join('.'), message });
    if (faults.length >= MOST_FAULTS) throw invalidInput(faults);
  };
  const read = known.map(({ name, type }): [string, unknown] => {
    const value = values.get(name) ?? null;
    return [name, coerceInputValue(value, type, (path, _value, { message }) => fault([name, ...path], message))];
  });
  if (faults.length > 0) throw invalidInput(faults);
  return Object.fromEntries(read);
}

/** Whether a value of JSON is an object: neither null nor a list. */
export const isJsonObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

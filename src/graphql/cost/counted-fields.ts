import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  getNamedType,
  isIntrospectionType,
  isLeafType,
  isObjectType,
} from 'graphql';
import type { Context } from '../context.ts';
import { type Budget, bytesOfJson } from './budget.ts';
import { type DeclaredCost, declaredCost } from './declared-costs.ts';

type Resolve = GraphQLFieldResolver<unknown, Context | undefined>;
type Take = (budget: Budget, value: unknown) => void;

/**
 * Lets every field count itself against the budget of its execution, whichever door the operation came in by. A field
 * that has no resolver gets one that reads the property, as graphql-js would.
 */
export function countFields(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap()))
    if (isObjectType(type) && !isIntrospectionType(type))
      for (const field of Object.values(type.getFields())) field.resolve = counted(field, declaredCost(type, field));
}

function counted(field: GraphQLField<unknown, Context | undefined>, { weight, each }: DeclaredCost): Resolve {
  const resolve: Resolve = field.resolve ?? defaultFieldResolver;
  const take: Take = isLeafType(getNamedType(field.type)) ? takeLeaf : (budget, value) => budget.take(value, each);
  return (source, args, context, info) => {
    const budget = context?.budget;
    if (!budget) return resolve(source, args, context, info);
    budget.enter(info.path.key as string, weight);
    const value = resolve(source, args, context, info);
    if (value instanceof Promise) {
      budget.wait();
      return value.then((late) => takenLate(budget, late, take));
    }
    take(budget, value);
    return value;
  };
}

/**
 * Counts a value that came late; answers a promise that never settles once the budget is spent. graphql-js may have given up waiting for
 * this branch, and a rejection that nobody handles would end the process.
 */
function takenLate(budget: Budget, value: unknown, take: Take): unknown {
  try {
    if (!budget.spent) take(budget, value);
  } catch (error) {
    if (error !== budget.spent) throw error;
  }
  return budget.spent ? new Promise(() => undefined) : value;
}

/** A leaf that is an object is written whole. */
function takeLeaf(budget: Budget, value: unknown): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) budget.add(0, bytesOfJson(value));
  else budget.take(value, Array.isArray(value) ? 1 : 0);
}

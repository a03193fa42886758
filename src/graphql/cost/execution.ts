import { type ExecutionArgs, type ExecutionResult, execute } from 'graphql';
import { tracedOperation } from '../../tracing/request-trace.ts';
import { isTracing } from '../../tracing/tracer.ts';
import type { Context } from '../context.ts';
import { graphqlError } from '../error-format.ts';
import { Budget, type BudgetSize } from './budget.ts';

/**
 * Executes an operation within the budget of its context. Once that is spent the answer is that one error, without data.
 */
export function executeWithin(args: ExecutionArgs): ExecutionResult | Promise<ExecutionResult> {
  return isTracing() ? tracedOperation(args, () => executeInBudget(args)) : executeInBudget(args);
}

function executeInBudget(args: ExecutionArgs): ExecutionResult | Promise<ExecutionResult> {
  const result = execute(args);
  const { budget } = (args.contextValue ?? {}) as Partial<Context>;
  if (!(result instanceof Promise)) return inBudget(result, budget);
  if (!budget) return result;
  // Fields that come late then never settle, and so graphql-js's own result may not either.
  return Promise.race([result, budget.whenSpent().then(() => ({}))]).then((late) => inBudget(late, budget));
}

/** Executes one event of a subscription, within a budget of its own; `pay` gets what it has cost in the end. */
export async function executeEvent(
  args: ExecutionArgs,
  rootValue: unknown,
  { size, pay }: { size: BudgetSize; pay(budget: Budget): void },
): Promise<ExecutionResult> {
  const budget = new Budget(size);
  try {
    return await executeInBudget({ ...args, rootValue, contextValue: { ...(args.contextValue as object), budget } });
  } finally {
    pay(budget);
  }
}

const inBudget = (result: ExecutionResult, budget: Budget | undefined): ExecutionResult =>
  budget?.spent ? { errors: [graphqlError(budget.spent)] } : result;

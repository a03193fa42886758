import type { ExecutionArgs, ExecutionResult } from 'graphql';
import { BUDGETS } from '../../graphql/cost/budget.ts';
import { executeEvent } from '../../graphql/cost/execution.ts';

/**
 * The answers of a subscription that is not shared: each event executed within a budget of its own. Unlike those of an
 * async generator, its end does not wait for the next event.
 */
export function pulledAnswers(
  source: AsyncIterable<unknown>,
  args: ExecutionArgs,
): AsyncGenerator<ExecutionResult, void, void> {
  const events = source[Symbol.asyncIterator]();
  return {
    async next() {
      const { value, done } = await events.next();
      return done ? { value: undefined, done } : { value: await executeEvent(args, value, BUDGETS.staff), done: false };
    },
    async return() {
      await events.return?.();
      return { value: undefined, done: true };
    },
    async throw(error) {
      await events.return?.();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      await events.return?.();
    },
  };
}

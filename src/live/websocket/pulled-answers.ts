import type { ExecutionArgs, ExecutionResult } from 'graphql';
import { BUDGETS, type Budget } from '../../graphql/cost/budget.ts';
import { executeEvent } from '../../graphql/cost/execution.ts';

/**
 * The answers of a subscription that is not shared: each event executed within a budget of its own, which its client pays. Unlike
 * those of an async generator, its end does not wait for the next event.
 */
export function pulledAnswers(
  source: AsyncIterable<unknown>,
  args: ExecutionArgs,
  pay: (budget: Budget) => void,
): AsyncGenerator<ExecutionResult, void, void> {
  const events = source[Symbol.asyncIterator]();
  return {
    async next() {
      const { value, done } = await events.next();
      if (done) return { value: undefined, done };
      return { value: await executeEvent(args, value, { size: BUDGETS.staff, pay }), done: false };
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

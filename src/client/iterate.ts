import type { Client, FormattedExecutionResult, SubscribePayload } from 'graphql-ws';

/** A subscription as an iterator, like graphql-ws's own: `return` ends it, also while the next result is waited for. */
export function iterate<Data, Extensions>(
  subscribe: Client['subscribe'],
  payload: SubscribePayload,
): AsyncIterableIterator<FormattedExecutionResult<Data, Extensions>> {
  const waiting: FormattedExecutionResult<Data, Extensions>[] = [];
  let failure: { error: unknown } | undefined;
  let over = false;
  let wake = (): void => undefined;
  const stop = subscribe<Data, Extensions>(payload, {
    next: (result) => {
      waiting.push(result);
      wake();
    },
    error: (error) => {
      failure = { error };
      wake();
    },
    complete: () => {
      over = true;
      wake();
    },
  });
  const results = (async function* () {
    for (;;) {
      for (let result = waiting.shift(); result; result = waiting.shift()) yield result;
      if (failure) throw failure.error;
      if (over) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  })();
  const close = async () => {
    stop();
    return { done: true as const, value: undefined };
  };
  results.return = close;
  results.throw = close;
  return results;
}

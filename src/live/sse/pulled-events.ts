import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { ExecutionArgs, ExecutionResult, GraphQLFormattedError } from 'graphql';
import { BUDGETS, type Budget } from '../../graphql/cost/budget.ts';
import { executeEvent } from '../../graphql/cost/execution.ts';
import { type ErrorFormat, formatAll } from '../../graphql/error-format.ts';
import { SLOW_READER_MS } from '../following/followers.ts';
import { type EventStreamOptions, endSlowly } from './event-stream.ts';

export interface PulledEventsOptions extends Pick<EventStreamOptions, 'onTooSlow'> {
  format: ErrorFormat;
  /** Called with the errors of an event, as the reader gets them. */
  onErrors(formatted: readonly GraphQLFormattedError[]): void;
  /** Pays for an event. */
  pay(budget: Budget): void;
}

/** Writes the events of a subscription that is not shared, one by one as the reader takes them, until either side ends. */
export async function pullEvents(
  { response, abort }: { response: ServerResponse; abort: AbortController },
  source: AsyncIterable<unknown>,
  args: ExecutionArgs,
  options: PulledEventsOptions,
): Promise<void> {
  const events = source[Symbol.asyncIterator]();
  // The loop below may wait for the next event: ending the source wakes it.
  abort.signal.addEventListener('abort', () => void events.return?.(), { once: true });
  try {
    for await (const rootValue of { [Symbol.asyncIterator]: () => events }) {
      if (abort.signal.aborted || response.writableEnded) break;
      const result = await executeEvent(args, rootValue, { size: BUDGETS.staff, pay: options.pay });
      if (!response.write(eventOf(result, options))) await drained(response, abort.signal, options);
    }
    if (!abort.signal.aborted && !response.writableEnded) response.write('event: complete\ndata: \n\n');
  } catch (error) {
    if (!abort.signal.aborted) throw error;
  } finally {
    abort.abort();
  }
}

/** Waits until a reader has taken what waits; ends the stream of one that takes too long. */
async function drained(
  response: ServerResponse,
  signal: AbortSignal,
  { onTooSlow }: PulledEventsOptions,
): Promise<void> {
  const patience = setTimeout(() => {
    onTooSlow();
    endSlowly(response);
  }, SLOW_READER_MS);
  await once(response, 'drain', { signal }).finally(() => clearTimeout(patience));
}

function eventOf(result: ExecutionResult, { format, onErrors }: PulledEventsOptions): string {
  const errors = result.errors && formatAll(result.errors, format);
  if (errors) onErrors(errors);
  return `event: next\ndata: ${JSON.stringify(errors ? { ...result, errors } : result)}\n\n`;
}

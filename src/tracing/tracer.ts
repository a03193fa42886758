import type { IncomingMessage } from 'node:http';
import {
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  type SpanOptions,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';

/** Ids that the next span of a trace of its own takes, in place of random ones. */
export interface GivenIds {
  traceId?: string;
  spanId?: string;
}

/**
 * Of this process; undefined while nobody collects spans. Every function here looks at it first, and does nothing more then
 * than the work that it was given.
 */
let tracer: Tracer | undefined;
let given: GivenIds = {};

/** Begins to make spans, or ends that: for the exporter alone. */
export function traceWith(next: Tracer | undefined): void {
  tracer = next;
}

/** The ids that `startApart` gives to the span that is started now: for the exporter's generator of ids. */
export const givenIds = (): GivenIds => given;

/** Whether somebody collects spans. */
export const isTracing = (): boolean => tracer !== undefined;

/** Starts a span within the one that is active; undefined while nobody collects. */
export const startWithin = (name: string, options: SpanOptions, around?: Context): Span | undefined =>
  tracer?.startSpan(name, options, around ?? context.active());

/** Starts a span that has no parent, in the trace that is given. Ids are drawn while it starts, in the same turn. */
export function startApart(name: string, options: SpanOptions, ids: GivenIds): Span | undefined {
  given = ids;
  try {
    return tracer?.startSpan(name, { ...options, root: true }, ROOT_CONTEXT);
  } finally {
    given = {};
  }
}

/** The trace of a request whose client sends `traceparent`. `tracestate` and `baggage` are not read: they hold any text. */
export function traceOf({ headers: { traceparent } }: Pick<IncomingMessage, 'headers'>): Context {
  return propagation.extract(ROOT_CONTEXT, typeof traceparent === 'string' ? { traceparent } : {});
}

/**
 * Works within a span that was started, and ends it. It says of an error that there was one: its words may hold what
 * somebody has typed.
 */
export function within<T>(span: Span, around: Context, work: () => T): T {
  const failed = (error: unknown): never => {
    span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
    throw error;
  };
  const done = <R>(result: R): R => {
    span.end();
    return result;
  };
  let result: T;
  try {
    result = context.with(trace.setSpan(around, span), work);
  } catch (error) {
    return failed(error);
  }
  return result instanceof Promise ? (result.then(done, failed) as T) : done(result);
}

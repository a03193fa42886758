import type { IncomingMessage } from 'node:http';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { type ExecutionArgs, type ExecutionResult, getOperationAST } from 'graphql';
import { startWithin, traceOf, within } from './tracer.ts';

/** Answers a request of a route within a span of its own, in the trace that its client names. */
export function tracedRequest<T>(
  request: IncomingMessage,
  route: string | undefined,
  answer: () => Promise<T>,
): Promise<T> {
  const { method = 'GET' } = request;
  const around = traceOf(request);
  const span = startWithin(
    `${method} ${route ?? ''}`.trim(),
    { kind: SpanKind.SERVER, attributes: { 'http.request.method': method, ...(route ? { 'http.route': route } : {}) } },
    around,
  );
  return span ? within(span, around, answer) : answer();
}

/** Executes an operation within a span that has its kind and its name, and nothing else of the document. */
export function tracedOperation<R extends ExecutionResult | Promise<ExecutionResult>>(
  { document, operationName }: ExecutionArgs,
  execute: () => R,
): R {
  const found = getOperationAST(document, operationName);
  const kind = found?.operation ?? 'query';
  const name = found?.name?.value;
  const span = startWithin(`${kind} ${name ?? ''}`.trim(), {
    attributes: { 'graphql.operation.type': kind, ...(name ? { 'graphql.operation.name': name } : {}) },
  });
  if (!span) return execute();
  const judged = (result: ExecutionResult): ExecutionResult => {
    if (result.errors) span.setStatus({ code: SpanStatusCode.ERROR });
    return result;
  };
  return within(span, context.active(), () => {
    const result = execute();
    return (result instanceof Promise ? result.then(judged) : judged(result)) as R;
  });
}

/** The span that is active now, told which status its request was answered with. */
export const tellStatus = (status: number): void => {
  trace.getActiveSpan()?.setAttribute('http.response.status_code', status);
};

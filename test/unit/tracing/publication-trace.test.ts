import { context, propagation, ROOT_CONTEXT, type Tracer, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterEach, expect, it, vi } from 'vitest';
import {
  noteAppended,
  publicationSpan,
  tracedAttempt,
  tracedDelivery,
  tracedTransaction,
} from '../../../src/tracing/publication-trace.ts';
import { traceOf, traceWith } from '../../../src/tracing/tracer.ts';

const ID = '0193b3c2-7a5e-7c41-9d2e-1f0a5b6c7d8e';
const ENTRY = { id: ID, type: 'PUBLISHED', position: 7 };

context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());

/** Spans are kept in memory from here on, until the test ends. */
function collecting() {
  const exporter = new InMemorySpanExporter();
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  traceWith(provider.getTracer('test'));
  return () => exporter.getFinishedSpans();
}

afterEach(() => traceWith(undefined));

it('ids of a publication’s span follow from the entry’s id', () => {
  expect(publicationSpan(ID)).toMatchObject({
    traceId: '0193b3c27a5e7c419d2e1f0a5b6c7d8e',
    spanId: '9d2e1f0a5b6c7d8e',
  });
});

it('an entry that was rolled back has no publication, also where the transaction around it commits', async () => {
  const spans = collecting();
  await tracedTransaction('once', async () => {
    await tracedTransaction('publishDossier', async () => {
      noteAppended(ENTRY);
      throw new Error('refused');
    }).catch(() => undefined);
    await tracedTransaction('publishDossier', async () => noteAppended({ ...ENTRY, id: ID.replace('0193', '0194') }));
    expect(spans().map(({ name }) => name)).not.toContain('publication');
  });
  const published = spans().filter(({ name }) => name === 'publication');
  expect(published.map(({ attributes }) => attributes['tocsin.entry'])).toEqual([ID.replace('0193', '0194')]);
  const inner = spans().filter(({ name }) => name === 'transaction publishDossier')[1];
  expect(published[0]?.links.map((link) => link.context.spanId)).toEqual([inner?.spanContext().spanId]);
});

it('words of an error are never told', async () => {
  const spans = collecting();
  await tracedTransaction('saveDraft', () => Promise.reject(new Error('secret'))).catch(() => undefined);
  expect(spans()[0]).toMatchObject({ status: { code: 2 }, events: [] });
  expect(spans()[0]?.status.message).toBeUndefined();
});

it('an attempt whose entry cannot be read is made all the same', async () => {
  const spans = collecting();
  let made = 0;
  const entry = () => Promise.reject(new Error('PostgreSQL is away'));
  await tracedAttempt({ webhook: 'w', attempt: 2, entry }, async (answered) => {
    made += 1;
    answered(null, 'retry');
  });
  expect(made).toBe(1);
  expect(spans()[0]?.attributes).toEqual({ 'tocsin.webhook': 'w', 'tocsin.attempt': 2, 'tocsin.outcome': 'retry' });
});

it('calls nothing of OpenTelemetry where nobody collects', async () => {
  const called: string[] = [];
  const spy = new Proxy({} as Tracer, { get: (_, name) => called.push(String(name)) });
  trace.setGlobalTracerProvider({ getTracer: () => spy });
  const active = vi.spyOn(context, 'active');
  let entries = 0;
  const entry = async () => {
    entries += 1;
    return undefined;
  };
  const worked: string[] = [];
  await tracedTransaction('publishDossier', async () => {
    noteAppended(ENTRY);
    worked.push('transaction');
  });
  tracedDelivery([ENTRY], () => worked.push('delivery'));
  await tracedAttempt({ webhook: 'w', attempt: 1, entry }, async () => void worked.push('attempt'));
  expect(worked).toEqual(['transaction', 'delivery', 'attempt']);
  expect(entries).toBe(0);
  expect(called).toEqual([]);
  expect(active).not.toHaveBeenCalled();
  active.mockRestore();
});

it('a traceparent that is none opens a trace of its own', () => {
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  for (const traceparent of ['x', '', undefined]) expect(traceOf({ headers: { traceparent } })).toBe(ROOT_CONTEXT);
});

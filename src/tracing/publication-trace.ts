import {
  type Context,
  context,
  createContextKey,
  type Span,
  type SpanContext,
  SpanKind,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { isTracing, startApart, startWithin, within } from './tracer.ts';

/** An entry of the journal, as far as its trace says what it is. */
export interface TracedEntry {
  id: string;
  type: string;
}

interface Appended extends TracedEntry {
  at: number;
  by: SpanContext | undefined;
}

const APPENDED = createContextKey('entries that the transaction has appended');

const appendedIn = (around: Context) => around.getValue(APPENDED) as Appended[] | undefined;

/**
 * The span of a publication: its ids are those of the journal's entry, so that every hub knows them and nothing is stored
 * for it. The trace is the entry's id without its hyphens, the span the last half of it.
 */
export function publicationSpan(entryId: string): SpanContext {
  const traceId = entryId.replaceAll('-', '').toLowerCase();
  return { traceId, spanId: traceId.slice(16), traceFlags: TraceFlags.SAMPLED, isRemote: true };
}

/**
 * The span of a transaction. Once it is committed, each entry that it appended gets the span of its publication: both are
 * linked to one another. Entries that were rolled back get none.
 */
export async function tracedTransaction<T>(action: string, work: () => Promise<T>): Promise<T> {
  const span = startWithin(`transaction ${action}`, { attributes: { 'tocsin.action': action } });
  if (!span) return work();
  const outer = appendedIn(context.active());
  const appended = outer ?? [];
  const before = appended.length;
  const committing = async () => {
    try {
      const result = await work();
      if (!outer) for (const entry of appended) tellPublication(entry, span);
      return result;
    } catch (error) {
      appended.length = before;
      throw error;
    }
  };
  return within(span, context.active().setValue(APPENDED, appended), committing);
}

/** Notes that the transaction around this call has appended an entry. */
export function noteAppended({ id, type }: TracedEntry): void {
  if (!isTracing()) return;
  appendedIn(context.active())?.push({ id, type, at: Date.now(), by: trace.getSpanContext(context.active()) });
}

/** From appending to commit. */
function tellPublication({ id, type, at, by }: Appended, transaction: Span): void {
  const own = publicationSpan(id);
  const links = [{ context: by ?? transaction.spanContext() }];
  const attributes = { 'tocsin.entry': id, 'tocsin.type': type };
  startApart('publication', { kind: SpanKind.PRODUCER, startTime: at, links, attributes }, own)?.end();
  transaction.addLink({ context: own });
}

/** Delivers entries to the followers of this hub, with one span for each entry. */
export function tracedDelivery(batch: readonly (TracedEntry & { position: number })[], deliver: () => void): void {
  if (!isTracing()) {
    deliver();
    return;
  }
  const spans = batch.map((entry) => startOfPublication('delivery to followers', SpanKind.CONSUMER, entry));
  try {
    deliver();
  } finally {
    for (const span of spans) span?.end();
  }
}

/** One attempt to send a message to a webhook. */
export interface TracedAttempt {
  webhook: string;
  attempt: number;
  /** Reads which entry the message tells of; a ping tells of none. */
  entry(): Promise<(TracedEntry & { position: number }) | undefined>;
}

/** Makes an attempt within its span. `answered` says which HTTP status the receiver gave, if any, and what became of it. */
export async function tracedAttempt(
  { webhook, attempt, entry }: TracedAttempt,
  work: (answered: (status: number | null, outcome: string) => void) => Promise<void>,
): Promise<void> {
  if (!isTracing()) return work(() => undefined);
  // Where the journal cannot be read now the attempt is made all the same.
  const told = await entry().catch(() => undefined);
  const span = told
    ? startOfPublication('webhook attempt', SpanKind.CLIENT, told)
    : startApart('webhook attempt', { kind: SpanKind.CLIENT }, {});
  if (!span) return work(() => undefined);
  span.setAttributes({ 'tocsin.webhook': webhook, 'tocsin.attempt': attempt });
  return within(span, context.active(), () =>
    work((status, outcome) => {
      span.setAttribute('tocsin.outcome', outcome);
      if (status !== null) span.setAttribute('http.response.status_code', status);
    }),
  );
}

/** A span in the trace of a publication, linked to its own: no child of it, since the hub that wrote may trace nothing. */
function startOfPublication(name: string, kind: SpanKind, entry: TracedEntry & { position: number }): Span | undefined {
  const published = publicationSpan(entry.id);
  const attributes = { 'tocsin.entry': entry.id, 'tocsin.type': entry.type, 'tocsin.position': entry.position };
  const links = [{ context: published }];
  return startApart(name, { kind, attributes, links }, { traceId: published.traceId });
}

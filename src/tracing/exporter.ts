import { randomUUID } from 'node:crypto';
import { context, DiagLogLevel, diag, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  type IdGenerator,
  ParentBasedSampler,
  RandomIdGenerator,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import manifest from '../../package.json' with { type: 'json' };
import { givenIds, traceWith } from './tracer.ts';

export interface ExportOptions {
  /** Where spans go, by OTLP over HTTP. Headers, compression and certificates of it are for the library to read. */
  url: string;
  /** The name of the service. */
  service: string;
  /** Which part of the traces is kept, from 0 to 1. */
  share: number;
  onError(message: string): void;
}

export interface Exporter {
  /** Sends what is left, and ends. Never throws: a collector that is away keeps no hub from ending. */
  close(): Promise<void>;
}

const EXPORT_MS = 5_000;
const BATCH_MS = 1_000;

/** Has this process make spans, and sends them to a collector. Loaded only where there is one. */
export function exportTraces({ url, service, share, onError }: ExportOptions): Exporter {
  diag.setLogger(
    { error: onError, warn: nothing, info: nothing, debug: nothing, verbose: nothing },
    DiagLogLevel.ERROR,
  );
  const root = new TraceIdRatioBasedSampler(share);
  const provider = new TracerProvider({
    resource: resourceFromAttributes({
      'service.name': service,
      'service.version': manifest.version,
      'service.instance.id': randomUUID(),
    }),
    idGenerator: new GivenOrRandom(),
    // A stranger's `traceparent` says where a request belongs. That the hub is to keep it is not theirs to say.
    sampler: new ParentBasedSampler({ root, remoteParentSampled: root }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({ url, timeoutMillis: EXPORT_MS }),
        scheduledDelayMillis: BATCH_MS,
        exportTimeoutMillis: EXPORT_MS,
      }),
    ],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  traceWith(provider.getTracer('tocsin', manifest.version));
  return {
    close: async () => {
      traceWith(undefined);
      await provider.shutdown().catch((error) => onError(String(error)));
    },
  };
}

const nothing = (): void => undefined;

class GivenOrRandom implements IdGenerator {
  readonly #random = new RandomIdGenerator();

  generateTraceId = (): string => givenIds().traceId ?? this.#random.generateTraceId();

  generateSpanId = (): string => givenIds().spanId ?? this.#random.generateSpanId();
}

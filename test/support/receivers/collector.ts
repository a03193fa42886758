import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A span as it was exported, with the name of the service that made it. */
export interface CollectedSpan {
  service: string;
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  kind: number;
  failed: boolean;
  attributes: Record<string, string | number>;
  links: { traceId: string; spanId: string }[];
}

interface Value {
  stringValue?: string;
  intValue?: number;
}
interface Attribute {
  key: string;
  value: Value;
}
interface WrittenSpan extends Omit<CollectedSpan, 'service' | 'failed' | 'attributes' | 'links'> {
  attributes?: Attribute[];
  links?: { traceId: string; spanId: string }[];
  status?: { code?: number };
}
interface Written {
  resourceSpans: { resource: { attributes: Attribute[] }; scopeSpans: { spans: WrittenSpan[] }[] }[];
}

const valuesOf = (attributes: Attribute[] = []) =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? '']));

/** A collector of traces: takes OTLP as JSON over HTTP, and keeps the spans and every byte that came. */
export async function startCollector() {
  const spans: CollectedSpan[] = [];
  const requests: { path: string | undefined; text: string }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      requests.push({ path: request.url, text });
      const { resourceSpans } = JSON.parse(text) as Written;
      for (const { resource, scopeSpans } of resourceSpans) {
        const service = String(valuesOf(resource.attributes)['service.name']);
        for (const span of scopeSpans.flatMap((scope) => scope.spans)) spans.push(readSpan(service, span));
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, spans, requests };
}

const readSpan = (service: string, { status, attributes, links = [], ...span }: WrittenSpan): CollectedSpan => ({
  ...span,
  parentSpanId: span.parentSpanId || undefined,
  service,
  failed: status?.code === 2,
  attributes: valuesOf(attributes),
  links: links.map(({ traceId, spanId }) => ({ traceId, spanId })),
});

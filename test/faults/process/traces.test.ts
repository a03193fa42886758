import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { DevelopmentTokens } from '../../../src/development/development-tokens.ts';
import { testDatabase } from '../../support/database/database.ts';
import { temporaryFolder } from '../../support/database/embedded.ts';
import { alertInput, draft, step, WRITTEN } from '../../support/desk/desk.ts';
import { addHook, LOOPBACK } from '../../support/desk/webhook-desk.ts';
import { startHub } from '../../support/hub/hub.ts';
import { addressOf, startHubProcess } from '../../support/hub/started-hub.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { type CollectedSpan, startCollector } from '../../support/receivers/collector.ts';
import { startReceiver } from '../../support/receivers/receiver.ts';

const { url: databaseUrl } = await testDatabase();
/** Two hubs start, and may be compiled first. */
const LIMIT_MS = 6 * PATIENCE_MS;
const CLIENT = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };
/** Of each place where a client may write, what no span may repeat. */
const CANARY = 'canari';

/** An alert that is approved, and a webhook that hears of it: written by a hub that traces nothing. */
async function approvedAlert(to: string) {
  const hub = await startHub({ url: databaseUrl, webhookTargets: LOOPBACK });
  await addHook(hub, `${to}?key=${CANARY}`, { name: CANARY });
  const submitted = await step(
    hub,
    'submitDossier',
    'editor',
    await draft(
      hub,
      'Alert',
      alertInput({ texts: [{ language: 'fr-FR', headline: CANARY, description: CANARY, instruction: CANARY }] }),
    ),
  );
  const approved = await step(hub, 'approveDossier', 'validator', submitted);
  await hub.close();
  return approved;
}

const tokensIn = async (dataDir: string): Promise<DevelopmentTokens> =>
  JSON.parse(await readFile(path.join(dataDir, 'dev-tokens.json'), 'utf8'));

const contextOf = ({ traceId, spanId }: CollectedSpan) => ({ traceId, spanId });

it(
  'links over two hubs a mutation, its publication, the delivery at each hub and the attempt of a webhook; tells nothing that anybody wrote',
  async () => {
    const collector = await startCollector();
    const receiver = await startReceiver();
    const { id, version } = await approvedAlert(receiver.url);
    const dataDir = await temporaryFolder();
    const start = (service: string) =>
      startHubProcess({
        env: {
          PORT: '0',
          DATABASE_URL: databaseUrl,
          TOCSIN_DATA_DIR: dataDir,
          TOCSIN_DEMO: 'false',
          TOCSIN_ALLOW_LOOPBACK: 'true',
          OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
          OTEL_SERVICE_NAME: service,
        },
      });
    const [first, second] = [start('hub-1'), start('hub-2')];
    const url = await addressOf(first);
    await addressOf(second);
    const { validator } = await tokensIn(dataDir);
    const ask = (body: object) =>
      fetch(`${url}/graphql?${CANARY}=1`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${validator}`,
          traceparent: `00-${CLIENT.traceId}-${CLIENT.spanId}-01`,
          tracestate: `tocsin=${CANARY}`,
          baggage: `who=${CANARY}`,
          'user-agent': CANARY,
        },
        body: JSON.stringify(body),
      }).then((answer) => answer.json());
    const query = `mutation Publish($id: ID!, $version: Int!) { ${CANARY}: publishDossier(id: $id, version: $version) ${WRITTEN} }`;
    // The first is refused: its error repeats what was typed.
    const refused = await ask({ query, operationName: 'Publish', variables: { id: CANARY, version } });
    expect(refused.errors).toHaveLength(1);
    const answer = await ask({ query, operationName: 'Publish', variables: { id, version } });
    expect(answer.data?.[CANARY].dossier.stage).toBe('PUBLISHED');

    const { spans } = collector;
    const named = (name: string) => spans.filter((span) => span.name === name);
    await expect
      .poll(
        () => [named('delivery to followers').length, named('webhook attempt').length, named('POST /graphql').length],
        {
          timeout: PATIENCE_MS,
        },
      )
      .toEqual([2, 1, 2]);

    const requests = named('POST /graphql');
    for (const request of requests) {
      expect(request).toMatchObject({
        service: 'hub-1',
        traceId: CLIENT.traceId,
        parentSpanId: CLIENT.spanId,
        kind: 2,
      });
      expect(request.attributes).toEqual({
        'http.request.method': 'POST',
        'http.route': '/graphql',
        'http.response.status_code': 200,
      });
    }
    const transactions = named('transaction publishDossier');
    expect(transactions.map(({ failed }) => failed).sort()).toEqual([false, true]);
    const transaction = transactions.find(({ failed }) => !failed);
    const operation = spans.find(({ spanId }) => spanId === transaction?.parentSpanId);
    expect(operation).toMatchObject({
      name: 'mutation Publish',
      failed: false,
      attributes: { 'graphql.operation.type': 'mutation', 'graphql.operation.name': 'Publish' },
    });
    expect(requests.map(({ spanId }) => spanId)).toContain(operation?.parentSpanId);

    const [publication, ...others] = named('publication');
    expect(others).toEqual([]);
    if (!publication || !transaction) throw new Error('the mutation was not traced');
    expect(publication.links).toEqual([contextOf(transaction)]);
    expect(transaction.links).toEqual([contextOf(publication)]);
    expect(publication.traceId).toBe(String(publication.attributes['tocsin.entry']).replaceAll('-', ''));
    const deliveries = named('delivery to followers');
    expect(deliveries.map(({ service }) => service).sort()).toEqual(['hub-1', 'hub-2']);
    for (const span of [...deliveries, ...named('webhook attempt')]) {
      expect(span.traceId).toBe(publication.traceId);
      expect(span.links).toEqual([contextOf(publication)]);
    }
    expect(named('webhook attempt')[0]?.attributes).toMatchObject({
      'tocsin.entry': publication.attributes['tocsin.entry'],
      'tocsin.attempt': 1,
      'tocsin.outcome': 'delivered',
      'http.response.status_code': 204,
    });
    expect(receiver.received).toHaveLength(1);

    const bytes = collector.requests.map(({ text }) => text).join('\n');
    for (const secret of [CANARY, validator, id, 'publishDossier(', 'Bearer', databaseUrl])
      expect(bytes).not.toContain(secret);
    expect(new Set(collector.requests.map(({ path: to }) => to))).toEqual(new Set(['/v1/traces']));
    // What is left is sent before a hub ends.
    const before = spans.length;
    await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"query Last { __typename }"}',
    });
    first.process.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    expect(spans.slice(before).map(({ name }) => name)).toContain('query Last');
  },
  LIMIT_MS,
);

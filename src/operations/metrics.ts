import type { IncomingMessage } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { type Aggregator, Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Messages of webhooks that wait, the age of the oldest in seconds, and how many webhooks are paused. */
interface WaitingWebhooks {
  pending: number;
  oldestSeconds: number;
  paused: number;
}

/** Subscriptions to push, jobs on their way with the age of the oldest in seconds, and services that are left alone. */
interface PushesOnTheirWay {
  subscriptions: number;
  jobs: number;
  oldestSeconds: number;
  resting: number;
}

interface CacheFigures {
  hits: number;
  misses: number;
  bytes: number;
}

export interface MetricSources {
  followers(): number;
  /** Connections and streams that were ended because their reader did not keep up. */
  tooSlow(): number;
  /** Changes executed: each once for all followers that select the same of it. */
  changeExecutions(): number;
  boardSize(): number;
  /** Queries answered from the cache, those worked out, and what it holds in bytes. */
  cache(): CacheFigures;
  /** The same of what is at public addresses: pages, feeds, maps, CAP messages. */
  addresses(): CacheFigures;
  journalPosition(): number;
  /** The entries of the journal that are kept in memory. */
  journalBytes(): number;
  databaseAvailable(): boolean;
  /** Whether the last look found that PostgreSQL takes writes. */
  databaseWritable(): boolean;
  /** Connections of the pool that were cut because they had died without a word. */
  connectionsCut(): number;
  /** By how many seconds the machine's clock is ahead of PostgreSQL's; NaN until that is known. */
  clockDistance(): number;
  leads(): boolean;
  /** How long ago everything that was due had been done, by whichever process; NaN until that is known. */
  timekeepingAge(): number;
  /** Urgent publications whose second signature is overdue. */
  overdueSignatures(): Promise<number>;
  /** Open calls for which everybody was rung in vain. */
  exhaustedCalls(): Promise<number>;
  /** Keys in envelopes that nobody has opened, and sessions by those that somebody did. */
  sealedKeys(): Promise<{ sealed: number; running: number }>;
  webhooks(): Promise<WaitingWebhooks>;
  /** How attempts of this process ended: `delivered`, `retry`, `failed`. */
  webhookAttempts(): Readonly<Record<string, number>>;
  /** Letters that wait, and the age of the oldest in seconds. */
  letters(): Promise<{ waiting: number; oldestSeconds: number }>;
  /** How attempts of this process to send a letter ended: `delivered`, `retry`, `failed`. */
  letterAttempts(): Readonly<Record<string, number>>;
  /** Codes and calls for contact points of people that wait. */
  messages(): Promise<number>;
  /** How attempts of this process to send one ended: `delivered`, `retry`, `failed`. */
  messageAttempts(): Readonly<Record<string, number>>;
  pushes(): Promise<PushesOnTheirWay>;
  /** How pushes of this process ended, by service and outcome. */
  pushAttempts(): Iterable<readonly [service: string, outcome: string, count: number]>;
  /** Requests, operations and connections refused because of what a client may spend, by the bound. */
  refused(): ReadonlyMap<string, number>;
  /** Bytes of answers that were made and not taken yet. */
  unsentBytes(): number;
  /** Operations that used something deprecated, by its coordinate in the schema. */
  deprecatedUses(): ReadonlyMap<string, number>;
  /** Gives the metrics of all workers in place of this one's own, where there are several. */
  forAll: ((own: Registry) => () => Promise<string>) | undefined;
}

/** The metrics of a hub, as text in Prometheus' format. */
export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
}

/** Counts what happens at a server, in a registry of our own, so that two hubs in one process do not mix. */
export function openMetrics(server: FastifyInstance, sources: MetricSources): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  addGauges(registry, sources);
  addCounters(registry, sources);
  timeRequests(registry, server);
  const text = sources.forAll?.(registry) ?? (() => registry.metrics());
  return { contentType: registry.contentType, text };
}

/** `/metrics`, for whom `admit` does not refuse. */
export function mountMetrics(
  server: FastifyInstance,
  { contentType, text }: Metrics,
  admit: (request: IncomingMessage) => Promise<void>,
): void {
  server.get('/metrics', async ({ raw }, reply) => {
    await admit(raw);
    return reply
      .header('content-type', contentType)
      .header('cache-control', 'no-store')
      .send(await text());
  });
}

function addGauges(registry: Registry, sources: MetricSources): void {
  // The last argument says how the figures of several workers are combined: the highest where it is left out.
  const gauge = (name: string, help: string, read: () => number | Promise<number>, aggregator: Aggregator = 'max') =>
    new Gauge({
      name,
      help,
      aggregator,
      registers: [registry],
      async collect() {
        this.set(await read());
      },
    });
  gauge('tocsin_followers', 'Open WebSocket connections and event streams.', sources.followers, 'sum');
  gauge('tocsin_board_publications', 'Public threads in memory.', sources.boardSize);
  gauge('tocsin_unsent_bytes', 'Answers that their clients have not taken yet.', sources.unsentBytes, 'sum');
  gauge('tocsin_journal_bytes', 'What the entries kept in memory take.', sources.journalBytes, 'sum');
  gauge('tocsin_journal_position', 'The last entry that this process has read.', sources.journalPosition, 'min');
  const available = () => Number(sources.databaseAvailable());
  gauge('tocsin_database_available', '1 while the journal can be read.', available, 'min');
  const writable = () => Number(sources.databaseWritable());
  gauge('tocsin_database_writable', '1 while PostgreSQL takes writes.', writable, 'min');
  gauge('tocsin_timekeeper_leads', '1 in the process that keeps time.', () => Number(sources.leads()));
  gauge('tocsin_timekeeping_age_seconds', 'How long ago all that was due had been done.', sources.timekeepingAge);
  const ahead = 'How far the clock of the machine is ahead of that of PostgreSQL.';
  gauge('tocsin_clock_distance_seconds', ahead, sources.clockDistance);
  gauge('tocsin_cosign_overdue', 'Urgent publications without a second signature in time.', sources.overdueSignatures);
  gauge('tocsin_calls_exhausted', 'Open calls that everybody was rung for in vain.', sources.exhaustedCalls);
  gauge('tocsin_sealed_keys', 'Sealed keys that nobody has opened.', async () => (await sources.sealedKeys()).sealed);
  const running = async () => (await sources.sealedKeys()).running;
  gauge('tocsin_sealed_sessions', 'Duty officers who act without an issuer, by a sealed key.', running);
  gauge('tocsin_processes', 'Processes that these figures are of.', () => 1, 'sum');
  const waiting = (what: keyof WaitingWebhooks) => async () => (await sources.webhooks())[what];
  gauge('tocsin_webhook_pending', 'Webhook messages that wait.', waiting('pending'));
  gauge('tocsin_webhook_oldest_pending_seconds', 'The age of the oldest that waits.', waiting('oldestSeconds'));
  gauge('tocsin_webhook_paused', 'Webhooks that are paused.', waiting('paused'));
  gauge('tocsin_letters_waiting', 'Letters that wait.', async () => (await sources.letters()).waiting);
  const oldest = async () => (await sources.letters()).oldestSeconds;
  gauge('tocsin_letters_oldest_waiting_seconds', 'The age of the oldest that waits.', oldest);
  gauge('tocsin_messages_waiting', 'Codes and calls for contact points that wait.', sources.messages);
  const pushed = (what: keyof PushesOnTheirWay) => async () => (await sources.pushes())[what];
  gauge('tocsin_push_subscriptions', 'Apps that are told by push.', pushed('subscriptions'));
  gauge('tocsin_push_jobs', 'Jobs of pushes on their way.', pushed('jobs'));
  gauge('tocsin_push_oldest_job_seconds', 'The age of the oldest of them.', pushed('oldestSeconds'));
  gauge('tocsin_push_services_resting', 'Push services that are left alone.', pushed('resting'));
  gauge('tocsin_cache_bytes', 'What the cache of answers holds.', () => sources.cache().bytes, 'sum');
  gauge(
    'tocsin_address_cache_bytes',
    'What the cache of pages and feeds holds.',
    () => sources.addresses().bytes,
    'sum',
  );
}

function addCounters(registry: Registry, sources: MetricSources): void {
  const counter = (name: string, help: string, read: () => number) =>
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  counter('tocsin_too_slow_total', 'Followers let go because they did not keep up.', sources.tooSlow);
  counter('tocsin_connections_cut_total', 'Connections that had died without a word.', sources.connectionsCut);
  counter('tocsin_change_executions_total', 'Changes worked out for followers.', sources.changeExecutions);
  counter('tocsin_cache_hits_total', 'Queries answered from the cache.', () => sources.cache().hits);
  counter('tocsin_address_cache_hits_total', 'Pages and feeds from the cache.', () => sources.addresses().hits);
  counter('tocsin_address_cache_misses_total', 'Pages and feeds that were made.', () => sources.addresses().misses);
  counter('tocsin_cache_misses_total', 'Anonymous queries that were worked out.', () => sources.cache().misses);
  const byLabel = (name: string, help: string, label: string, read: () => Iterable<readonly [string, number]>) =>
    new Counter({
      name,
      help,
      labelNames: [label],
      registers: [registry],
      collect() {
        this.reset();
        for (const [value, count] of read()) this.inc({ [label]: value }, count);
      },
    });
  byLabel(
    'tocsin_webhook_attempts_total',
    'Attempts of this process to deliver a webhook message, by how they ended.',
    'outcome',
    () => Object.entries(sources.webhookAttempts()),
  );
  byLabel(
    'tocsin_letter_attempts_total',
    'Attempts of this process to hand a letter to the relay, by how they ended.',
    'outcome',
    () => Object.entries(sources.letterAttempts()),
  );
  byLabel(
    'tocsin_message_attempts_total',
    'Attempts of this process to hand on a code or a call for a contact point, by how they ended.',
    'outcome',
    () => Object.entries(sources.messageAttempts()),
  );
  addPushCounter(registry, sources);
  byLabel('tocsin_refused_total', 'Refused with TOO_MANY_REQUESTS, by the bound.', 'bound', sources.refused);
  byLabel(
    'tocsin_deprecated_uses_total',
    'Operations that used something deprecated, by its coordinate in the schema.',
    'coordinate',
    sources.deprecatedUses,
  );
}

function addPushCounter(registry: Registry, sources: MetricSources): void {
  new Counter({
    name: 'tocsin_push_total',
    help: 'Pushes of this process, by service and by how they ended.',
    labelNames: ['service', 'outcome'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [service, outcome, count] of sources.pushAttempts()) this.inc({ service, outcome }, count);
    },
  });
}

function timeRequests(registry: Registry, server: FastifyInstance): void {
  const durations = new Histogram({
    name: 'tocsin_http_request_seconds',
    help: 'Duration of HTTP requests in seconds.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
    registers: [registry],
  });
  server.addHook('onResponse', (request, reply, done) => {
    const labels = {
      method: request.method,
      route: request.routeOptions.url ?? 'none',
      status: String(reply.statusCode),
    };
    durations.observe(labels, reply.elapsedTime / 1000);
    done();
  });
}

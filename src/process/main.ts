import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type App, createApp } from '../app.ts';
import { type Config, ConfigFault, forgetPostgresVariables, readConfig } from '../config.ts';
import { asHubError } from '../database/outage.ts';
import { RoleFault } from '../database/owner/hub-role.ts';
import { MigrationFault } from '../database/owner/migrate.ts';
import { loadDemo } from '../development/demo/load.ts';
import {
  type DevelopmentTokens,
  developmentTokens,
  localPersons,
  personaVisitors,
} from '../development/development-tokens.ts';
import { type EmbeddedDatabase, StartFault, startEmbedded } from '../development/embedded/embedded.ts';
import { startScreen } from '../development/start-screen.ts';
import { developmentPair, readSigningPair, SigningFault, type SigningPair } from '../formats/cap/signing-pair.ts';
import { createLogger } from '../operations/logs.ts';
import { loadTerritory, TerritoryFault } from '../territory/load.ts';
import type { Exporter } from '../tracing/exporter.ts';
import { surviveRejections, untilToldToEnd } from './lifetime.ts';
import { metricsOfAllWorkers } from './worker-metrics.ts';
import { startWorkers, type Workers, WorkersFault } from './workers.ts';

export interface RunOptions {
  /** Ends the hub when its parent ends: for `npm start`. A service manager keeps its children itself. */
  endsWithParent?: boolean;
  /** Which worker this process is, from 1; left out for a process of its own, and for the primary of the workers. */
  worker?: number;
}

/** How long closing may take beyond the drain before the process leaves anyway, in seconds. */
const CLOSING_SECONDS = 20;
/** How much longer the primary waits than its workers. */
const EXTRA_SECONDS = 5;

/**
 * The process: reads the configuration, starts the hub, shows where it is, ends it when told to. Exit code 0 after such
 * an end, 1 when the hub did not start, or did not close well and in time. Never returns.
 */
export async function run({ endsWithParent = false, worker }: RunOptions = {}): Promise<never> {
  const ending = untilToldToEnd(endsWithParent);
  try {
    const config = readConfig();
    const isPrimary = config.workers > 1 && worker === undefined;
    const started = isPrimary ? startMany(config) : startHub(config, worker);
    // told to end before it serves: it may finish starting, but not for ever
    await Promise.race([started, ending.then(() => pause(CLOSING_SECONDS * 1000))]);
    const hub = await Promise.race([started, ending.then(() => undefined)]);
    if (!hub) process.exit(1);
    hub.logger.info({ ending: await ending }, 'the hub ends');
    const seconds = config.drainSeconds + CLOSING_SECONDS + (isPrimary ? EXTRA_SECONDS : 0);
    const late = setTimeout(() => process.exit(1), seconds * 1000);
    const code = await hub.close().then(
      () => 0,
      (error) => {
        hub.logger.error({ err: error }, 'the hub did not end well');
        return 1;
      },
    );
    clearTimeout(late);
    process.exit(code);
  } catch (error) {
    console.error(explained(error));
    process.exit(1);
  }
}

async function startHub(config: Config, worker?: number) {
  const logger = createLogger(config.logLevel, worker);
  surviveRejections((error) => logger.error({ err: error }, 'a promise failed that nobody waited for'));
  const signing = configuredPair(config);
  const traces = await exporter(config, logger);
  for (const line of config.mode === 'production' ? advice(config) : []) logger.warn(line);
  const embedded = await startDatabase(config, (line) => logger.warn(line));
  try {
    const tokens = tokensOf(config);
    const app = await createApp({
      databaseUrl: embedded?.url ?? config.databaseUrl ?? '',
      demandsHubRole: config.mode === 'production',
      host: config.host,
      port: config.port,
      publicUrl: config.publicUrl,
      operators: config.operators,
      explorer: config.explorer,
      securityContacts: config.securityContacts,
      territory: loadTerritory(config.territoryFile),
      geocoder: config.geocoder,
      heartbeat: config.heartbeat,
      gateway: config.gateway,
      logger,
      capSender: config.cap.sender,
      mail: config.mail,
      push: config.push,
      signing: signing ?? (await developmentPair(config.dataDir, new Date())),
      retentionDays: config.retentionDays,
      recent: config.recent,
      localPersonOf: tokens && localPersons(tokens),
      issuers: config.issuers,
      rolesFrom: config.rolesFrom,
      tokenRules: config.tokenRules,
      desk: { ...config.desk, personas: tokens ? personaVisitors() : [] },
      limits: config.limits,
      trustedProxies: config.trustedProxies,
      // One worker fills the database for all of them.
      fillEmpty: config.demo && (worker ?? 1) === 1 ? loadDemo : undefined,
      allowLoopback: config.allowLoopback,
      drainSeconds: config.drainSeconds,
      snapshot: { file: path.join(config.dataDir, 'board.snapshot'), writes: (worker ?? 1) === 1 },
      poolSize: poolOf(config),
      publicConnections: Math.min(config.connections.public, poolOf(config) - 1),
      ...(worker === undefined ? {} : { metricsOfAll: metricsOfAllWorkers }),
    });
    if (worker === undefined) show(config, { logger, url: app.url, tokens, embedded });
    else process.send?.({ url: app.url });
    return { logger, close: () => closeHub(app, embedded).finally(() => traces?.close()) };
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}

/** Sends spans to a collector, where there is one: else nothing of that is loaded. */
async function exporter({ tracing }: Config, logger: Logger): Promise<Exporter | undefined> {
  if (!tracing) return undefined;
  const { exportTraces } = await import('../tracing/exporter.ts');
  return exportTraces({ ...tracing, onError: (reason) => logger.warn({ reason }, 'spans could not be exported') });
}

/** The primary: what there is once (the embedded database, the tokens) is its own; the hubs are its workers. */
async function startMany(config: Config) {
  const logger = createLogger(config.logLevel);
  surviveRejections((error) => logger.error({ err: error }, 'a promise failed that nobody waited for'));
  const embedded = await startDatabase(config, (line) => logger.warn(line));
  try {
    const tokens = tokensOf(config);
    const environment: Record<string, string> = embedded ? { DATABASE_URL: embedded.url } : {};
    const patience = { startMs: config.startSeconds * 1000, serveMs: config.hangSeconds * 1000 };
    const workers = await startWorkers({ count: config.workers, environment, patience, logger });
    show(config, { logger, url: workers.url, tokens, embedded });
    return { logger, close: () => closeHub(workers, embedded) };
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}

/** Settings without which a hub in production does well, and whoever runs it does not. */
const advice = ({ securityContacts, operators }: Config): string[] =>
  [
    securityContacts.length === 0 &&
      'TOCSIN_SECURITY_CONTACT is not given: who finds a hole finds nobody at /.well-known/security.txt',
    !operators.key &&
      !operators.own &&
      'TOCSIN_METRICS_PORT and TOCSIN_METRICS_KEY are not given: nobody can read /metrics, nor why a hub is not ready',
  ].filter((line) => typeof line === 'string');

/** Connections of one worker: PostgreSQL lets in a hundred, unless told otherwise, and others want some. */
const poolOf = ({ workers, connections }: Config): number =>
  workers > 1 ? Math.max(2, Math.min(connections.all, Math.floor(60 / workers))) : connections.all;

const tokensOf = ({ mode, dataDir }: Config): DevelopmentTokens | undefined =>
  mode === 'development' ? developmentTokens(dataDir) : undefined;

interface Started {
  logger: Logger;
  url: string;
  tokens: DevelopmentTokens | undefined;
  embedded: EmbeddedDatabase | undefined;
}

function show({ dataDir, allowLoopback }: Config, { logger, url, tokens, embedded }: Started): void {
  if (tokens) process.stdout.write(startScreen({ url, dataDir, tokens, embedded: !!embedded, allowLoopback }));
  else logger.info({ url }, 'the hub listens');
}

/** The pair that is configured, read before anything is started; undefined in development without one. */
function configuredPair({ mode, cap }: Config): SigningPair | undefined {
  return cap.pair && readSigningPair(cap.pair, { inEarnest: mode === 'production', now: new Date() });
}

async function startDatabase(config: Config, log: (line: string) => void): Promise<EmbeddedDatabase | undefined> {
  if (config.databaseUrl) return undefined;
  forgetPostgresVariables();
  return startEmbedded({ dataDir: config.dataDir, log });
}

async function closeHub(app: App | Workers, embedded: EmbeddedDatabase | undefined): Promise<void> {
  try {
    await app.close();
  } finally {
    await embedded?.stop();
  }
}

const START_FAULTS = [TerritoryFault, SigningFault, WorkersFault, RoleFault, MigrationFault];

/** The words for the person who started the hub: one line for a fault of the setting, a stack for a fault of the hub. */
function explained(error: unknown): string {
  if (error instanceof ConfigFault || error instanceof StartFault) return error.message;
  if (START_FAULTS.some((fault) => error instanceof fault) && error instanceof Error)
    return `Tocsin did not start: ${error.message}`;
  const first = error instanceof AggregateError ? error.errors[0] : error;
  if (!(first instanceof Error)) return String(first);
  const { code } = first as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return `Tocsin did not start: ${first.message}; give another PORT or TOCSIN_METRICS_PORT`;
  if (asHubError(error)?.code === 'UNAVAILABLE')
    return `Tocsin did not start: no PostgreSQL there, ${first.message}; and no snapshot of what was public to serve`;
  return `Tocsin did not start: ${first.stack}`;
}

// type-graphql's decorators want it there before any class is read.
import 'reflect-metadata';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Logger } from 'pino';
import { migrations } from '../migrations/list.ts';
import { resolveAccount } from './access/account.queries.ts';
import type { Actor } from './access/actor.ts';
import { createAuthenticate, type LocalPersonOf } from './access/authenticate.ts';
import { oidcVerifier } from './access/oidc.ts';
import { peerOf } from './access/peer.ts';
import { ResponseCache } from './api/answers/kept/response-cache.ts';
import { Moments } from './api/answers/moment.ts';
import { createServer } from './api/server.ts';
import { Board } from './board/board.ts';
import type { PublicReads } from './board/public-reads.ts';
import { readPublic } from './board/snapshot/load.ts';
import { lastSnapshot, snapshotOrigin } from './board/snapshot/snapshot.ts';
import { SnapshotKeeper } from './board/snapshot/snapshot-keeper.ts';
import { CapFolder } from './channels/cap/cap-folder.ts';
import { CapShelf } from './channels/cap/cap-shelf.ts';
import { mountCap } from './channels/cap/mount-cap.ts';
import { CardPress } from './channels/cards/card-press.ts';
import { mountCards } from './channels/cards/mount-cards.ts';
import { pictureOf } from './channels/cards/picture.ts';
import { mountFeeds } from './channels/feeds/mount-feeds.ts';
import { Renderings } from './channels/feeds/renderings.ts';
import { forgetDeliveries } from './channels/webhooks/delivery/attempt.commands.ts';
import { Courier } from './channels/webhooks/delivery/courier.ts';
import { waitingDeliveries } from './channels/webhooks/delivery/delivery.queries.ts';
import { PUBLIC_TARGETS, type Targets } from './channels/webhooks/target.ts';
import { type Clock, systemClock } from './clock.ts';
import { openDatabase } from './database/connection.ts';
import { migrate } from './database/migrate.ts';
import { asHubError } from './database/outage.ts';
import { type Sql, sqlOver } from './database/sql.ts';
import { untilThere } from './database/until-there.ts';
import { openDeskChanges } from './editorial/desk-changes/desk-change.resolver.ts';
import { DeskFeed } from './editorial/desk-changes/desk-feed.ts';
import { overdueSignatures } from './editorial/dossier/dossier.queries.ts';
import { sealEarlier } from './editorial/publishing/seal.commands.ts';
import { keepTime, whatIsDue } from './editorial/timekeeping/timekeeping.commands.ts';
import { entities } from './entities.ts';
import { HubError } from './errors.ts';
import { sealCap } from './formats/cap/seal.ts';
import type { SigningPair } from './formats/cap/signing-pair.ts';
import { createContext } from './graphql/context.ts';
import { Documents } from './graphql/documents.ts';
import { errorFormatter } from './graphql/error-format.ts';
import { LIMITS, limitRule } from './graphql/limits.ts';
import { createSchema } from './graphql/schema.ts';
import { encodeCursor } from './journal/cursor.rules.ts';
import { Pages } from './journal/pages.ts';
import type { RingLimits } from './journal/ring.ts';
import { Tail } from './journal/tail.ts';
import { Timekeeper } from './journal/timekeeper.ts';
import { Followers } from './live/following/followers.ts';
import { Renderer } from './live/following/rendering.ts';
import { mountSse, type SseEdge } from './live/sse/sse.ts';
import { serveWebSocket } from './live/websocket/websocket.ts';
import { AUDIT_CHANNEL } from './office/audit.commands.ts';
import { forgetAnswers } from './office/kept-answer.commands.ts';
import { Office } from './office/office.ts';
import { mountHealth } from './operations/health.ts';
import { mountMetrics } from './operations/metrics.ts';
import { type AddressCheck, isPublicAddress } from './outgoing/public-address.rules.ts';
import { type Requests, watchRequests } from './process/requests.ts';
import type { metricsOfAllWorkers } from './process/worker-metrics.ts';
import type { PublicDocument } from './publications/document.ts';
import { mountReportMaps } from './reports/map/mount-maps.ts';
import { erasePersonalData } from './reports/personal/personal.commands.ts';
import { type HubOffice, resolversOf } from './resolvers.ts';
import type { Territory } from './territory/territory.ts';
import { Watchkeeper } from './watchers/watchkeeper.ts';
import { mountPages } from './web/mount.ts';

export interface AppOptions {
  databaseUrl: string;
  host: string;
  port: number;
  /** Base of permalinks; the address of the server where it is left out. */
  publicUrl?: string;
  territory: Territory;
  logger: Logger;
  capSender: string;
  /** Signs CAP messages. */
  signing: SigningPair;
  retentionDays: number;
  /** How much of the newest entries of the journal stays in memory; 10,000 entries, 128 MiB, where it is left out. */
  recent?: RingLimits;
  /** Knows the tokens of development; left out in production. */
  localPersonOf?: LocalPersonOf;
  oidc?: { issuer: string; audience: string };
  clock?: Clock;
  /** Which addresses watchers may connect to; those of the public Internet where it is left out. */
  watchable?: AddressCheck;
  /** Where webhooks may lead; https on the public Internet where it is left out. */
  webhookTargets?: Targets;
  /** Fills a database whose journal is empty, before the hub begins its work. */
  fillEmpty?: (hub: EmptyHub) => Promise<void>;
  /** Where what is public is kept on disk, for a start while PostgreSQL is away; not kept where it is left out. */
  snapshot?: { file: string; writes: boolean };
  /** Most connections to PostgreSQL at a time, beside the two of the journal and the clock; 10 when left out. */
  poolSize?: number;
  /** Gives the metrics of all workers in place of this one's own, where there are several. */
  metricsOfAll?: typeof metricsOfAllWorkers;
  /** Over how many seconds followers are sent away when the hub ends, where there are many; 0 when left out. */
  drainSeconds?: number;
}

/** A hub that has published nothing yet. */
export interface EmptyHub {
  office: HubOffice;
  /** The account's id of a subject. */
  accountOf(subject: string, name: string): Promise<string>;
  now: Date;
}

export interface App {
  url: string;
  office: HubOffice;
  reads: PublicReads;
  /**
   * Is not ready from now on, sends followers away spread over the drain window, answers what is under way, closes every
   * connection, leaves nothing running. May be called again.
   */
  close(): Promise<void>;
}

const RECENT: RingLimits = { entries: 10_000, bytes: 128 * 2 ** 20 };
/** Pages of the table take this part of what the newest entries may take. */
const PAGES_SHARE = 1 / 4;
const SWEEP_MS = 60_000;
const UNKNOWN_WEBHOOKS = { pending: Number.NaN, oldestSeconds: Number.NaN, paused: Number.NaN };

/** The composition root: every wire of one hub process, in the order in which the street runs. */
export async function createApp(options: AppOptions): Promise<App> {
  const { databaseUrl, territory, logger, clock = systemClock } = options;
  const warn = (what: string) => (error: unknown) => logger.warn({ err: error }, what);
  const { poolSize = 10, recent = RECENT } = options;
  const database = await openDatabase({ url: databaseUrl, entities, poolSize, log: (line) => logger.debug(line) });
  const pooled = sqlOver(database.pool);
  // Until the migrations ran, nobody reads or writes what may not be as this version knows it.
  let arrived = false;
  const afterArrival = <T>(use: () => T): T => {
    if (!arrived)
      throw new HubError('UNAVAILABLE', 'the database could not be reached yet; what was public is readable');
    return use();
  };
  const sql: Sql = async (text, parameters) => afterArrival(() => pooled(text, parameters));
  const em = () => afterArrival(() => database.orm.em.fork());

  // journal → board
  const desk = new DeskFeed(sql);
  const tail = new Tail<PublicDocument>({
    url: databaseUrl,
    recent,
    otherChannels: { [AUDIT_CHANNEL]: () => desk.poke() },
    onError: warn('the journal cannot be read'),
    readWhole: readPublic,
  });
  const board = new Board(clock);
  tail.listen((batch) => {
    for (const entry of batch) board.apply(entry);
  });
  tail.onWhole((entries) => board.replace(entries));
  const arrive = async () => {
    await migrate({ url: databaseUrl, migrations, log: (line) => logger.info(line) });
    await tail.start();
    arrived = true;
  };
  const origin = snapshotOrigin(databaseUrl);
  const { file, writes = false } = options.snapshot ?? {};
  const onError = warn('the snapshot of what is public cannot be written');
  const snapshots = file && writes ? new SnapshotKeeper({ file, origin, tail, board, clock, onError }) : undefined;
  await arrive().catch(async (error) => {
    const leaveAside = (why: string) => logger.warn({ file }, `the snapshot of what was public is left aside: ${why}`);
    const known = file && isAway(error) ? await lastSnapshot(file, origin, leaveAside) : undefined;
    if (!known) {
      await Promise.all([tail.close(), database.close()]);
      throw error;
    }
    tail.standAt(known);
    board.replace(known.entries);
    logger.warn({ err: error, asOf: known.takenAt }, 'PostgreSQL is away: what was public last is shown');
  });
  const sweeper = setInterval(() => board.sweep(), SWEEP_MS);
  const pages = new Pages<PublicDocument>(sql, Math.ceil(recent.bytes * PAGES_SHARE));
  const reads: PublicReads = {
    board,
    territory,
    journal: { tail, pages, sql, clock, retentionDays: options.retentionDays },
    publicUrl: options.publicUrl ?? '',
  };

  const folder = file ? new CapFolder(path.join(path.dirname(file), 'cap'), writes) : undefined;
  const shelf = new CapShelf(reads, folder, warn('CAP messages cannot be kept on disk'));
  tail.onRead(() => void shelf.keepUp());
  void shelf.keepUp();

  const targets = options.webhookTargets ?? PUBLIC_TARGETS;
  const courier = new Courier({
    em,
    ground: { ...reads, clock, publicUrl: () => reads.publicUrl },
    targets,
    onError: warn('webhooks could not be served'),
  });

  // editorial → journal
  const office: HubOffice = new Office({
    em,
    clock,
    resources: {
      territory,
      capSender: options.capSender,
      seal: (document) => sealCap(document, { territory, publicUrl: reads.publicUrl }, options.signing),
      notifyHubs: async () => {
        await tail.announce();
        await shelf.keepUp();
      },
      wakeCourier: () => courier.poke(),
    },
  });
  const watchkeeper = new Watchkeeper({
    office,
    territory,
    account: () => accountOf('tocsin:veille', 'Veille'),
    allow: options.watchable ?? isPublicAddress,
    onError: warn('a feed could not be looked at'),
  });
  const timekeeper = new Timekeeper({
    url: databaseUrl,
    onError: warn('the timekeeper stopped for a moment'),
    tick: async () => {
      for (const due of await whatIsDue(em(), clock.now()))
        await office.run(null, { action: due.what, subject: due.id }, (desk) => keepTime(desk, due));
      await erasePersonalData(em(), clock.now());
      await forgetAnswers(em(), clock.now());
      await forgetDeliveries(em(), clock.now(), options.retentionDays);
      await watchkeeper.tick();
    },
  });

  const accountOf = (subject: string, name: string) => resolveAccount(em(), subject, name);

  // the ways out
  const { oidc, localPersonOf } = options;
  const authenticate = createAuthenticate({
    ...(localPersonOf ? { localPersonOf } : {}),
    ...(oidc ? { verify: oidcVerifier(oidc.issuer, oidc.audience) } : {}),
    accountOf,
  });
  tail.onRead(() => desk.poke());
  tail.onRestart(() => void desk.restart().catch(warn('the audit log cannot be read')));
  const sources = { reads, openDeskChanges: (actor: Actor | null) => openDeskChanges(office, desk, actor) };
  const schema = createSchema(resolversOf(reads, office, targets));
  const documents = new Documents(schema, { validationRules: [limitRule], maxTokens: LIMITS.tokens });
  const format = errorFormatter(
    (error, id) => logger.error({ err: error, errorId: id }, 'unexpected error'),
    asHubError,
  );
  // Thousands of followers are nobody: one object for all of them.
  const nobody = { context: () => createContext(null, sources), expiresAt: null };
  const connect = async (authorization: string | undefined, request: IncomingMessage) => {
    const found = await authenticate(authorization, peerOf(request));
    if (!found) return nobody;
    const { actor, expiresAt } = found;
    return { context: () => createContext(actor, sources), expiresAt };
  };
  const renderer = new Renderer({
    board,
    clock,
    cursorOf: (position) => encodeCursor({ epoch: tail.head.epoch, position }),
    format,
    context: () => createContext(null, sources),
  });
  const followers = new Followers(reads.journal, renderer, warn('a follower could not be told'));
  tail.onRestart(() => {
    logger.warn('the database was restored from a backup: every follower starts over');
    followers.resync();
  });
  const live = { documents, followers, format };
  let closing: Promise<void> | undefined;
  let sse: SseEdge | undefined;
  const cards = new CardPress({ territory });
  const renderings = new Renderings(board);
  const moments = new Moments(reads);
  const cache = new ResponseCache(moments);
  let requests: Requests | undefined;
  const server = await createServer({
    documents,
    authenticate,
    sources,
    logger,
    once: (request, work) => office.once(request, work),
    cache,
    moments,
    closing: () => closing !== undefined,
    mount: (fastify) => {
      requests = watchRequests(fastify, () => closing !== undefined);
      sse = mountSse(fastify, {
        ...live,
        connect: (request) => connect(request.headers.authorization, request.raw),
      });
      mountPages(fastify, reads, pictureOf(reads));
      mountCards(fastify, reads, cards);
      mountFeeds(fastify, reads, renderings);
      mountCap(fastify, shelf);
      mountReportMaps(fastify, { em, clock, authenticate });
      mountHealth(fastify, {
        checks: {
          database: () => tail.available || 'PostgreSQL cannot be reached: what is public may have been overtaken',
          journal: () => tail.head.epoch !== '',
          open: () => closing === undefined,
        },
      });
      mountMetrics(fastify, {
        followers: () => webSocket.connections + (sse?.connections ?? 0),
        tooSlow: () => webSocket.tooSlow + (sse?.tooSlow ?? 0),
        changeExecutions: () => renderer.executions,
        boardSize: () => board.size,
        cache: () => cache.figures,
        journalBytes: () => tail.recentBytes + pages.bytes,
        journalPosition: () => tail.head.position,
        databaseAvailable: () => tail.available,
        leads: () => timekeeper.leads,
        // Scraping goes on while the database is away; what cannot be known is told as such.
        overdueSignatures: async () =>
          arrived ? overdueSignatures(em(), clock.now()).catch(() => Number.NaN) : Number.NaN,
        webhooks: async () =>
          arrived ? waitingDeliveries(em(), clock.now()).catch(() => UNKNOWN_WEBHOOKS) : UNKNOWN_WEBHOOKS,
        webhookAttempts: () => courier.counts,
        forAll: options.metricsOfAll,
      });
    },
  });
  const webSocket = serveWebSocket({
    server: server.server,
    ...live,
    maxPayload: LIMITS.body,
    maxOperations: LIMITS.openOperations,
    connect,
  });
  await server.listen({ host: options.host, port: options.port });
  const { port } = server.server.address() as AddressInfo;
  const url = `http://${options.host === '127.0.0.1' ? 'localhost' : options.host}:${port}`;
  // From here on permalinks are known, and so what CAP messages hold for ever.
  reads.publicUrl ||= url;
  const begin = async () => {
    if (!arrived) await arrive();
    await office
      .run(null, { action: 'sealEarlier' }, sealEarlier)
      .catch(warn('earlier CAP messages are not sealed yet'));
    if (tail.head.position === 0) await options.fillEmpty?.({ office, accountOf, now: clock.now() });
    timekeeper.start();
    tail.onRead(() => courier.poke());
    courier.poke();
  };
  const ended = new AbortController();
  const begun = arrived ? begin() : untilThere(begin, ended.signal, warn('the database is waited for'));
  if (arrived) await begun;

  const stop = async () => {
    const windowMs = (options.drainSeconds ?? 0) * 1000;
    ended.abort();
    // Somebody else may keep time meanwhile.
    const idle = begun.then(() => timekeeper.close()).then(() => watchkeeper.close());
    await Promise.all([idle, begun.then(() => courier.close()), sse?.drain(windowMs), webSocket.drain(windowMs)]);
    followers.close();
    clearInterval(sweeper);
    await requests?.end();
    await cards.close();
    await snapshots?.close();
    await tail.close();
    await database.close();
  };
  return {
    url,
    office,
    reads,
    close: () => {
      closing ??= stop();
      return closing;
    },
  };
}

const isAway = (error: unknown): boolean => asHubError(error)?.code === 'UNAVAILABLE';

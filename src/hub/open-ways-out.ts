import type { FastifyInstance } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import manifest from '../../package.json' with { type: 'json' };
import { createAuthenticate } from '../access/authenticate.ts';
import type { Identify } from '../access/identify.ts';
import { oidcVerifier } from '../access/oidc.ts';
import { peerOf } from '../access/peer.ts';
import { holderOfSealedKey } from '../access/sealed/sealed-key.queries.ts';
import { DEFAULT_TOKEN_RULES } from '../access/token.rules.ts';
import { Geocoder } from '../addresses/remote/geocoder.ts';
import { Allowance } from '../allowance/allowance.ts';
import { NO_LIMITS } from '../allowance/bounds.ts';
import { type ClientAddress, clientAddress } from '../allowance/client-address.ts';
import { POINTS } from '../allowance/points.rules.ts';
import { UnnamedProxies } from '../allowance/unnamed-proxies.ts';
import { KeptAddresses } from '../api/answers/kept/kept-addresses.ts';
import { ResponseCache } from '../api/answers/kept/response-cache.ts';
import { PublicVersions } from '../api/answers/public-versions.ts';
import { mountSchemaFiles } from '../api/schema-files.ts';
import { createServer } from '../api/server.ts';
import { BoardSizes } from '../board/sizes/board-sizes.ts';
import { CallLoaders } from '../calling/call.loaders.ts';
import { mountCap } from '../channels/cap/mount-cap.ts';
import { CardPress } from '../channels/cards/card-press.ts';
import { mountCards } from '../channels/cards/mount-cards.ts';
import { pictureOf } from '../channels/cards/picture.ts';
import { mountFeeds } from '../channels/feeds/mount-feeds.ts';
import { CodeTries } from '../contacts/code-tries.ts';
import { asHubError } from '../database/outage.ts';
import { DeskChanges } from '../editorial/desk-changes/desk-changes.ts';
import { FlashLoaders } from '../flashes/flash.loaders.ts';
import type { Context } from '../graphql/context.ts';
import { Documents } from '../graphql/documents.ts';
import { errorFormatter, type LogUnexpected } from '../graphql/error-format.ts';
import { LIMITS, limitFault } from '../graphql/limits.ts';
import { firstFound } from '../graphql/loaders.ts';
import { createSchema } from '../graphql/schema.ts';
import { type AskedLog, LogFollowers } from '../incident-log/following/log-followers.ts';
import { DoorLog } from '../operations/door-log.ts';
import { type HealthOptions, mountHealth } from '../operations/health.ts';
import { type Metrics, mountMetrics, openMetrics } from '../operations/metrics.ts';
import { listenApart, ownPort } from '../operations/own-port.ts';
import { PUBLIC_TARGETS } from '../outgoing/checked-connection.ts';
import { mountReportMaps } from '../reports/map/mount-maps.ts';
import { resolversOf } from '../resolvers.ts';
import { errorPage } from '../web/error-page.ts';
import { mountPages } from '../web/mount.ts';
import { mountSecurityText } from '../web/security-text.ts';
import { openCallPage } from './desk/open-call-page.ts';
import { openDesk } from './desk/open-desk.ts';
import { openExports } from './desk/open-exports.ts';
import { openMailPages } from './desk/open-mail-pages.ts';
import { openPictures } from './desk/open-pictures.ts';
import { healthChecks, metricSources } from './figures.ts';
import type { OpenJournal } from './open-journal.ts';
import { openLive } from './open-live.ts';
import type { OpenOffice } from './open-office.ts';
import { type Checked, operatorsAt } from './operators.ts';
import type { Start } from './options.ts';
import { watchRequests } from './requests.ts';

const UNNAMED = 'X-Forwarded-For of a peer that TOCSIN_TRUSTED_PROXIES does not name is not believed';

/** The ways out of a hub. */
export interface WaysOut {
  /** Of everybody; it does not listen yet. */
  readonly server: FastifyInstance;
  /** Where operators have a server of their own, which listens: they see why a hub does not start. */
  readonly operatorsUrl: string | undefined;
}

/** Every way on which what is public leaves the hub, on one server that does not listen yet. */
export async function openWaysOut(start: Start, journal: OpenJournal, desk: OpenOffice): Promise<WaysOut> {
  const { logger } = start.options;
  const own = openOwnPort(start);
  const schema = schemaOf(start, journal, desk);
  const sizes = new BoardSizes(journal.reads);
  const documents = new Documents(schema, { limitFault, maxTokens: LIMITS.tokens, sizes: () => sizes.now() });
  const addressOf = openAddresses(start);
  const allowance = new Allowance(start.options.limits ?? NO_LIMITS, addressOf);
  const doors = new DoorLog({ logger, addressOf });
  const checked: Checked = (request, token, check) =>
    doors.token(request, () => allowance.checked(request, token, check));
  const identify = openAccess(start, journal, checked);
  const sources = openSources(journal, desk);
  const logUnexpected: LogUnexpected = (error, id) => logger.error({ err: error, errorId: id }, 'unexpected error');
  const format = errorFormatter(logUnexpected, asHubError);
  const versions = new PublicVersions(journal.reads);
  const cache = new ResponseCache(versions, documents.deprecated);
  // Apart, so that no flood of addresses drives out the answers to apps.
  const atAddresses = new ResponseCache(versions, documents.deprecated);
  const addresses = new KeptAddresses(atAddresses, (request) => allowance.anonymous(request).admit(POINTS.address));
  const cards = new CardPress({ territory: start.options.territory });
  start.closing.push(() => cards.close());
  const signIn = openDesk(start, journal, { checked, allowance });
  const edge = { documents, identify, allowance, sources, format, desk: signIn?.door };
  const server = await openServer(start, {
    ...edge,
    logger,
    logUnexpected,
    onRefusedInside: (request, ...told) => doors.refusedInside(doors.originOf(request), ...told),
    onUnreadable: (...told) => doors.unreadable(...told),
    errorPage,
    once: (request, operation) => desk.office.once(request, desk.cursors.withCursor(operation)),
    cache,
    addresses,
    versions,
    explorer: start.options.explorer ?? true,
    isSecure: start.publicUrl.startsWith('https:'),
  });
  const live = openLive(start, journal, server, { ...edge, doors });
  doors.watch(server);
  mountSchemaFiles(server, schema, manifest.version);
  signIn?.mount(server);
  mountReads(journal, server, cards, addresses);
  openSecurityText(start, server, addresses);
  const { represented } = addresses;
  mountReportMaps(server, { em: journal.database.em, clock: start.clock, identify, represented });
  const deskEdge = { allowance, identify, door: signIn?.door };
  openExports(start, journal, desk, server, { schema, ...deskEdge });
  openPictures(journal, desk, server, deskEdge);
  openMailPages(journal, desk, server, allowance);
  openCallPage(start, journal, desk, server, deskEdge);
  const checks = healthChecks(start, journal, desk);
  const figures = { live, cache, addresses: atAddresses, deprecated: documents.deprecated, allowance };
  const metrics = openMetrics(server, metricSources(start, journal, desk, figures));
  const admit = operatorsAt(start.options.operators ?? { atHome: true }, checked);
  mountHealth(server, { checks, admit });
  mountMetrics(server, metrics, admit);
  const operatorsUrl = await own?.open(checks, metrics);
  return { server, operatorsUrl };
}

/** The schema, bound to what answers its fields. */
function schemaOf(
  start: Start,
  { reads, database }: OpenJournal,
  { office, targets, press, mail: { sender }, push }: OpenOffice,
): GraphQLSchema {
  const addressSources = { sql: database.sql, geocoder: geocoderOf(start) };
  const tries = new CodeTries({ em: database.em, clock: start.clock });
  const { desk } = start.options;
  return createSchema(
    resolversOf(reads, office, targets, addressSources, desk?.times, press, sender, tries, push.desk),
  );
}

/** Another's geocoder, where the operator chose one. */
function geocoderOf({ options: { geocoder, territory, logger } }: Start): Geocoder | undefined {
  const onFault = (fault: string) => logger.warn({ fault }, 'the geocoder is left alone for a while');
  return geocoder && new Geocoder({ targets: PUBLIC_TARGETS, ...geocoder, territory, onFault });
}

/** The server of operators alone, where they have one; it goes on until everything else has ended. */
function openOwnPort({ options: { operators, logger }, closing }: Start) {
  const address = operators?.own;
  if (!address) return undefined;
  const server = ownPort();
  closing.push(() => server.close());
  const everybody = async () => undefined;
  return {
    async open(checks: HealthOptions['checks'], metrics: Metrics): Promise<string> {
      mountHealth(server, { checks, admit: everybody });
      mountMetrics(server, metrics, everybody);
      const url = await listenApart(server, address);
      logger.info({ url }, 'metrics and the reasons of readiness have a port of their own');
      return url;
    },
  };
}

/** Whose address a request comes from; a proxy that the operator forgot to name is told of. */
function openAddresses({ options: { logger, trustedProxies = [] } }: Start): ClientAddress {
  const unnamed = new UnnamedProxies((peer) => logger.warn({ peer }, UNNAMED));
  return clientAddress(trustedProxies, unnamed.seen);
}

function openAccess({ options, warn }: Start, { accounts, keys, database }: OpenJournal, checked: Checked): Identify {
  const { issuers = [], tokenRules: rules = DEFAULT_TOKEN_RULES, localPersonOf } = options;
  const onError = warn('the keys of an issuer cannot be fetched; the last ones hold for 72 hours');
  const authenticate = createAuthenticate({
    ...(localPersonOf ? { localPersonOf } : {}),
    ...(issuers.length > 0 ? { verify: oidcVerifier({ issuers, rules, onError }) } : {}),
    accounts,
    keys,
    sealed: (key) => holderOfSealedKey(database.sql, key),
  });
  return (token, request) => checked(request, token, () => authenticate(token, peerOf(request)));
}

/** The services that subscriptions and the payloads of mutations need. */
function openSources({ reads, deskFeed }: OpenJournal, { office, cursors }: OpenOffice) {
  const others = firstFound(new CallLoaders(office).subject, new FlashLoaders(office).subject);
  const deskChanges = new DeskChanges(office, deskFeed, others);
  const logs = new LogFollowers(office, reads.territory, deskFeed);
  const { cursorAfterWrite } = cursors;
  return {
    reads,
    cursorAfterWrite,
    openDeskChanges: (context: Context) => deskChanges.open(context),
    openLogLines: (context: Context, asked: AskedLog) => logs.open(context, asked),
  };
}

/** The HTTP server; on closing it answers what is under way. */
async function openServer(
  { closing }: Start,
  options: Omit<Parameters<typeof createServer>[0], 'closing'>,
): Promise<FastifyInstance> {
  const isClosing = () => closing.isClosing;
  const server = await createServer({ ...options, closing: isClosing });
  const requests = watchRequests(server, isClosing);
  closing.push(() => requests.end());
  return server;
}

function openSecurityText(
  { options: { securityContacts: contacts = [] }, publicUrl, clock }: Start,
  server: FastifyInstance,
  { represented }: KeptAddresses,
): void {
  if (contacts.length > 0) mountSecurityText(server, { contacts, publicUrl, clock }, represented);
}

/** Pages, pictures, feeds and CAP messages. */
function mountReads(
  { reads, shelf }: OpenJournal,
  server: FastifyInstance,
  cards: CardPress,
  { represented }: KeptAddresses,
): void {
  mountPages(server, reads, pictureOf(reads), represented);
  mountCards(server, reads, cards, represented);
  mountFeeds(server, reads, represented);
  mountCap(server, shelf, represented);
}

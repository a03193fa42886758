import type { Logger } from 'pino';
import type { RolesFrom, Visitor } from '../access/account-directory.ts';
import type { LocalPersonOf } from '../access/authenticate.ts';
import type { Issuer } from '../access/oidc.ts';
import type { TokenRules } from '../access/token.rules.ts';
import type { AllowanceLimits } from '../allowance/bounds.ts';
import type { PushSecrets, PushTargets } from '../channels/push/push-setting.ts';
import type { WebhookTargets } from '../channels/webhooks/target.ts';
import type { Clock } from '../clock.ts';
import type { SigningPair } from '../formats/cap/signing-pair.ts';
import type { RecentLimits } from '../journal/recent-entries.ts';
import type { MailerOptions } from '../mail/mailer.ts';
import type { MetricSources } from '../operations/metrics.ts';
import type { Targets } from '../outgoing/checked-connection.ts';
import type { HubOffice } from '../resolvers.ts';
import type { DeskClient } from '../sign-in/issuer-client.ts';
import type { SessionTimes } from '../sign-in/session.rules.ts';
import type { Territory } from '../territory/territory.ts';
import type { DatabaseClock } from '../timekeeping/database-clock.ts';
import type { ClosingStack } from './closing-stack.ts';
import type { OperatorDoors } from './operators.ts';

export interface AppOptions {
  databaseUrl: string;
  /** Whether the role of `databaseUrl` must be one of a hub alone, which owns nothing: in production. */
  demandsHubRole?: boolean;
  host: string;
  /** 0: any port that is free. */
  port: number;
  /** Base of permalinks; the address of the server where it is left out. */
  publicUrl?: string;
  territory: Territory;
  /** Another's geocoder, which is told what people look for where the hub's own addresses have nothing; none where it is left out. */
  geocoder?: { url: string; targets?: Targets } | undefined;
  /** Whom the hub that keeps time tells so each minute; nobody where it is left out. */
  heartbeat?: { url: string; targets?: Targets } | undefined;
  /** By which doors operators come; open to whoever asks from this machine where it is left out. */
  operators?: OperatorDoors;
  /** Whether browsers get an explorer of the API, at /explorer; they do where it is left out. */
  explorer?: boolean;
  /** Whom to tell of a hole, in `/.well-known/security.txt`, which is not there where it is left out. */
  securityContacts?: readonly string[];
  logger: Logger;
  capSender: string;
  /** Signs CAP messages. */
  signing: SigningPair;
  retentionDays: number;
  /** How much of the newest entries of the journal stays in memory; 10,000 entries, 128 MiB, where it is left out. */
  recent?: RecentLimits;
  /** Knows the tokens of development; left out in production. */
  localPersonOf?: LocalPersonOf;
  /** Whose access tokens are taken; nobody's where it is left out. */
  issuers?: readonly Issuer[];
  /** Whose word it is what an account may do: the hub's own, its accounts', where it is left out. */
  rolesFrom?: RolesFrom;
  /** Rules that tokens keep, beside a good signature; those of RFC 9068 where it is left out. */
  tokenRules?: TokenRules;
  /** How people sign in to the desk with a browser: nobody does where it is left out. */
  desk?: DeskOptions;
  clock?: Clock;
  /** Whether watchers and webhooks may lead to this machine itself, where nothing else is said; for developers alone. */
  allowLoopback?: boolean;
  /** Where watchers may fetch feeds; anywhere on the public Internet where it is left out. */
  watcherTargets?: Targets;
  /** Where webhooks may lead; https on the public Internet where it is left out. */
  webhookTargets?: WebhookTargets;
  /** By which relay letters leave, and from whom; none does where it is left out. */
  mail?: MailerOptions | undefined;
  /** With what the hub pushes to closed apps; none is offered where it is left out. */
  push?: PushSecrets | undefined;
  /** Where pushes may lead; https on the public Internet, port 443, where it is left out. */
  pushTargets?: PushTargets;
  /** The gateway by which texts and spoken messages leave, and answers come; none where it is left out. */
  gateway?: { url: string; secrets: readonly string[]; targets?: WebhookTargets } | undefined;
  /** Fills a database whose journal is empty, before the hub begins its work. */
  fillEmpty?: (hub: EmptyHub) => Promise<void>;
  /** Where what is public is kept on disk, for a start while PostgreSQL is away; not kept where it is left out. */
  snapshot?: { file: string; writes: boolean };
  /** Bounds of each client's spending and streams; none where it is left out. */
  limits?: AllowanceLimits;
  /** Addresses and ranges of proxies whose `X-Forwarded-For` is believed; nobody's where it is left out. */
  trustedProxies?: readonly string[];
  /** Most connections to PostgreSQL at a time, beside the two of the journal and the clock; 10 when left out. */
  poolSize?: number;
  /** How many of them the public may hold at a time; 3 when left out. */
  publicConnections?: number;
  /** Gives the metrics of all workers in place of this one's own, where there are several. */
  metricsOfAll?: MetricSources['forAll'];
  /** Over how many seconds followers are sent away when the hub ends, where there are many; 0 when left out. */
  drainSeconds?: number;
}

/** How people sign in to the desk. */
export interface DeskOptions {
  /** The hub as a client of the staff's issuer. */
  client?: DeskClient;
  /** The personas of development, who sign in from this machine without an issuer; left out in production. */
  personas?: readonly Visitor[];
  /** How long their sessions last; as long as a working day where it is left out. */
  times?: SessionTimes;
}

/** A hub that has published nothing yet. */
export interface EmptyHub {
  office: HubOffice;
  /** The id of a person's account, which gets the person's roles where it has none. */
  accountOf(person: Visitor): Promise<string>;
  now: Date;
}

/** A start under way, as every opener is given it. */
export interface Start {
  options: AppOptions;
  /** Each opener pushes the end of what it opened. */
  closing: ClosingStack;
  clock: Clock;
  /** The same where it is PostgreSQL's: it hears the time, and knows how far the machine's clock is off. */
  databaseClock: DatabaseClock | undefined;
  /** Base of permalinks, without a trailing slash. */
  publicUrl: string;
  /** Makes a listener that writes errors to the log, as warnings that begin with these words. */
  warn(what: string): (error: unknown) => void;
}

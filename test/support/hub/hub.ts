import { randomBytes } from 'node:crypto';
import { GraphQLClient } from 'graphql-request';
import { type Logger, pino } from 'pino';
import { ROLES } from '../../../src/access/actor.ts';
import { type AllowanceLimits, NO_LIMITS } from '../../../src/allowance/bounds.ts';
import { type App, createApp } from '../../../src/app.ts';
import type { WebhookTargets } from '../../../src/channels/webhooks/target.ts';
import type { Clock } from '../../../src/clock.ts';
import { loadDemo } from '../../../src/development/demo/load.ts';
import {
  type DevelopmentTokens,
  localPersons,
  PERSONAS,
  type Persona,
} from '../../../src/development/development-tokens.ts';
import type { AppOptions } from '../../../src/hub/options.ts';
import type { RecentLimits } from '../../../src/journal/recent-entries.ts';
import { loadTerritory } from '../../../src/territory/load.ts';
import { asHubRole, isOfTemplate } from '../database/cluster.ts';
import { signingPair } from './signing.ts';

/** The territory is immutable and takes a while to make: one for the worker. */
export const territory = loadTerritory();

/** Random tokens, one for each persona, as the hub makes them in development. */
export const tokens = Object.fromEntries(
  Object.keys(PERSONAS).map((persona) => [persona, randomBytes(24).toString('base64url')]),
) as DevelopmentTokens;

export interface Hub {
  app: App;
  url: string;
  /** A graphql-request client: of nobody, or of a persona of the desk. */
  as(persona?: Persona): GraphQLClient;
  close(): Promise<void>;
}

export interface HubOptions {
  url: string;
  clock?: Clock;
  demo?: boolean;
  capSender?: string;
  retentionDays?: number;
  watchable?: (address: string) => boolean;
  webhookTargets?: WebhookTargets;
  /** Whose tokens are taken; what they may do is in the token, unless `more` says otherwise. */
  oidc?: { issuer: string; audience: string };
  logger?: Logger;
  drainSeconds?: number;
  snapshot?: { file: string; writes: boolean };
  recent?: RecentLimits;
  limits?: Partial<AllowanceLimits>;
  trustedProxies?: readonly string[];
  /** Further options of a hub. */
  more?: Partial<AppOptions>;
}

/** A whole hub on a free port over a test's own database; close it in afterAll. */
export async function startHub({
  url,
  clock,
  demo = false,
  capSender = 'tocsin.example',
  retentionDays = 30,
  oidc,
  logger,
  watchable,
  webhookTargets,
  drainSeconds,
  snapshot,
  recent,
  limits,
  trustedProxies,
  more = {},
}: HubOptions): Promise<Hub> {
  const app = await createApp({
    databaseUrl: isOfTemplate(url) ? asHubRole(url) : url,
    host: '127.0.0.1',
    port: 0,
    territory,
    logger: logger ?? pino({ level: 'silent' }),
    capSender,
    signing: signingPair,
    retentionDays,
    localPersonOf: localPersons(tokens),
    ...(demo ? { fillEmpty: loadDemo } : {}),
    ...(oidc ? { issuers: [{ address: oidc.issuer, audience: oidc.audience, roles: ROLES }], rolesFrom: 'token' } : {}),
    ...(webhookTargets ? { webhookTargets } : {}),
    ...(watchable ? { watcherTargets: { allow: watchable } } : {}),
    ...(clock ? { clock } : {}),
    ...(snapshot ? { snapshot } : {}),
    ...(recent ? { recent } : {}),
    ...(limits ? { limits: { ...NO_LIMITS, ...limits } } : {}),
    ...(trustedProxies ? { trustedProxies } : {}),
    ...(drainSeconds === undefined ? {} : { drainSeconds }),
    ...more,
  });
  return {
    app,
    url: app.url,
    as: (persona) =>
      new GraphQLClient(`${app.url}/graphql`, {
        headers: persona ? { authorization: `Bearer ${tokens[persona]}` } : {},
      }),
    close: () => app.close(),
  };
}

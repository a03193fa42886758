import type { MigrationObject } from '@mikro-orm/core';
import { M0001Street } from './m0001-street.ts';
import { M0002Reports } from './m0002-reports.ts';
import { M0003Audit } from './m0003-audit.ts';
import { M0004Idempotency } from './m0004-idempotency.ts';
import { M0005Watchers } from './m0005-watchers.ts';
import { M0006CapSeals } from './m0006-cap-seals.ts';
import { M0007SocialPosts } from './m0007-social-posts.ts';
import { M0008Webhooks } from './m0008-webhooks.ts';
import { M0010WebhookTurns } from './m0010-webhook-turns.ts';
import { M0013Networks } from './m0013-networks.ts';
import { M0014FewerRoundTrips } from './m0014-fewer-round-trips.ts';
import { M0015DeskReads } from './m0015-desk-reads.ts';
import { M0018FirstReadings } from './m0018-first-readings.ts';
import { M0020PublicThread } from './m0020-public-thread.ts';
import { M0022WhatWasBefore } from './m0022-what-was-before.ts';
import { M0023SentWithinAThread } from './m0023-sent-within-a-thread.ts';
import { M0025AidPoints } from './m0025-aid-points.ts';
import { M0026WhatFiltersCompare } from './m0026-what-filters-compare.ts';
import { M0027FirstMessage } from './m0027-first-message.ts';
import { M0028UnpackOnce } from './m0028-unpack-once.ts';
import { M0029LatestEntry } from './m0029-latest-entry.ts';
import { M0030EndsThatWere } from './m0030-ends-that-were.ts';
import { M0031TimekeepingLease } from './m0031-timekeeping-lease.ts';
import { M0032MinorRevisions } from './m0032-minor-revisions.ts';
import { M0033DisabledAccounts } from './m0033-disabled-accounts.ts';
import { M0034InForce } from './m0034-in-force.ts';
import { M0035AnnouncedMessages } from './m0035-announced-messages.ts';
import { M0037StampsOfTheOwner } from './m0037-stamps-of-the-owner.ts';
import { M0038KnownByState } from './m0038-known-by-state.ts';
import { M0039AuditSignatures } from './m0039-audit-signatures.ts';
import { M0040RolesOfAccounts } from './m0040-roles-of-accounts.ts';
import { M0041ApiKeys } from './m0041-api-keys.ts';
import { M0042DeskSessions } from './m0042-desk-sessions.ts';
import { M0043SealedKeys } from './m0043-sealed-keys.ts';
import { M0044Invitations } from './m0044-invitations.ts';

/**
 * Every migration, oldest first. One that has landed is never edited: the next one changes what it did. Only the order of
 * the numbers counts: some, 0009 among them, were never used.
 */
export const migrations: MigrationObject[] = [
  { name: 'm0001-street', class: M0001Street },
  { name: 'm0002-reports', class: M0002Reports },
  { name: 'm0003-audit', class: M0003Audit },
  { name: 'm0004-idempotency', class: M0004Idempotency },
  { name: 'm0005-watchers', class: M0005Watchers },
  { name: 'm0006-cap-seals', class: M0006CapSeals },
  { name: 'm0007-social-posts', class: M0007SocialPosts },
  { name: 'm0008-webhooks', class: M0008Webhooks },
  { name: 'm0010-webhook-turns', class: M0010WebhookTurns },
  { name: 'm0013-networks', class: M0013Networks },
  { name: 'm0014-fewer-round-trips', class: M0014FewerRoundTrips },
  { name: 'm0015-desk-reads', class: M0015DeskReads },
  { name: 'm0018-first-readings', class: M0018FirstReadings },
  { name: 'm0020-public-thread', class: M0020PublicThread },
  { name: 'm0022-what-was-before', class: M0022WhatWasBefore },
  { name: 'm0023-sent-within-a-thread', class: M0023SentWithinAThread },
  { name: 'm0025-aid-points', class: M0025AidPoints },
  { name: 'm0026-what-filters-compare', class: M0026WhatFiltersCompare },
  { name: 'm0027-first-message', class: M0027FirstMessage },
  { name: 'm0028-unpack-once', class: M0028UnpackOnce },
  { name: 'm0029-latest-entry', class: M0029LatestEntry },
  { name: 'm0030-ends-that-were', class: M0030EndsThatWere },
  { name: 'm0031-timekeeping-lease', class: M0031TimekeepingLease },
  { name: 'm0032-minor-revisions', class: M0032MinorRevisions },
  { name: 'm0033-disabled-accounts', class: M0033DisabledAccounts },
  { name: 'm0034-in-force', class: M0034InForce },
  { name: 'm0035-announced-messages', class: M0035AnnouncedMessages },
  { name: 'm0037-stamps-of-the-owner', class: M0037StampsOfTheOwner },
  { name: 'm0038-known-by-state', class: M0038KnownByState },
  { name: 'm0039-audit-signatures', class: M0039AuditSignatures },
  { name: 'm0040-roles-of-accounts', class: M0040RolesOfAccounts },
  { name: 'm0041-api-keys', class: M0041ApiKeys },
  { name: 'm0042-desk-sessions', class: M0042DeskSessions },
  { name: 'm0043-sealed-keys', class: M0043SealedKeys },
  { name: 'm0044-invitations', class: M0044Invitations },
];

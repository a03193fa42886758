import { sealedFigures } from '../access/sealed/sealed-key.queries.ts';
import type { Allowance } from '../allowance/allowance.ts';
import type { ResponseCache } from '../api/answers/kept/response-cache.ts';
import { exhaustedCalls } from '../calling/ring.commands.ts';
import { pushFigures } from '../channels/push/push.queries.ts';
import { waitingDeliveries } from '../channels/webhooks/delivery/delivery.queries.ts';
import { waitingMessages } from '../contacts/messages/message-turn.commands.ts';
import { overdueSignatures } from '../editorial/dossier/dossier.queries.ts';
import type { DeprecatedUses } from '../graphql/deprecated-uses.ts';
import { waitingLetters } from '../institutions/letters/letter-turn.commands.ts';
import type { HealthOptions } from '../operations/health.ts';
import type { MetricSources } from '../operations/metrics.ts';
import { SlowFigure } from '../operations/slow-figure.ts';
import type { OpenJournal } from './open-journal.ts';
import type { LiveFigures } from './open-live.ts';
import type { OpenOffice } from './open-office.ts';
import type { Start } from './options.ts';

const UNKNOWN_SEALED = { sealed: Number.NaN, running: Number.NaN };
const UNKNOWN_LETTERS = { waiting: Number.NaN, oldestSeconds: Number.NaN };
const UNKNOWN_PUSHES = {
  subscriptions: Number.NaN,
  jobs: Number.NaN,
  oldestSeconds: Number.NaN,
  resting: Number.NaN,
};
const UNKNOWN_WEBHOOKS = { pending: Number.NaN, oldestSeconds: Number.NaN, paused: Number.NaN };

/** The conditions of `/readyz`. */
export function healthChecks(
  { closing, databaseClock }: Start,
  { reads, probe }: OpenJournal,
  { progress, timekeeper }: OpenOffice,
): HealthOptions['checks'] {
  const { tail } = reads.journal;
  return {
    database: () => tail.available || 'PostgreSQL cannot be reached: what is public may have been overtaken',
    writes: () => probe.fault ?? true,
    journal: () => tail.head.epoch !== '',
    work: () => progress.begun || 'the hub has not begun its work: an empty database may still be filled',
    time: () => timekeeper.fault ?? true,
    clock: () => databaseClock?.fault ?? true,
    open: () => !closing.isClosing,
  };
}

/** The figures of `/metrics`. They are read while the database is away too: those that only the database knows are NaN then. */
export function metricSources(
  { options, clock, databaseClock }: Start,
  { database, reads, probe, cuts }: OpenJournal,
  { timekeeper, courier, mail, messages: toPeople, push }: OpenOffice,
  {
    live,
    cache,
    addresses,
    deprecated,
    allowance,
  }: {
    live: LiveFigures;
    cache: ResponseCache;
    addresses: ResponseCache;
    deprecated: DeprecatedUses;
    allowance: Allowance;
  },
): MetricSources {
  const { tail, pages } = reads.journal;
  const signatures = new SlowFigure(() => overdueSignatures(database.em(), clock.now()), Number.NaN);
  const webhooks = new SlowFigure(() => waitingDeliveries(database.em(), clock.now()), UNKNOWN_WEBHOOKS);
  const letters = new SlowFigure(() => waitingLetters(database.em(), clock.now()), UNKNOWN_LETTERS);
  const messages = new SlowFigure(() => waitingMessages(database.em()), Number.NaN);
  const calls = new SlowFigure(() => exhaustedCalls(database.em()), Number.NaN);
  const pushes = new SlowFigure(() => pushFigures(database.em(), clock.now()), UNKNOWN_PUSHES);
  const sealedKeys = new SlowFigure(() => sealedFigures(database.sql), UNKNOWN_SEALED);
  return {
    followers: live.connections,
    tooSlow: live.tooSlow,
    changeExecutions: live.changeExecutions,
    boardSize: () => reads.board.size,
    cache: () => cache.figures(),
    addresses: () => addresses.figures(),
    journalBytes: () => tail.recentBytes + pages.bytes,
    journalPosition: () => tail.head.position,
    databaseAvailable: () => tail.available,
    clockDistance: () => (databaseClock?.distanceMs ?? 0) / 1000,
    leads: () => timekeeper.leads,
    timekeepingAge: () => timekeeper.ageSeconds,
    databaseWritable: () => probe.fault === undefined,
    connectionsCut: cuts,
    overdueSignatures: () => signatures.read(),
    exhaustedCalls: () => calls.read(),
    sealedKeys: () => sealedKeys.read(),
    webhooks: () => webhooks.read(),
    webhookAttempts: () => courier.counts,
    letters: () => letters.read(),
    letterAttempts: mail.counts,
    messages: () => messages.read(),
    messageAttempts: toPeople.counts,
    pushes: () => pushes.read(),
    pushAttempts: push.counts,
    refused: () => allowance.refused,
    unsentBytes: () => allowance.unsent.total,
    deprecatedUses: () => deprecated.counts,
    forAll: options.metricsOfAll,
  };
}

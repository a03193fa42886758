import { randomUUID } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import fc from 'fast-check';
import { parisTime, SetClock } from '../../../src/clock.ts';
import { announce } from '../../../src/editorial/publishing/announce.commands.ts';
import type { PublicDocument } from '../../../src/publications/document.ts';
import { SEVERITIES } from '../../../src/publications/vocabulary.ts';
import { anyDocument } from './generated-documents.ts';

/** Everything happens within so many minutes before `NOON`; windows reach as far beyond it. */
const MINUTES = 600;
const MINUTE = 60_000;
export const NOON = Date.parse('2026-11-24T12:00:00Z');
export const COMMUNES = ['91345', '91421', '91228', '91027', '91377'];

const moment = fc.integer({ min: -MINUTES, max: MINUTES });

/** What happens to a thread: its window, its place and its gravity, and whether that ends it. */
const anyStep = fc.record({
  type: fc.constantFrom(
    'UPDATED' as const,
    'UPDATED' as const,
    'VERIFIED' as const,
    'CANCELLED' as const,
    'ALL_CLEAR' as const,
  ),
  startsAt: fc.option(moment, { freq: 3 }),
  lasts: fc.option(fc.integer({ min: -30, max: MINUTES }), { freq: 5 }),
  communes: fc.subarray(COMMUNES),
  severity: fc.constantFrom(...SEVERITIES),
  milliseconds: fc.nat(MINUTE - 1),
  // The clocks of two processes are not one: now and then an entry is older than the one before it.
  late: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 90 })),
});
type Step = ReturnType<typeof anyStep.generate>['value'];

/** Announces random threads as the commands of the desk do, one step after the other, in the ten hours before noon. */
export async function announceThreads(
  em: EntityManager,
  { threads, steps }: { threads: number; steps: number },
  seed = 1,
) {
  const documents = fc
    .sample(anyDocument, { seed, numRuns: threads })
    .map((one) => ({ ...one, id: randomUUID() }) as PublicDocument);
  const known = new Map<number, PublicDocument>();
  const drawn = fc.sample(fc.tuple(fc.nat(threads - 1), anyStep), { seed, numRuns: steps });
  for (const [index, [which, step]] of drawn.entries()) {
    const before = known.get(which);
    if (before?.cancelled || before?.allClear) continue;
    const now = NOON - (1 - index / steps) * MINUTES * MINUTE - (step.late + 1) * MINUTE + step.milliseconds;
    const document = after(before ?? (documents[which] as PublicDocument), step, {
      now: new Date(now),
      begins: !before,
    });
    known.set(which, document);
    await announceStep(em, { document, step, begins: !before, now: new Date(now) });
  }
}

function after(document: PublicDocument, step: Step, { now, begins }: { now: Date; begins: boolean }): PublicDocument {
  const at = parisTime(now);
  if (!begins && step.type !== 'UPDATED') {
    if (step.type === 'VERIFIED') return { ...document, verifiedAt: at };
    if (step.type === 'CANCELLED') return { ...document, cancelled: { at, reason: 'x' } };
    return { ...document, allClear: { at, texts: document.texts } };
  }
  const starts = step.startsAt === null ? null : NOON + step.startsAt * MINUTE;
  const ends = step.lasts === null ? null : (starts ?? now.getTime()) + step.lasts * MINUTE;
  const revised = {
    ...document,
    ...{ mode: 'ACTUAL', communes: step.communes, revision: begins ? 1 : document.revision + 1 },
    ...{ publishedAt: begins ? at : document.publishedAt, revisedAt: at, verifiedAt: at },
    ...{ startsAt: starts && parisTime(new Date(starts)), endsAt: ends && parisTime(new Date(ends)) },
    ...{ cancelled: null, allClear: null },
    ...(document.kind === 'ALERT' ? { severity: step.severity } : {}),
  };
  return revised as PublicDocument;
}

interface Announced {
  document: PublicDocument;
  step: Step;
  begins: boolean;
  now: Date;
}

async function announceStep(em: EntityManager, { document, step, begins, now }: Announced): Promise<void> {
  const { kind, mode, communes, startsAt, endsAt } = document;
  const dateOf = (text: string | null) => (text ? new Date(text) : null);
  const row = {
    ...{ liveRevisionId: randomUUID(), kind, mode, communes, revisedAt: now, incidentId: null, words: '' },
    ...{ severity: 'severity' in document ? document.severity : null },
    ...{ startsAt: dateOf(startsAt), endsAt: dateOf(endsAt), ...(begins ? { publishedAt: now } : {}) },
  };
  const type = begins ? 'PUBLISHED' : step.type;
  const work = { clock: new SetClock(now), afterCommit: () => undefined, showChanges: async () => undefined };
  await em.fork().transactional((within) =>
    announce(
      { ...work, em: within as EntityManager },
      {
        ...{ type, document, changedFields: [], ring: false },
        ...(begins || type === 'UPDATED' ? { thread: { begins, row } } : {}),
      },
    ),
  );
}

/** So many threads that nothing has happened to since 2025, so that PostgreSQL has reason to use an index. */
export const OLD_THREADS = `
  insert into publication select (jsonb_populate_record(p, jsonb_build_object(
    'id', gen_random_uuid(), 'announced', 'ENDED', 'starts_at', told, 'ends_at', told + interval '1 hour',
    'published_at', told, 'revised_at', told, 'updated_at', told))).*
  from publication p, lateral (
    select timestamptz '2025-01-01' + n * interval '1 minute' as told from generate_series(1, $1) n) old
  where p.id = (select id from publication limit 1)`;

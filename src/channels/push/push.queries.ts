import type { EntityManager } from '@mikro-orm/postgresql';
import { parisTime } from '../../clock.ts';
import { sqlIn } from '../../database/sql-in.ts';
import { present } from '../../office/present.rules.ts';
import { type Mode, type PublicationKind, SEVERITIES, type Severity } from '../../publications/vocabulary.ts';
import { KEPT_MS } from './push.commands.ts';

/** A subscription as its own app sees it. */
export interface PushView {
  id: string;
  confirmed: boolean;
  kinds: PublicationKind[] | null;
  communes: string[] | null;
  severityAtLeast: Severity | null;
  modes: Mode[];
  language: string;
  expiresAt: string;
}

interface PushRow extends Omit<PushView, 'severityAtLeast' | 'expiresAt'> {
  least: number;
  renewedAt: Date | string;
}

/** One subscription, which exists. The caller has shown that it is theirs. */
export async function pushView(em: EntityManager, id: string): Promise<PushView> {
  const [row] = await sqlIn(em)<PushRow>(
    `select id, confirmed_at is not null as confirmed, kinds, communes, least, modes, language, renewed_at as "renewedAt"
     from push_subscription where id = ?`,
    [id],
  );
  const { least, renewedAt, ...rest } = present(row, 'push subscription', id);
  return {
    ...rest,
    severityAtLeast: least > 0 ? (SEVERITIES[least] ?? null) : null,
    expiresAt: parisTime(new Date(new Date(renewedAt).getTime() + KEPT_MS)),
  };
}

/** Figures of all hubs together. */
export interface PushFigures {
  subscriptions: number;
  /** Jobs that wait or are walked, and the age of the oldest of them in seconds. */
  jobs: number;
  oldestSeconds: number;
  /** Services that are left alone. */
  resting: number;
}

export async function pushFigures(em: EntityManager, now: Date): Promise<PushFigures> {
  const at = now.toISOString();
  const [row] = await sqlIn(em)<Omit<PushFigures, 'oldestSeconds'> & { oldest: Date | string | null }>(
    `select (select count(*)::int from push_subscription where confirmed_at is not null) as subscriptions,
       (select count(*)::int from push_job where expires_at > ?) as jobs,
       (select min(created_at) from push_job where expires_at > ?) as oldest,
       (select count(*)::int from push_service where open_until > ?) as resting`,
    [at, at, at],
  );
  const { oldest = null, subscriptions = 0, jobs = 0, resting = 0 } = row ?? {};
  const seconds = oldest ? (now.getTime() - new Date(oldest).getTime()) / 1000 : 0;
  return { subscriptions, jobs, resting, oldestSeconds: Math.max(0, seconds) };
}

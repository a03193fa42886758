import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../../access/actor.ts';
import type { Clock } from '../../clock.ts';
import type { Deed } from '../../office/audit.commands.ts';
import type { Territory } from '../../territory/territory.ts';

/**
 * What every command on webhooks is handed: the transaction's entity manager, who acts, what time it is, and the ground.
 * The caller holds the transaction, so all that a command does commits together or not at all.
 */
export interface WebhookDesk {
  em: EntityManager;
  actor: Actor | null;
  clock: Clock;
  territory: Territory;
}

/** What the resolvers of webhooks need of whoever holds the database: one transaction around each command, and reads. */
export interface WebhookRoom {
  run<T>(actor: Actor | null, deed: Deed, command: (desk: WebhookDesk) => Promise<T>): Promise<T>;
  /** A unit of work that only reads. */
  read(): EntityManager;
  readonly now: Date;
}

import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../../../access/actor.ts';
import type { Clock } from '../../../clock.ts';
import type { Deed } from '../../../office/audit.commands.ts';

/** What the commands on posts are handed, inside their caller's transaction. */
export interface PostDesk {
  em: EntityManager;
  actor: Actor | null;
  clock: Clock;
}

/** What the resolvers of posts need of whoever holds the database: one transaction around each command, and reads. */
export interface PostRoom {
  run<T>(actor: Actor | null, deed: Deed, command: (desk: PostDesk) => Promise<T>): Promise<T>;
  /** A unit of work that only reads. */
  read(): EntityManager;
  readonly now: Date;
}

import type { EntityManager } from '@mikro-orm/postgresql';
import { Account } from '../access/account.entity.ts';
import type { Actor } from '../access/actor.ts';
import type { Clock } from '../clock.ts';

/**
 * What every command gets: the EntityManager of its transaction, the actor (null for the hub itself) and the clock. The
 * office holds the transaction, so everything that a command writes commits together or not at all. A subject adds what
 * its own commands need besides, such as the territory.
 */
export interface UnitOfWork {
  readonly em: EntityManager;
  readonly actor: Actor | null;
  readonly clock: Clock;
}

/** Something that happens outside the database. It must not fail: the transaction is committed already. */
export type Effect = () => Promise<void> | void;

/** What a command asks for in its signature when it has an effect outside the database. */
export interface AfterCommit {
  /**
   * Has an effect happen once the transaction is committed, and never where it is rolled back; the caller of the command
   * waits for it. The same function happens once, however often it is named.
   */
  afterCommit(effect: Effect): void;
}

/** The account of an actor, to be written into a row. */
export const accountOf = ({ em }: Pick<UnitOfWork, 'em'>, actor: Actor) => em.getReference(Account, actor.id);

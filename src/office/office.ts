import { AsyncLocalStorage } from 'node:async_hooks';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../access/actor.ts';
import type { Clock } from '../clock.ts';
import { tracedTransaction } from '../tracing/publication-trace.ts';
import { audited, type Deed, type Witness } from './audit.commands.ts';
import { fromGuard } from './guards.rules.ts';
import { type KeyedRequest, keepAnswer, takeKey } from './kept-answer.commands.ts';
import type { AfterCommit, Effect, UnitOfWork } from './unit-of-work.ts';

export interface OfficeOptions<Resources extends object> {
  /** A fresh EntityManager: one unit of work. */
  em(): EntityManager;
  clock: Clock;
  /** Whether an actor's roles are those of the account: PostgreSQL then refuses deeds by roles that were taken away (I-25). */
  holdsRoles?: boolean;
  /** Writes what else is to be said of a deed that changed something, into its transaction. */
  onDone?: Witness['onDone'];
  /** What commands get beside their unit of work. */
  resources: Resources;
}

/** A command: its caller holds the transaction. */
type Command<Resources, T> = (work: UnitOfWork & AfterCommit & Resources) => Promise<T>;

/** The transaction of `once`, and the effects of the commands inside it. */
interface Outer {
  em: EntityManager;
  effects: Set<Effect>;
}

/**
 * Runs commands: each in one transaction, which also holds its audit entry. An error rolls everything back; the refusals
 * of PostgreSQL's triggers come out as HubError. The office knows no subject: `Resources` is what commands get from the
 * composition root, and a subject asks for an `Office` of the resources that its own commands need.
 */
export class Office<Resources extends object = object> {
  readonly #options: OfficeOptions<Resources>;
  readonly #outer = new AsyncLocalStorage<Outer>();

  constructor(options: OfficeOptions<Resources>) {
    this.#options = options;
  }

  /** Runs a command and records in its transaction the actor, the deed and its subject (I-14). */
  async run<T>(
    actor: Actor | null,
    deed: Deed,
    command: Command<Resources, T>,
    clock: Clock = this.#options.clock,
  ): Promise<T> {
    const effects = new Set<Effect>();
    const afterCommit = (effect: Effect) => void effects.add(effect);
    const { holdsRoles = false, onDone, resources } = this.#options;
    const result = await this.#commit(deed.action, this.read(), (em) =>
      audited({ em, actor, at: clock.now(), holdsRoles, ...(onDone ? { onDone } : {}) }, deed, () =>
        command({ ...resources, em, actor, clock, afterCommit }),
      ),
    );
    const outer = this.#outer.getStore();
    if (outer) for (const effect of effects) outer.effects.add(effect);
    else await happen(effects);
    return result;
  }

  /**
   * Runs a whole operation under a key, in one transaction around all its commands and reads, and keeps its answer there.
   * A key that was used before gets the kept answer, and nothing runs. Without `commit` nothing is written.
   */
  async once(request: KeyedRequest, operation: () => Promise<{ answer: string; commit: boolean }>): Promise<string> {
    const { em: fresh, clock } = this.#options;
    const effects = new Set<Effect>();
    const uncommitted = new Uncommitted();
    try {
      const answer = await this.#commit('once', fresh(), async (em) => {
        const kept = await takeKey(em, request, clock.now());
        if (kept !== null) return kept;
        const done = await this.#outer.run({ em, effects }, operation);
        uncommitted.answer = done.answer;
        if (!done.commit) throw uncommitted;
        await keepAnswer(em, request, done.answer);
        return done.answer;
      });
      await happen(effects);
      return answer;
    } catch (error) {
      if (error === uncommitted) return uncommitted.answer;
      throw error;
    }
  }

  /** Whether an effect still waits for the transaction of `once` around this call. */
  awaits(effect: Effect): boolean {
    return this.#outer.getStore()?.effects.has(effect) ?? false;
  }

  /** An EntityManager for reads; within `once`, in the transaction around them. */
  read(): EntityManager {
    return this.#outer.getStore()?.em.fork({ keepTransactionContext: true }) ?? this.#options.em();
  }

  get now(): Date {
    return this.#options.clock.now();
  }

  async #commit<T>(action: string, em: EntityManager, work: (em: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await tracedTransaction(action, () => em.transactional((inside) => work(inside as EntityManager)));
    } catch (error) {
      throw fromGuard(error);
    }
  }
}

const happen = async (effects: ReadonlySet<Effect>): Promise<void> => {
  await Promise.all([...effects].map((effect) => effect()));
};

/** Rolls the transaction of `once` back, and carries the answer out. */
class Uncommitted extends Error {
  answer = '';
}

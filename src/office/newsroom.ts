import { AsyncLocalStorage } from 'node:async_hooks';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../access/actor.ts';
import type { Clock } from '../clock.ts';
import type { Desk } from '../editorial/dossier/desk.ts';
import { HubError } from '../errors.ts';
import type { Seal } from '../publications/seal.ts';
import type { Territory } from '../territory/territory.ts';
import { audited, type Deed } from './audit.commands.ts';
import { type KeyedRequest, keepAnswer, takeKey } from './kept-answer.commands.ts';

export interface NewsroomOptions {
  /** A fresh entity manager: one unit of work. */
  em(): EntityManager;
  clock: Clock;
  territory: Territory;
  capSender: string;
  /** Renders, signs and checks CAP messages. */
  seal: Seal;
  /** Tells this process's tail and everybody else's that something was committed; resolves when the board shows it. */
  announce(): Promise<void>;
}

/** What PostgreSQL's own guards say (see the migrations), in the API's words. */
const GUARDS: Record<string, (message: string) => HubError> = {
  TOC01: (message) => new HubError('FORBIDDEN', message),
  TOC02: (message) => new HubError('FORBIDDEN', message),
  TOC03: (message) => new HubError('FORBIDDEN', message),
};

/**
 * Runs one command in one transaction and lets it be known once it is committed. Errors raised by PostgreSQL's guards
 * come out as HubError; everything else passes as it is, and nothing of the command remains.
 */
export class Newsroom {
  readonly #options: NewsroomOptions;
  /** The transaction that `once` holds around whatever runs in it. */
  readonly #around = new AsyncLocalStorage<EntityManager>();

  constructor(options: NewsroomOptions) {
    this.#options = options;
  }

  /** Runs a command, and writes into its transaction what was done, by whom and to what (I-14). */
  async run<T>(
    actor: Actor | null,
    deed: Deed,
    command: (desk: Desk) => Promise<T>,
    clock = this.#options.clock,
  ): Promise<T> {
    const { territory, capSender, seal, announce } = this.#options;
    try {
      const result = await this.read().transactional((inside) =>
        audited({ em: inside as EntityManager, actor, at: clock.now() }, deed, () =>
          command({ em: inside as EntityManager, actor, clock, territory, capSender, seal }),
        ),
      );
      if (!this.#around.getStore()) await announce();
      return result;
    } catch (error) {
      throw guardError(error) ?? error;
    }
  }

  /**
   * Does some work under a key, in one transaction around all that it runs and reads, and keeps its answer in there; or
   * answers what was kept before, without doing anything. Work that does not ask for `commit` leaves nothing behind.
   */
  async once(request: KeyedRequest, work: () => Promise<{ answer: string; commit: boolean }>): Promise<string> {
    const { em, announce, clock } = this.#options;
    const refused = new Refused();
    try {
      const answer = await em().transactional(async (opened) => {
        const inside = opened as EntityManager;
        const kept = await takeKey(inside, request, clock.now());
        if (kept !== null) return kept;
        const done = await this.#around.run(inside, work);
        refused.answer = done.answer;
        if (!done.commit) throw refused;
        await keepAnswer(inside, request, done.answer);
        return done.answer;
      });
      await announce();
      return answer;
    } catch (error) {
      if (error === refused) return refused.answer;
      throw guardError(error) ?? error;
    }
  }

  /** A unit of work of its own; within `once`, in the transaction around it. */
  read(): EntityManager {
    return this.#around.getStore()?.fork({ keepTransactionContext: true }) ?? this.#options.em();
  }

  get now(): Date {
    return this.#options.clock.now();
  }
}

/** Rolls back what is not to be kept, and carries its answer out. */
class Refused extends Error {
  answer = '';
}

function guardError(error: unknown): HubError | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const code = 'code' in at ? String(at.code) : '';
    const guard = GUARDS[code];
    if (guard) return guard(at.message);
  }
  return undefined;
}

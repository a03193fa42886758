import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../access/actor.ts';
import { audited, type Deed } from '../access/audit.commands.ts';
import type { Clock } from '../clock.ts';
import { HubError } from '../errors.ts';
import type { Territory } from '../territory/territory.ts';
import type { Desk } from './desk.ts';

export interface NewsroomOptions {
  /** A fresh entity manager: one unit of work. */
  em(): EntityManager;
  clock: Clock;
  territory: Territory;
  capSender: string;
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
    const { em, territory, capSender, announce } = this.#options;
    try {
      const result = await em().transactional((inside) =>
        audited({ em: inside as EntityManager, actor, at: clock.now() }, deed, () =>
          command({ em: inside as EntityManager, actor, clock, territory, capSender }),
        ),
      );
      await announce();
      return result;
    } catch (error) {
      throw guardError(error) ?? error;
    }
  }

  /** A unit of work that only reads. */
  read(): EntityManager {
    return this.#options.em();
  }

  get now(): Date {
    return this.#options.clock.now();
  }
}

function guardError(error: unknown): HubError | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const code = 'code' in at ? String(at.code) : '';
    const guard = GUARDS[code];
    if (guard) return guard(at.message);
  }
  return undefined;
}

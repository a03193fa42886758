import type { EntityManager } from '@mikro-orm/postgresql';
import type { Actor } from '../access/actor.ts';
import { demand } from '../access/permissions.rules.ts';
import type { Clock } from '../clock.ts';
import { sqlIn } from '../database/sql-in.ts';
import { HubError } from '../errors.ts';
import { isUuid } from '../uuid.ts';
import { MOST_TRIES } from './contact.rules.ts';

interface CodeTriesOptions {
  /** A fresh unit of work, of no transaction. */
  em(): EntityManager;
  clock: Clock;
}

/** A point whose code may still be given. */
const TRIABLE = `select p.id from contact_point p where p.id = ?::uuid and p.account_id = ?::uuid
  and p.code_hash is not null and p.code_expires_at > ? and p.code_tries <= ${MOST_TRIES}`;

/**
 * Counts how often somebody tries to give a code. A try is committed by itself before the code is looked at: that of a command which is
 * refused would be rolled back with it, and so would all tries of one operation under a key.
 */
export class CodeTries {
  readonly #options: CodeTriesOptions;

  constructor(options: CodeTriesOptions) {
    this.#options = options;
  }

  /** Throws CONFLICT where somebody tries at the same moment; the command says what else is wrong. */
  async count(actor: Actor | null, point: string): Promise<void> {
    demand(actor, 'confirmContactPoint');
    if (!isUuid(point)) return;
    const { em, clock } = this.#options;
    const sql = sqlIn(em());
    const asked = [point, actor.id, clock.now().toISOString()];
    const counted = await sql(
      `update contact_point set code_tries = code_tries + 1 where id in (${TRIABLE} for update skip locked) returning id`,
      asked,
    );
    if (counted.length === 0 && (await sql(TRIABLE, asked)).length > 0)
      throw new HubError('CONFLICT', 'this contact point is being changed at this moment: try again');
  }
}

import { v7 as uuid } from 'uuid';
import { newSealedKey, SEALED_ISSUER } from '../../access/sealed/sealed-key.rules.ts';
import type { Sql } from '../../database/sql.ts';

/** Two keys for two envelopes. */
export interface SealedPair {
  sealed: { name: string; key: string }[];
  /** How many that nobody had opened are good no longer. */
  withdrawn: number;
}

const NAMES = ['Clé scellée 1', 'Clé scellée 2'];

/**
 * Seals two keys on the machine, and withdraws those that nobody has opened, all in one transaction and on record. No mutation
 * does this: an ADMIN, who may not publish, would become a duty officer by it.
 */
export async function sealKeys(sql: Sql): Promise<SealedPair> {
  await sql('begin');
  try {
    const withdrawn = await withdrawSealed(sql);
    const sealed: SealedPair['sealed'] = [];
    for (const name of NAMES) sealed.push({ name, key: await seal(sql, name) });
    await sql('commit');
    return { sealed, withdrawn };
  } catch (error) {
    await sql('rollback').catch(() => undefined);
    throw error;
  }
}

async function withdrawSealed(sql: Sql): Promise<number> {
  const before = await sql<{ id: string; state: string }>(
    'select id, audit_opening(id) as state from sealed_key where opened_at is null and withdrawn_at is null',
  );
  for (const { id, state } of before) {
    await sql('update sealed_key set withdrawn_at = now(), version = version + 1 where id = $1', [id]);
    await record(sql, 'withdrawSealedKey', id, state);
  }
  return before.length;
}

async function seal(sql: Sql, name: string): Promise<string> {
  const { key, hash } = newSealedKey();
  const [id, account] = [uuid(), uuid()];
  await sql(
    `insert into account (id, version, issuer, subject, name, created_at, roles) values ($1, 1, $2, $3, $4, now(), '{}')`,
    [account, SEALED_ISSUER, id, name],
  );
  await sql(
    'insert into sealed_key (id, version, account_id, name, hash, sealed_at) values ($1, 1, $2, $3, $4, now())',
    [id, account, name, hash],
  );
  await record(sql, 'sealKeys', id, null);
  return key;
}

/** On record without an account: the operator comes in by the machine, where no issuer says who it is. */
async function record(sql: Sql, action: string, subject: string, before: string | null): Promise<void> {
  await sql(
    `insert into audit_entry (id, at, actor, action, subject, state_before, state_after)
     values ($1, now(), null, $2, $3, $4, audit_state($3))`,
    [uuid(), action, subject, before],
  );
}

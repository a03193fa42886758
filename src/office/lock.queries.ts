import type { EntityName, FilterQuery } from '@mikro-orm/core';
import { type EntityManager, LockMode } from '@mikro-orm/postgresql';
import { HubError } from '../errors.ts';
import { isUuid } from '../uuid.ts';

interface Row {
  id: string;
}

interface VersionedRow extends Row {
  version: number;
}

/** A kind of row, and what people call one. */
export interface Lockable<T> {
  entity: EntityName<T>;
  name: string;
}

export const notFound = (name: string, id: string): HubError => new HubError('NOT_FOUND', `there is no ${name} ${id}`);

/** Locks a row until the transaction ends, and reads it as it was last committed. Throws NOT_FOUND. */
export async function lockRow<T extends Row>(em: EntityManager, { entity, name }: Lockable<T>, id: string): Promise<T> {
  const where = { id: id.toLowerCase() } as FilterQuery<T>;
  const options = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const;
  const row = isUuid(id) ? await em.findOne<T>(entity, where, options) : null;
  if (!row) throw notFound(name, id);
  return row as T;
}

/** Throws CONFLICT, with the current version, where the client saw another version of a locked row. */
export function demandVersion(row: VersionedRow, name: string, seen: number): void {
  if (row.version !== seen)
    throw new HubError(
      'CONFLICT',
      `somebody saved this ${name} first: you saw version ${seen}, it is now at ${row.version}`,
      { currentVersion: row.version },
    );
}

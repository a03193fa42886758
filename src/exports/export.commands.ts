import { v7 as uuid } from 'uuid';
import { type Action, demand } from '../access/permissions.rules.ts';
import { accountOf, type UnitOfWork } from '../office/unit-of-work.ts';
import { masking } from '../reports/personal/personal.rules.ts';
import { isJsonObject } from './asked.rules.ts';
import { DeskExport } from './desk-export.entity.ts';

/** A list about to leave. */
export interface TakenAway {
  action: Action;
  list: string;
  filter: Readonly<Record<string, unknown>>;
  rows: number;
}

/** Puts on record that somebody takes a list away. The caller sends nothing before this is committed. */
export async function recordExport(
  { em, actor, clock }: UnitOfWork,
  { action, list, filter, rows }: TakenAway,
): Promise<{ id: string }> {
  demand(actor, action);
  const id = uuid();
  em.create(DeskExport, { id, list, filter, rowCount: rows, by: accountOf({ em }, actor), at: clock.now() });
  return { id };
}

/** A filter as it may be kept and shown: a number or an address that somebody looked for identifies a person. */
export function withoutPeople(filter: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { mask } = masking([]);
  return Object.fromEntries(
    Object.entries(filter).map(([name, value]) => {
      if (name === 'search' && typeof value === 'string') return [name, mask(value)];
      return [name, isJsonObject(value) ? withoutPeople(value) : value];
    }),
  );
}

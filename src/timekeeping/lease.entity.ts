import { defineEntity, p } from '@mikro-orm/core';

/**
 * The one row that says which process keeps time. `fencing` grows whenever another one takes over. It is unique, so that
 * PostgreSQL lets a lease be renewed beside the acts that hold its number (FOR KEY SHARE), and taken over only behind them.
 */
export const TimekeepingLease = defineEntity({
  name: 'TimekeepingLease',
  tableName: 'timekeeping_lease',
  properties: {
    id: p.integer().primary().autoincrement(false),
    fencing: p.bigint('number').unique(),
    /** The process that keeps time; null where the last one has ended. */
    holder: p.uuid().nullable(),
    /** PostgreSQL's own session of the holder: without it the lease is free at once. */
    session: p.integer().nullable(),
    until: p.datetime(3),
    /** When everything that was due had been done last. */
    keptAt: p.datetime(3),
  },
});

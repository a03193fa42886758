/** Longer than any attempt takes, so that a lease ends by itself only when its hub is gone. */
const SECONDS = 20;

/**
 * SQL by which a courier leases a row of its carrier, so that no other hub takes it in hand meanwhile: by the database's clock, since hubs
 * disagree about the time. `?` is the lease; `seconds` for what takes longer than an attempt.
 */
export const leasedFor = (seconds = SECONDS): string =>
  `lease = ?, leased_until = clock_timestamp() + interval '${seconds} seconds'`;

/** Whether no courier has a row in hand. */
export const IS_FREE = '(leased_until is null or leased_until < clock_timestamp())';

/** The end of a lease. */
export const RELEASED = 'lease = null, leased_until = null';

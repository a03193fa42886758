import pg from 'pg';

/** What each peer reads with; `peers` is its only schema. */
export const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: 10,
  options: '-c search_path=peers',
});

export const PORT = Number(process.env.PORT);
export const ready = () => console.log('{"ready":true}');

/** Where a publication stands now, as the product tells it. */
export const STATE = `case when p.cancelled_at <= now() then 'CANCELLED' when p.ends_at <= now() then 'ENDED'
  when p.starts_at > now() then 'UPCOMING' else 'IN_FORCE' end`;
export const LIVE = `p.kind = 'ALERT' and (p.ends_at is null or p.ends_at > now()) and p.cancelled_at is null`;

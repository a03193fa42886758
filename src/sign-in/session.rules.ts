/** How long a session of the desk lasts. */
export interface SessionTimes {
  /** Minutes without a request after which it is over. */
  idleMinutes: number;
  /** Hours after which it is over in any case. */
  longestHours: number;
}

/** A working day of twelve hours, with a meeting in it. */
export const DEFAULT_SESSION_TIMES: SessionTimes = { idleMinutes: 120, longestHours: 12 };

/**
 * The cookie of a session. Browsers take a name with `__Host-` from this very host alone, by https: another name below the
 * same domain can put no session of its own into somebody's browser.
 */
export const SESSION_COOKIE = '__Host-tocsin-desk';
/** The cookie of a sign-in, or a sign-out, that is under way at the issuer. */
export const TRANSIT_COOKIE = '__Host-tocsin-signin';
export const TRANSIT_SECONDS = 600;

const ATTRIBUTES = 'Path=/; Secure; HttpOnly';

/** Strict: no request that another site began carries it. */
export const sessionCookie = (secret: string, seconds: number): string =>
  `${SESSION_COOKIE}=${secret}; ${ATTRIBUTES}; SameSite=Strict; Max-Age=${seconds}`;

/** Lax: the browser comes back from the issuer, which is another site. */
export const transitCookie = (sealed: string): string =>
  `${TRANSIT_COOKIE}=${sealed}; ${ATTRIBUTES}; SameSite=Lax; Max-Age=${TRANSIT_SECONDS}`;

export const NO_SESSION_COOKIE = `${SESSION_COOKIE}=; ${ATTRIBUTES}; SameSite=Strict; Max-Age=0`;
export const NO_TRANSIT_COOKIE = `${TRANSIT_COOKIE}=; ${ATTRIBUTES}; SameSite=Lax; Max-Age=0`;

/** The value of a cookie; undefined without one, and where there are two, of which one must be somebody else's. */
export function cookieOf(header: string | undefined, name: string): string | undefined {
  const found = (header ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
  return found.length === 1 && found[0] !== '' ? found[0] : undefined;
}

/** The front page, for as long as a sign-in names no other. */
const HOME = '/';
const LONGEST_RETURN = 2_000;
/** Browsers read `\` as `/`, and pass over tabs and line ends: `/\evil`, and `/` with a tab and `/evil`, lead to another host. */
const MISLEADING = /[\\\p{Cc}\p{Zl}\p{Zp}]/u;

/** Where a person goes on after signing in: a path of this hub, or its front page where the text given is none. */
export function returnPath(given: unknown): string {
  if (typeof given !== 'string' || given.length > LONGEST_RETURN) return HOME;
  if (!/^\/(?!\/)/.test(given) || MISLEADING.test(given)) return HOME;
  const base = 'https://hub.invalid';
  const read = URL.parse(given, base);
  // As a browser will read it: `/.//evil` becomes `//evil` on the way.
  if (read?.origin !== base || read.pathname.startsWith('//')) return HOME;
  return `${read.pathname}${read.search}${read.hash}`;
}

/** The times that decide when a session is over, in milliseconds since 1970. */
export interface SessionSpan {
  seenAt: number;
  endsAt: number;
}

/** When a session is over unless its person asks for something before. */
export const idleEnd = ({ seenAt, endsAt }: SessionSpan, { idleMinutes }: SessionTimes): number =>
  Math.min(seenAt + idleMinutes * 60_000, endsAt);

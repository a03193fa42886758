import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { HubError } from '../errors.ts';
import { Bodies } from './bodies.ts';
import type { AllowanceLimits, Bound } from './bounds.ts';
import { Buckets } from './buckets.ts';
import { type Asked, type ClientAddress, neighboursOf } from './client-address.ts';
import { ConnectionShare, type ShareRules } from './connection-share.ts';
import { OpenStreams } from './open-streams.ts';
import { Payer, type Purse } from './payer.ts';
import { UnsentAnswers } from './unsent-answers.ts';

/** How much comes in at once before anybody waits: so many seconds' worth. Thousands of phones open their app in the same moment. */
const BURST_SECONDS = 20;
/** A /56 of IPv6 has 256 times the addresses of a line, and ten times its allowance. */
const CUSTOMER_FACTOR = 10;
/** Tokens that were good: whoever shares an address with a guesser goes on working. */
const GOOD_TOKENS = 5_000;
/** No client can know when a stream of another one ends. */
const STREAM_RETRY_SECONDS = 30;
const EVERYBODY = 'everybody';
const [MINUTE_S, HOUR_S] = [60, 3600];
/** Subscriptions to push that a process saves in a minute, of all clients together. */
const PUSH_SAVES_A_MINUTE = 200;

const WORDS: Record<Bound, string> = {
  identityPoints: 'you have asked for more than one person or machine may',
  addressPoints: 'your address has asked for more than one address may',
  anonymousPoints: 'all clients without a token together ask for more than they may',
  addressStreams: 'your address has too many WebSockets and event streams open',
  addressHandshakes: 'your address opens WebSockets and event streams too fast',
  failedTokens: 'your address has sent too many tokens that are not good',
  connectionPoints: 'this connection has sent more than one connection may',
  pushSaves: 'more subscriptions to push are saved than may be',
};

/** The buckets of one bound: by line, and for IPv6 by customer as well. */
interface ByAddress {
  readonly bound: Bound;
  readonly lines: Buckets;
  readonly customers: Buckets;
}

/** Bounds of each client's spending and streams. Each process counts for itself. */
export class Allowance {
  /** How often somebody was refused until now, by bound. */
  readonly refused = new Map<Bound, number>();
  /** Bounds what waits for clients that do not read. */
  readonly unsent = new UnsentAnswers();
  /** The bodies of requests, and how much is still to be paid for each. */
  readonly bodies = new Bodies();
  readonly #addressOf: ClientAddress;
  readonly #identities: Buckets | undefined;
  /** Of machines with a quota of their own. */
  readonly #quotas: Buckets;
  readonly #anonymous: Buckets | undefined;
  readonly #addresses: ByAddress | undefined;
  readonly #handshakes: ByAddress | undefined;
  readonly #failures: ByAddress | undefined;
  readonly #pushSaves: ByAddress | undefined;
  readonly #allPushSaves: Buckets;
  readonly #streams: OpenStreams;
  readonly #share: ShareRules;
  readonly #good = new LRUCache<string, true>({ max: GOOD_TOKENS });

  constructor(limits: AllowanceLimits, addressOf: ClientAddress, now: () => number = () => performance.now()) {
    const buckets = (perSecond: number) => new Buckets(perSecond, BURST_SECONDS, now);
    const shared = (bound: Bound) => (limits[bound] > 0 ? buckets(limits[bound]) : undefined);
    const byAddress = (bound: Bound): ByAddress | undefined =>
      limits[bound] > 0
        ? { bound, lines: buckets(limits[bound]), customers: buckets(limits[bound] * CUSTOMER_FACTOR) }
        : undefined;
    this.#addressOf = addressOf;
    this.#identities = shared('identityPoints');
    this.#quotas = buckets(1);
    this.#anonymous = shared('anonymousPoints');
    this.#addresses = byAddress('addressPoints');
    this.#handshakes = byAddress('addressHandshakes');
    this.#failures = byAddress('failedTokens');
    this.#pushSaves = pushSavesOf(limits, now);
    this.#allPushSaves = new Buckets(PUSH_SAVES_A_MINUTE / MINUTE_S, MINUTE_S, now);
    this.#streams = new OpenStreams(limits.addressStreams, CUSTOMER_FACTOR);
    const { connectionPoints: perSecond, connectionBurst: most } = limits;
    this.#share = { perSecond, most, now, refused: () => this.#count('connectionPoints') };
  }

  /**
   * A person or machine with a token: it shares nothing with others at its address. A machine may have a quota of its own in
   * points a second, which holds also where identities have no bound.
   */
  identity(id: string, quota?: number): Payer {
    const buckets = quota === undefined ? this.#identities : this.#quotas;
    const own = quota === undefined ? {} : { perSecond: quota };
    return new Payer(buckets ? [{ bound: 'identityPoints', buckets, key: id, ...own }] : [], this.#refusal);
  }

  /** A client without a token. */
  anonymous(request: Asked): Payer {
    const buckets = this.#anonymous;
    const purses = this.#pursesAt(this.#addresses, request);
    if (buckets) purses.push({ bound: 'anonymousPoints', buckets, key: EVERYBODY });
    return new Payer(purses, this.#refusal);
  }

  /** Counts a WebSocket or an event stream that opens; answers how to say that it has closed. Throws TOO_MANY_REQUESTS. */
  openStream(request: Asked): () => void {
    new Payer(this.#pursesAt(this.#handshakes, request), this.#refusal).admit(1);
    return this.#streams.open(neighboursOf(this.#addressOf(request)), (open, most) =>
      this.#refusal('addressStreams', { weight: open, most }, STREAM_RETRY_SECONDS),
    );
  }

  /** Counts a subscription to push that a client wants to save. Throws TOO_MANY_REQUESTS. */
  savesPush(request: Asked): void {
    if (!this.#pushSaves) return;
    const all: Purse = { bound: 'pushSaves', buckets: this.#allPushSaves, key: EVERYBODY };
    new Payer([...this.#pursesAt(this.#pushSaves, request), all], this.#refusal).admit(1);
  }

  /** The share of a WebSocket that opens. Its address pays, until the hub knows for whom it acts. */
  share(request: Asked): ConnectionShare {
    return new ConnectionShare(this.anonymous(request), this.#share);
  }

  /**
   * Looks at a token and counts one that is not good. An address that sent too many has only those looked at that were good
   * before: its attacker guesses no further, and the desk behind the same address goes on.
   */
  async checked<T>(request: Asked, token: string | undefined, check: () => Promise<T>): Promise<T> {
    if (!token || !this.#failures) return check();
    const payer = new Payer(this.#pursesAt(this.#failures, request), this.#refusal);
    const hash = createHash('sha256').update(token).digest('base64');
    if (!this.#good.has(hash)) payer.admit(0);
    try {
      const found = await check();
      this.#good.set(hash, true);
      return found;
    } catch (error) {
      if (error instanceof HubError && error.code === 'UNAUTHENTICATED') {
        payer.spend(1);
        this.#good.delete(hash);
      }
      throw error;
    }
  }

  #pursesAt(buckets: ByAddress | undefined, request: Asked): Purse[] {
    if (!buckets) return [];
    const { bound, lines, customers } = buckets;
    const { line, customer } = neighboursOf(this.#addressOf(request));
    const own: Purse = { bound, buckets: lines, key: line };
    return customer === undefined ? [own] : [own, { bound, buckets: customers, key: customer }];
  }

  readonly #refusal = (bound: Bound, { weight, most }: { weight: number; most: number }, seconds: number): HubError => {
    this.#count(bound);
    const retryAfterSeconds = Math.max(1, Math.ceil(seconds));
    const limit = { name: bound, weight: Math.ceil(weight), most };
    return new HubError('TOO_MANY_REQUESTS', `${WORDS[bound]}: try again in ${retryAfterSeconds} s`, {
      retryAfterSeconds,
      limit,
    });
  };

  #count(bound: Bound): void {
    this.refused.set(bound, (this.refused.get(bound) ?? 0) + 1);
  }
}

/** By the hour: an app is subscribed once, and again when something of it changes. */
function pushSavesOf({ pushSaves }: AllowanceLimits, now: () => number): ByAddress | undefined {
  if (pushSaves === 0) return undefined;
  const buckets = (most: number) => new Buckets(most / HOUR_S, HOUR_S, now);
  return { bound: 'pushSaves', lines: buckets(pushSaves), customers: buckets(pushSaves * CUSTOMER_FACTOR) };
}

import type { Targets } from './checked-connection.ts';

export interface HeartbeatOptions {
  /** A dead man's switch: its owner rings once it is asked no more. */
  url: string;
  targets: Targets;
  /** Hears why it could not be asked, and never its address, which may hold a secret. */
  onFault(fault: string): void;
  /** Milliseconds that nobody sets. */
  now?: () => number;
}

const EVERY_MS = 60_000;
const TIMEOUT_MS = 10_000;
const ANSWER_BYTES = 16_384;
/** Loaded with the first beat: most hubs have none. */
const client = () => Promise.all([import('undici'), import('./checked-connector.ts')]);

/**
 * Tells somebody outside that a hub keeps time: a hub that is dead, or does nothing of what is due, tells nobody itself. Each minute at
 * most, and never twice at once.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  readonly #stop = new AbortController();
  #askedAt: number | undefined;
  #underWay: Promise<void> | undefined;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /** Everything that was due is done. Returns at once. */
  beat(): void {
    const { now = () => performance.now(), onFault } = this.#options;
    const isDue = this.#askedAt === undefined || now() - this.#askedAt >= EVERY_MS;
    if (!isDue || this.#underWay || this.#stop.signal.aborted) return;
    this.#askedAt = now();
    this.#underWay = this.#ask()
      .catch((error: unknown) => {
        if (!this.#stop.signal.aborted) onFault(faultOf(error));
      })
      .finally(() => {
        this.#underWay = undefined;
      });
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#underWay;
  }

  async #ask(): Promise<void> {
    const { url, targets } = this.#options;
    const [{ Agent, request }, { checkedConnector }] = await client();
    // An agent of its own for each beat: a connection kept alive would be used again without a new look at its address.
    const dispatcher = new Agent({ connect: checkedConnector(targets), maxHeaderSize: ANSWER_BYTES });
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    try {
      const asked = request(url, { dispatcher, signal, headers: { 'user-agent': 'Tocsin (heartbeat)' } });
      const { statusCode, body } = await Promise.race([asked, aborted(signal)]);
      await body.dump({ limit: ANSWER_BYTES, signal }).catch(() => undefined);
      if (statusCode < 200 || statusCode > 299) throw new RefusedBeat(`it answers ${statusCode}`);
    } finally {
      // Not waited for: it would wait for a connection under way.
      dispatcher.destroy().catch(() => undefined);
    }
  }
}

class RefusedBeat extends Error {}

/** Rejects when a signal aborts: undici hears it only once there is a connection. */
const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

/** Words of ours alone: those of others may hold the address. */
function faultOf(error: unknown): string {
  if (error instanceof RefusedBeat) return error.message;
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at.name === 'AddressRefused') return 'its address is not on the public Internet';
    if (at.name === 'TimeoutError') return 'it does not answer in time';
  }
  return 'it cannot be reached';
}

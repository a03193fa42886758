/** Peers that are told of in an hour: a client can come from as many addresses as it likes, and none of them fills the log. */
const MOST = 50;
const HOUR_MS = 3_600_000;

/**
 * Tells of peers that hand on `X-Forwarded-For` and are no named proxy: each once an hour at most, and so many of them. Where it
 * is the operator's own proxy, all its clients share one allowance until it is named.
 */
export class UnnamedProxies {
  readonly #tell: (peer: string) => void;
  readonly #now: () => number;
  /** When each was told of, the earliest first. */
  readonly #told = new Map<string, number>();

  constructor(tell: (peer: string) => void, now: () => number = () => performance.now()) {
    this.#tell = tell;
    this.#now = now;
  }

  /** A peer says whom it asks for, and is not believed. */
  readonly seen = (peer: string): void => {
    const now = this.#now();
    const isOver = (at: number) => now - at >= HOUR_MS;
    const known = this.#told.get(peer);
    if (known !== undefined && !isOver(known)) return;
    this.#told.delete(peer);
    const [earliest] = this.#told;
    if (earliest && this.#told.size >= MOST) {
      if (!isOver(earliest[1])) return;
      this.#told.delete(earliest[0]);
    }
    this.#told.set(peer, now);
    this.#tell(peer);
  };
}

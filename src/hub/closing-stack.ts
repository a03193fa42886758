/** Ends one thing that was opened; closing waits for what it returns. */
export type End = () => unknown;

/**
 * How to end everything that was opened so far. Each opener adds its own end; closing runs the ends in reverse order, all
 * of them, also after one that fails. (AsyncDisposableStack is missing in Node.js 22, and has no ends that run together.)
 */
export class ClosingStack {
  readonly #ends: { end: End; isEarly: boolean }[] = [];
  readonly #begun = new AbortController();
  #closed: Promise<void> | undefined;

  /** Aborts when closing begins. */
  get signal(): AbortSignal {
    return this.#begun.signal;
  }

  get isClosing(): boolean {
    return this.signal.aborted;
  }

  /** Adds an end that runs when everything added after it has ended. */
  push(end: End): void {
    this.#ends.push({ end, isEarly: false });
  }

  /** Adds an end that runs as soon as closing begins. What was added before it still waits for it. */
  pushEarly(end: End): void {
    this.#ends.push({ end, isEarly: true });
  }

  /** Ends everything. Then throws what failed on the way: one error, or an AggregateError. May be called again. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#begun.abort();
    const faults: unknown[] = [];
    const run = async (end: End) => {
      try {
        await end();
      } catch (error) {
        faults.push(error);
      }
    };
    const steps = this.#ends.map(({ end, isEarly }) => {
      const early = isEarly ? run(end) : undefined;
      return () => early ?? run(end);
    });
    for (const step of steps.reverse()) await step();
    if (faults.length > 1) throw new AggregateError(faults, `${faults.length} parts of the hub did not close`);
    if (faults.length === 1) throw faults[0];
  }
}

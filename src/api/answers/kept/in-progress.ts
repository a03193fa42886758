/** The queries whose answer is being worked out now, by key: clients with the same query wait for it. */
export class InProgress {
  readonly #ends = new Map<string, Promise<void>>();

  /** Settles when that answer is there, or turns out to be for one client alone; undefined if nobody works on it. */
  endOf(key: string): Promise<void> | undefined {
    return this.#ends.get(key);
  }

  /** Begins a work that others may wait for. The function returned ends it, and may be called again. */
  begin(key: string): () => void {
    let end = (): void => undefined;
    // After a wait in vain, each client works for itself: nobody waits for it.
    if (this.#ends.has(key)) return end;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#ends.set(key, ended);
    return () => {
      if (this.#ends.get(key) === ended) this.#ends.delete(key);
      end();
    };
  }
}

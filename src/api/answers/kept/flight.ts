/** One working out of an answer, that others who ask the same wait for. */
export class Flight {
  /** The moment in which it began. */
  readonly generation: number;
  readonly key: string;
  readonly ended: Promise<void>;
  /** Set once the answer is known to be the same for everybody, with no fault in it. */
  isShared = false;
  /** Set where the document was named by its hash alone. */
  isPersisted = false;
  #waited = false;
  #end: () => void = () => undefined;

  constructor(key: string, generation: number) {
    this.key = key;
    this.generation = generation;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** Something in it waits for PostgreSQL, which may stand elsewhere than the board: nobody waits for it, nobody shares it. */
  waits(): void {
    this.#waited = true;
    this.#end();
  }

  get hasWaited(): boolean {
    return this.#waited;
  }

  end(): void {
    this.#end();
  }
}

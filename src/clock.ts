/** Time as a value, so that a test or a demo can tell it. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands where it was set; `set` moves it. */
export class SetClock implements Clock {
  #now: Date;
  constructor(at: Date | string) {
    this.#now = new Date(at);
  }
  now(): Date {
    return new Date(this.#now);
  }
  set(at: Date | string): void {
    this.#now = new Date(at);
  }
}

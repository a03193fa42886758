import { setTimeout as pause } from 'node:timers/promises';
import { Heard } from './account.mjs';
import { followByEventStream } from './by-event-stream.mjs';
import { followByWebSocket } from './by-websocket.mjs';
import { afterChange, openings, visit } from './visits.mjs';

/** How often, on average, somebody opens the app, and the network leaves it. */
const OPENED_MS = 120_000;
const CUT_MS = 180_000;
const AWAY_MS = 20_000;
/** So many of those who hear of something tap on it. */
const TAPPING = 0.05;

/** Waits as long as until the next event of those that come so often on average. */
const byChance = (averageMs) => -Math.log(1 - Math.random()) * averageMs;

/** One phone: it follows, reads when its app is opened and after each change, is cut off, and comes back. */
export class Phone {
  heard = new Heard();
  /** What it follows: changes of its commune, or all of them. */
  filter;
  #shared;
  #commune;
  #etags = new Map();
  #following;
  #isReading = false;
  #toRead;
  #isSettled = false;

  /** `shared`: where the hub is, the client's functions, and where faults and waits are counted. */
  constructor(shared, { commune, followsAll, byEventStream }) {
    this.#shared = shared;
    this.#commune = commune;
    this.filter = followsAll ? '' : commune;
    const follow = byEventStream ? followByEventStream : followByWebSocket;
    this.#following = follow({
      ...shared,
      where: followsAll ? null : { communes: [commune] },
      next: (change) => this.#hear(change),
      fault: (fault) => shared.tally.add(fault),
    });
    void this.#open();
    void this.#leave();
  }

  get isThere() {
    return this.#following.isOpen && this.heard.begun !== undefined;
  }

  cut(forMs = Math.random() * AWAY_MS) {
    if (!this.#following.isOpen) return;
    this.#shared.tally.add('cut');
    this.#following.cut(forMs);
  }

  /** From now on its app stays open, and is cut off no more. */
  settle() {
    this.#isSettled = true;
  }

  end() {
    this.#following.end();
  }

  #hear(change) {
    if (!this.heard.take(change)) return;
    this.#shared.tally.add('change');
    this.#toRead = afterChange(this.#commune, change.publication?.thread, Math.random() < TAPPING);
    void this.#read();
  }

  /** One visit at a time: changes that come meanwhile are read together. */
  async #read() {
    if (this.#isReading) return;
    this.#isReading = true;
    while (this.#toRead) {
      const reads = this.#toRead;
      this.#toRead = undefined;
      await visit({ ...this.#shared, etags: this.#etags }, reads);
    }
    this.#isReading = false;
  }

  async #open() {
    const all = openings(this.#commune);
    // The first time all at once, as after the siren.
    for (; !this.#isSettled; await pause(byChance(OPENED_MS), undefined, { ref: false }))
      await visit({ ...this.#shared, etags: this.#etags }, all[Math.floor(Math.random() * all.length)]);
  }

  async #leave() {
    for (;;) {
      await pause(byChance(CUT_MS), undefined, { ref: false });
      if (this.#isSettled) return;
      this.cut();
    }
  }
}

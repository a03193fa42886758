import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { cpuOf, median } from '../../harness.mjs';

/** What goes on after an answer (compression, garbage) belongs to it. */
const REST_MS = 120;
const IDLE_MS = 300;
const IDLE_TIMES = 5;

const mainOf = (pid) => Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1000;

/** Measures what a hub spends on one deed, without what it spends by itself meanwhile. */
export class Meter {
  #pid;
  /** Share of a core that an idle hub takes: all its threads, and its main one. */
  #idle = { all: 0, main: 0 };

  constructor(pid) {
    this.#pid = pid;
  }

  async lookAtIdle() {
    const seen = [];
    for (let at = 0; at < IDLE_TIMES; at += 1) seen.push(await this.#spent(() => pause(IDLE_MS)));
    const share = (name) => median(seen.map((one) => one[name] / one.ms));
    this.#idle = { all: share('all'), main: share('main') };
  }

  /** The answer of a deed, how long it took, and the CPU in ms: of all threads, and of the main one. */
  async measure(deed) {
    const { answer, ms, lasted, all, main } = await this.#spent(deed, REST_MS);
    const own = (spent, idle) => Math.max(0, spent - idle * ms);
    return { answer, lasted, cpu: own(all, this.#idle.all), main: own(main, this.#idle.main) };
  }

  async #spent(deed, rest = 0) {
    const [all, main, began] = [cpuOf(this.#pid), mainOf(this.#pid), performance.now()];
    const answer = await deed();
    const lasted = performance.now() - began;
    if (rest > 0) await pause(rest);
    const ms = performance.now() - began;
    return { answer, lasted, ms, all: (cpuOf(this.#pid) - all) / 1000, main: (mainOf(this.#pid) - main) / 1000 };
  }
}

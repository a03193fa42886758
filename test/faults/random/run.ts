import { setTimeout as pause } from 'node:timers/promises';
import { temporaryFolder } from '../../support/database/embedded.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { type History, isSound, judge, type Verdict } from './checker.ts';
import { DatabaseUnderFaults, markOfNote } from './database.ts';
import { bringAbout, operate, type Scene } from './faults.ts';
import { followersAt, type RandomFollower } from './followers.ts';
import { HubUnderFaults } from './hub-process.ts';
import { type FaultKind, inWords, planOf, type Wave } from './plan.ts';
import { demandSharpEyes, soundHistory } from './planted.ts';
import { RandomWriters } from './writers.ts';

export interface RunOptions {
  seed: number;
  /** How many faults. */
  count: number;
  hubs: number;
  followers: number;
  /** Notes in a second. */
  rate: number;
  /** Is told how the run goes, line by line. */
  say(line: string): void;
}

export interface Outcome extends Verdict {
  /** How often each kind of fault was brought about. */
  faults: Map<FaultKind, number>;
  /** The longest recovery in seconds after each kind that came alone, and after several at once. */
  recoveries: Map<FaultKind | 'several at once', number>;
  mutations: number;
  /** Mutations that were sent again, since their answer was not clear. */
  retries: number;
  entries: number;
  /** Connections that followers made. */
  connections: number;
  /** Times that the process of a hub ended. */
  ends: number;
  /** Times that a hub did not start because PostgreSQL was not there. */
  failedStarts: number;
  minutes: number;
}

const WRITERS = 6;
/** How long everybody may take to recover from a wave: a hub starts anew, a stream finds out that it is dead. */
const RECOVERY_MS = 2 * PATIENCE_MS;
const LOOK_MS = 20;
/** A rest between two waves. */
const CALM_MS = 400;

/** Brings about the faults of a seed while people write and follow, and judges all that came of it. Throws at the first fault found. */
export async function runFaults(options: RunOptions): Promise<Outcome> {
  demandSharpEyes(soundHistory());
  return new FaultRun(options, await DatabaseUnderFaults.open()).run();
}

class FaultRun {
  readonly #options: RunOptions;
  readonly #database: DatabaseUnderFaults;
  readonly #begun = performance.now();
  readonly #restores: number[] = [];
  readonly #faults: Outcome['faults'] = new Map();
  readonly #recoveries: Outcome['recoveries'] = new Map();
  #hubs: HubUnderFaults[] = [];
  #followers: RandomFollower[] = [];
  #writers = new RandomWriters(new Map());

  constructor(options: RunOptions, database: DatabaseUnderFaults) {
    this.#options = options;
    this.#database = database;
  }

  async run(): Promise<Outcome> {
    const waves = this.#plan();
    let place = 'before the first wave';
    try {
      await this.#setUp();
      for (const [index, wave] of waves.entries()) {
        place = `wave ${index + 1} of ${waves.length}, ${inWords(wave)}`;
        this.#options.say(`${place}: ${await this.#wave(wave)}`);
      }
      place = 'after the last wave';
      return await this.#end();
    } catch (error) {
      throw new Error(`${place}: ${error instanceof Error ? error.message : error}\n${this.#toReplay()}`);
    } finally {
      await Promise.all(this.#followers.map((follower) => follower.stop()));
      await Promise.all(this.#hubs.map((hub) => hub.close()));
    }
  }

  #plan(): Wave[] {
    const { seed, count, hubs, say } = this.#options;
    const without: FaultKind[] = this.#database.hasDisk ? [] : ['PostgreSQL: disk full'];
    if (without.length > 0) say('No disk is filled: nobody may mount a small one here.');
    const waves = planOf({ seed, count, hubs, without });
    say(`Seed ${seed}: ${count} faults in ${waves.length} waves over ${hubs} hubs.`);
    return waves;
  }

  #toReplay(): string {
    const { seed, count, hubs, followers, rate } = this.#options;
    return `Again: npm run faults -- --seed ${seed} --count ${count} --hubs ${hubs} --followers ${followers} --rate ${rate}`;
  }

  async #setUp(): Promise<void> {
    const { hubs, followers, rate } = this.#options;
    const folders = await Promise.all(Array.from({ length: hubs }, () => temporaryFolder()));
    // All at once, so that they migrate at once too.
    this.#hubs = await Promise.all(
      folders.map((dataDir, number) => HubUnderFaults.open({ number, dataDir, databaseUrl: this.#database.url })),
    );
    const tokens = await Promise.all(this.#hubs.map(async (hub) => [hub.door.url, await hub.tokens()] as const));
    this.#writers = new RandomWriters(new Map(tokens));
    await this.#writers.prepare(WRITERS);
    this.#demandNothingOdd();
    const doors = tokens.map(([door]) => door);
    this.#followers = followersAt(doors, followers, await presentAt(doors[0] ?? ''));
    this.#writers.begin(rate);
    await this.#recover();
    this.#options.say(`All stand and write after ${((performance.now() - this.#begun) / 1000).toFixed(0)} s.`);
  }

  /** Brings about a wave, waits until everybody has recovered, and judges. Answers what there is to say. */
  async #wave(wave: Wave): Promise<string> {
    const scene: Scene = {
      database: this.#database,
      hubs: this.#hubs,
      followers: this.#followers,
      restores: this.#restores,
    };
    await bringAbout(scene, wave);
    for (const { kind } of wave) this.#faults.set(kind, (this.#faults.get(kind) ?? 0) + 1);
    const seconds = await this.#recover();
    const [only, ...others] = wave;
    const kind = others.length > 0 || !only ? 'several at once' : only.kind;
    this.#recoveries.set(kind, Math.max(seconds, this.#recoveries.get(kind) ?? 0));
    const { deliveries } = await this.#judge();
    await pause(CALM_MS);
    const minutes = ((performance.now() - this.#begun) / 60_000).toFixed(1);
    return `recovered in ${seconds.toFixed(1)} s, at minute ${minutes}; ${this.#writers.mutations} mutations, ${deliveries} deliveries`;
  }

  /** Waits until every hub takes a write, and every follower knows all that was written before. Answers how many seconds that took. */
  async #recover(): Promise<number> {
    const begun = performance.now();
    await this.#inTime('a write at each hub', Promise.all(this.#hubs.map((hub) => this.#writers.probe(hub.door.url))));
    const head = (await this.#database.journal()).at(-1)?.position ?? 0;
    const behind = () => this.#followers.filter(({ position }) => position < head);
    while (behind().length > 0) {
      this.#demandNothingOdd();
      if (performance.now() - begun > RECOVERY_MS) {
        const names = behind().map(({ name, position }) => `${name} at ${position}`);
        throw new Error(`not recovered: of ${head} have not heard ${names.join(', ')}\n${await this.#state()}`);
      }
      await pause(LOOK_MS);
    }
    return (performance.now() - begun) / 1000;
  }

  async #inTime<T>(hoped: string, work: Promise<T>): Promise<T> {
    const timer = new AbortController();
    const late = pause(RECOVERY_MS, 'late' as const, { signal: timer.signal }).catch(() => 'late' as const);
    const first = await Promise.race([work, late]);
    timer.abort();
    if (first === 'late')
      throw new Error(`not recovered: no ${hoped} in ${RECOVERY_MS / 1000} s\n${await this.#state()}`);
    return first;
  }

  async #state(): Promise<string> {
    const each = this.#hubs.map(
      async (hub) => `hub ${hub.number}: /readyz ${await hub.readiness()}; ${hub.lastWords()}`,
    );
    return (await Promise.all(each)).join('\n');
  }

  /** Answers that nobody promised, and hubs that ended by themselves. */
  #demandNothingOdd(): void {
    const odd = [this.#writers, ...this.#followers].flatMap(({ faults }) => faults);
    const all = [...odd, ...this.#hubs.flatMap(({ ownEnds }) => ownEnds)];
    if (all.length > 0) throw new Error(all.slice(0, 5).join('\n'));
  }

  /** All that clients know at a moment, and the journal as it is after that moment: what it lacks then was never there. */
  async #history(isOver = false): Promise<History> {
    const { acknowledged, refused, appointments } = this.#writers;
    const known = {
      acknowledged: [...acknowledged],
      refused: [...refused],
      appointments: [...appointments],
      followers: this.#followers.map((follower) => follower.log()),
      restores: [...this.#restores],
      head: Math.min(...this.#followers.map(({ position }) => position)),
    };
    return { ...known, journal: await this.#database.journal({ anew: isOver }), isOver };
  }

  async #judge(): Promise<Verdict> {
    this.#demandNothingOdd();
    const verdict = judge(await this.#history());
    if (!isSound(verdict)) throw new Error(inBrief(verdict));
    return verdict;
  }

  /** The end: all that is due has come, everybody knows all of it, and the checker's eyes were sharp. */
  async #end(): Promise<Outcome> {
    await this.#inTime('clear answer to every writer', this.#writers.end());
    const begun = performance.now();
    while (judge(await this.#history(true)).found['never due'] > 0 && performance.now() - begun < RECOVERY_MS)
      await pause(1_000);
    await this.#recover();
    const history = await this.#history(true);
    const verdict = judge(history);
    if (!isSound(verdict)) throw new Error(inBrief(verdict));
    demandSharpEyes(history);
    await this.#demandRecord();
    await this.#demandReadable(history);
    this.#demandNothingOdd();
    return {
      ...verdict,
      found: verdict.found,
      faults: this.#faults,
      recoveries: this.#recoveries,
      mutations: this.#writers.mutations,
      retries: this.#writers.retries,
      entries: history.journal.length,
      connections: this.#followers.reduce((sum, { connections }) => sum + connections, 0),
      ends: this.#hubs.reduce((sum, { ends }) => sum + ends, 0),
      failedStarts: this.#hubs.reduce((sum, { failedStarts }) => sum + failedStarts, 0),
      minutes: (performance.now() - this.#begun) / 60_000,
    };
  }

  /** Every mutation that was answered is in the audit log once, no other is there, and the log is whole. */
  async #demandRecord(): Promise<void> {
    const recorded = await this.#database.deeds();
    const { deeds } = this.#writers;
    const names = new Set([...recorded.keys(), ...deeds.keys()]);
    const wrong = [...names].filter((name) => recorded.get(name) !== deeds.get(name));
    const words = wrong.map((name) => `${name}: ${recorded.get(name) ?? 0} for ${deeds.get(name) ?? 0}`);
    if (words.length > 0) throw new Error(`the audit log is not what was answered: ${words.slice(0, 10).join('; ')}`);
    const verified = await operate('audit:verify', this.#database.url);
    if (verified.code !== 0) throw new Error(verified.words);
  }

  /** Every hub shows the last note of each closure. */
  async #demandReadable({ journal }: History): Promise<void> {
    const last = new Map<string, string>();
    for (const { type, subject, mark } of journal) if (type === 'OBSERVED') last.set(subject, mark);
    for (const { door, number } of this.#hubs)
      for (const [subject, mark] of last) {
        const note = await noteAt(door.url, subject);
        if (markOfNote(subject, note) !== mark) throw new Error(`hub ${number} shows ${note}, and not ${mark}`);
      }
  }
}

async function ask<T>(door: string, query: string, variables: object = {}): Promise<T> {
  const answer = await fetch(`${door}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return ((await answer.json()) as { data: T }).data;
}

async function noteAt(door: string, id: string): Promise<string> {
  const query = 'query ($id: ID!) { publication(id: $id) { ... on ClosurePublication { observed { note } } } }';
  const { publication } = await ask<{ publication: { observed: { note: string } } }>(door, query, { id });
  return publication.observed.note;
}

async function presentAt(door: string): Promise<{ cursor: string; position: number }> {
  const { changes } = await ask<{ changes: { endCursor: string; position: number } }>(
    door,
    '{ changes { endCursor position } }',
  );
  return { cursor: changes.endCursor, position: changes.position };
}

/** The faults that were found, with the first of them in words. */
function inBrief({ found, words, deliveries }: Verdict): string {
  const counts = Object.entries(found).filter(([, count]) => count > 0);
  return [
    `${counts.map(([name, count]) => `${count} ${name}`).join(', ')}, in ${deliveries} deliveries`,
    ...words,
  ].join('\n  ');
}

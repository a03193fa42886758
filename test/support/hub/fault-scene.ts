import { expect, onTestFinished } from 'vitest';
import { FaultProxy } from '../database/fault-proxy.ts';
import type { Listener } from '../following/transports.ts';
import { headOf, JournalPump } from './journal-pump.ts';

/** Commits between two faults. */
const BETWEEN = 15;

export interface SceneOptions {
  databaseUrl: string;
  /** A publication that is confirmed all the time, so that changes come. */
  publication: string;
  /** The first hub. */
  url: string;
  /** Who follows, by the proxy's address. */
  open(url: string): Listener[];
}

/** Listeners who follow a hub through a proxy while changes come. It ends with the test. */
export class FaultScene {
  readonly proxy: FaultProxy;
  readonly listeners: Listener[];
  readonly #pump: JournalPump;
  readonly #from: number;

  private constructor(proxy: FaultProxy, listeners: Listener[], pump: JournalPump, from: number) {
    this.proxy = proxy;
    this.listeners = listeners;
    this.#pump = pump;
    this.#from = from;
  }

  static async begin({ databaseUrl, publication, url, open }: SceneOptions): Promise<FaultScene> {
    const from = await headOf(databaseUrl);
    const proxy = await FaultProxy.to(url);
    const listeners = open(proxy.url);
    const pump = new JournalPump(databaseUrl, publication);
    onTestFinished(async () => {
      await pump.stop();
      await Promise.all(listeners.map((listener) => listener.end()));
      await proxy.close();
    });
    const scene = new FaultScene(proxy, listeners, pump, from);
    await scene.until(({ cursor }) => cursor !== null);
    pump.start();
    await scene.changes();
    return scene;
  }

  /** Some changes more have been committed. */
  changes(): Promise<void> {
    return this.#pump.more(BETWEEN);
  }

  /** A condition holds for everybody; names those for whom it does not. */
  async until(condition: (listener: Listener) => boolean): Promise<void> {
    const others = () => this.listeners.filter((listener) => !condition(listener)).map(({ name }) => name);
    await expect.poll(others).toEqual([]);
  }

  /** Does something to the network or the hubs; resolves when everybody has come back from it, while changes come. */
  async fault(work: () => unknown): Promise<void> {
    const before = new Map(this.listeners.map((listener) => [listener, listener.connections]));
    await work();
    await this.changes();
    await this.until((listener) => listener.connections > (before.get(listener) ?? 0));
  }

  /** The end: everybody has heard all that was committed, each change once, in order. Answers how many those were. */
  async check(): Promise<number> {
    await this.changes();
    const head = await this.#pump.stop();
    const all = Array.from({ length: head - this.#from }, (_, index) => this.#from + 1 + index);
    await this.until(({ positions }) => positions.at(-1) === head);
    for (const { name, positions, errors } of this.listeners) {
      expect(positions, name).toEqual(all);
      expect(errors, name).toEqual([]);
    }
    return all.length;
  }
}

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { PATIENCE_MS } from '../patience.ts';

interface Told {
  id?: number;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { message: string };
}

/** The browser of this machine; undefined where there is none. */
export const CHROMIUM = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
);

/** One window of a whole browser, by the protocol of its own developer tools. */
export class Chromium {
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (told: Told) => void>();
  #onLoad: () => void = () => undefined;
  #session = '';
  #last = 0;

  private constructor(process: ChildProcess, folder: string, socket: WebSocket) {
    this.#process = process;
    this.#folder = folder;
    this.#socket = socket;
    socket.on('message', (data) => {
      const told = JSON.parse(String(data)) as Told;
      if (told.id !== undefined) this.#waiting.get(told.id)?.(told);
      else if (told.method === 'Page.loadEventFired') this.#onLoad();
    });
  }

  static async open(program: string): Promise<Chromium> {
    const folder = await mkdtemp(join(tmpdir(), 'tocsin-chromium-'));
    const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--remote-debugging-port=0'];
    const process = spawn(program, [...flags, `--user-data-dir=${folder}`, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let printed = '';
    const address = await new Promise<string>((resolve, reject) => {
      process.stderr?.on('data', (chunk) => {
        printed += String(chunk);
        const found = /DevTools listening on (ws:\S+)/.exec(printed)?.[1];
        if (found) resolve(found);
      });
      process.once('exit', () => reject(new Error(`the browser did not start: ${printed}`)));
    });
    const socket = new WebSocket(address);
    await once(socket, 'open');
    const browser = new Chromium(process, folder, socket);
    const { targetId } = await browser.#ask('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await browser.#ask('Target.attachToTarget', { targetId, flatten: true });
    browser.#session = String(sessionId);
    await browser.#ask('Page.enable');
    return browser;
  }

  /** Goes to an address, and answers where it ended. */
  async visit(url: string): Promise<URL> {
    const loaded = this.#loaded();
    await this.#ask('Page.navigate', { url });
    await loaded;
    return this.here();
  }

  async here(): Promise<URL> {
    return new URL(String(await this.run('location.href')));
  }

  /** Runs a script in the page, as one of its own, and answers what it settles to. */
  async run(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = await this.#ask('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { value?: unknown }).value;
  }

  /** Runs a script that leads to another page, and answers where that is. */
  async leaveBy(expression: string): Promise<URL> {
    const loaded = this.#loaded();
    await this.run(expression);
    await loaded;
    return this.here();
  }

  /** Sends these headers with whatever it asks for from now on. */
  async send(headers: Record<string, string>): Promise<void> {
    await this.#ask('Network.enable');
    await this.#ask('Network.setExtraHTTPHeaders', { headers });
  }

  /** The page as a PDF, on the paper that it asks for. */
  async print(): Promise<Buffer> {
    const { data } = await this.#ask('Page.printToPDF', { preferCSSPageSize: true });
    return Buffer.from(String(data), 'base64');
  }

  /** The cookies that it would send to an address, by name. */
  async cookies(url: string): Promise<Map<string, Record<string, unknown>>> {
    const { cookies } = await this.#ask('Network.getCookies', { urls: [url] });
    return new Map((cookies as { name: string }[]).map((cookie) => [cookie.name, { ...cookie }]));
  }

  async close(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#socket.terminate();
    this.#process.kill('SIGKILL');
    await ended;
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  #loaded(): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('no page was loaded')), PATIENCE_MS);
      this.#onLoad = () => {
        clearTimeout(late);
        resolve();
      };
    });
  }

  #ask(method: string, params: object = {}): Promise<Record<string, unknown>> {
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result, error }) => {
        this.#waiting.delete(id);
        if (error) reject(new Error(`${method}: ${error.message}`));
        else resolve(result ?? {});
      });
      this.#socket.send(JSON.stringify({ id, method, params, ...(this.#session ? { sessionId: this.#session } : {}) }));
    });
  }
}

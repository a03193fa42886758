import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { HubError, invalidInput } from '../errors.ts';
import { pictureKindOf } from './picture-kind.rules.ts';
import { type PictureBox, type Pressed, READY, type Refused } from './pressed.ts';
import { readPressed } from './read-pressed.ts';

export interface PicturePressOptions {
  /** Told of each process that did not live to its end, in words for the log. */
  onDeath(words: string): void;
  /** The program that reads a picture, and how long it may take; a test has others. */
  program?: string;
  longestMs?: number;
}

/** Compiled, both are .js; from their sources, both are .ts. */
const PROGRAM = fileURLToPath(new URL(`./picture.press${import.meta.url.slice(-3)}`, import.meta.url));
const AT_ONCE = 2;
const LONGEST_MS = 15_000;
/** Seconds of CPU, by the system's own count: more than it may take by the clock, since it has threads. */
const CPU_SECONDS = 20;
/** Two pictures of WebP, however bad they are to compress. */
const MOST_ANSWERED = 12 * 2 ** 20;
/** No memory of a process that crashed, with a picture in it, is written to the disk. */
const LIMITED = `ulimit -t ${CPU_SECONDS}; ulimit -c 0; exec "$0" "$@"`;

const WORDS: Readonly<Record<Refused['fault'], string>> = {
  NO_PICTURE: 'must be a JPEG, PNG or WebP picture',
  TOO_MANY_PIXELS: 'must have at most 50 million pixels',
  BROKEN: 'must be a whole picture: this one is damaged, or cut off',
  TOO_SLOW: 'must be read within seconds',
};

/** How a process ended. */
interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  isLate: boolean;
  answered: Buffer;
}

/**
 * Has each picture of a stranger read by a process of its own, two at a time: decoders are C, and bytes that break one must not
 * end the hub. The process gets no environment, writes no file and reads none but its program; it is no sandbox for code that has
 * taken it over, so that its answer is read as a stranger's as well.
 */
export class PicturePress {
  readonly #options: Required<PicturePressOptions>;
  readonly #processes = new Set<ChildProcess>();
  readonly #waiting: (() => void)[] = [];
  #rights: string[] | undefined;
  #underWay = 0;
  #isClosed = false;

  constructor({ program = PROGRAM, longestMs = LONGEST_MS, onDeath }: PicturePressOptions) {
    this.#options = { program, longestMs, onDeath };
  }

  /**
   * Reads a picture anew, and makes what lies in the boxes unrecognisable. Throws INVALID_INPUT about `body` for what is no picture or
   * breaks its reader, and UNAVAILABLE where it could not be read in time. The caller has checked that the boxes lie in the picture.
   */
  async press(bytes: Buffer, boxes: readonly PictureBox[] = []): Promise<Pressed> {
    if (!pictureKindOf(bytes)) throw refusal('NO_PICTURE');
    if (this.#underWay >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#underWay += 1;
    try {
      return this.#judged(await this.#run(bytes, boxes));
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#underWay -= 1;
    }
  }

  /** How many are read at this moment. */
  get underWay(): number {
    return this.#underWay;
  }

  /** Ends the processes; pictures that they read, or that wait for one, are refused. */
  close(): void {
    this.#isClosed = true;
    for (const one of this.#processes) one.kill('SIGKILL');
  }

  #run(bytes: Buffer, boxes: readonly PictureBox[]): Promise<Ended> {
    if (this.#isClosed) throw unread();
    const { program, longestMs } = this.#options;
    this.#rights ??= rightsOf(program);
    return new Promise((resolve, reject) => {
      const words = [...(this.#rights ?? []), program, JSON.stringify(boxes)];
      const one = spawn('/bin/sh', ['-c', LIMITED, process.execPath, ...words], {
        env: {},
        // The answer comes by a way of its own: decoders print to the usual one.
        stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
      });
      this.#processes.add(one);
      const chunks: Buffer[] = [];
      let isLate = false;
      let length = 0;
      const late = setTimeout(() => {
        isLate = true;
        one.kill('SIGKILL');
      }, longestMs);
      one.stdio[3]?.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > MOST_ANSWERED) one.kill('SIGKILL');
        else chunks.push(chunk);
      });
      const end = () => {
        clearTimeout(late);
        this.#processes.delete(one);
      };
      one.once('error', (error) => {
        end();
        reject(error);
      });
      one.once('close', (code, signal) => {
        end();
        resolve({ code, signal, isLate, answered: Buffer.concat(chunks) });
      });
      // A process that ends early does not read on.
      one.stdin?.on('error', () => undefined);
      one.stdin?.end(bytes);
    });
  }

  /** The picture that a process answered. One that died over a picture is the picture's fault; one that never began is ours. */
  #judged({ code, signal, isLate, answered }: Ended): Pressed {
    if (this.#isClosed) throw unread();
    if (isLate) {
      this.#options.onDeath(`it took longer than ${this.#options.longestMs} ms`);
      throw unread();
    }
    if (answered[0] !== READY) throw new Error(`the program that reads pictures does not start: ${signal ?? code}`);
    const read = code === 0 ? readPressed(answered.subarray(1)) : undefined;
    if (!read) {
      this.#options.onDeath(`it ended with ${signal ?? code}, with no answer`);
      throw refusal('BROKEN');
    }
    if ('fault' in read) throw read.fault === 'TOO_SLOW' ? unread() : refusal(read.fault);
    return read;
  }
}

const refusal = (fault: Refused['fault']): HubError => invalidInput([{ path: 'body', message: WORDS[fault] }]);

const unread = (): HubError => new HubError('UNAVAILABLE', 'the picture could not be read in time: try again');

/** Node.js leaves to a program its own code, libraries included, and nothing else of the machine's files. */
function rightsOf(program: string): string[] {
  const libraries = librariesOf(path.dirname(program));
  const folders = new Set([path.dirname(program), libraries, realpathSync(libraries)]);
  const readable = [...folders].map((folder) => `--allow-fs-read=${path.join(folder, '*')}`);
  return ['--permission', '--allow-addons', ...readable];
}

/** The folder in which npm has put the libraries of a program. */
function librariesOf(folder: string): string {
  const libraries = path.join(folder, 'node_modules');
  if (existsSync(path.join(libraries, 'sharp'))) return libraries;
  const above = path.dirname(folder);
  if (above === folder) throw new Error('sharp is not installed: run npm ci');
  return librariesOf(above);
}

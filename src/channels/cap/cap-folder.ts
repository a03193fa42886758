import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { KeptMessage } from './cap-seal.queries.ts';

/** `{identifier}.{sha256}.xml`: the name alone tells whether a file is whole. */
const FILE = /^(.+)\.([\da-f]{64})\.xml$/;

/**
 * The CAP messages of the board on disk, one file each, for a hub that starts while PostgreSQL is away. A message never changes,
 * so a file is written once; a file that was torn or touched is not that message any more, and is passed over.
 */
export class CapFolder {
  readonly #folder: string;
  readonly #writes: boolean;

  /** Of the processes that share a folder one `writes`. */
  constructor(folder: string, writes: boolean) {
    this.#folder = folder;
    this.#writes = writes;
  }

  /** Makes the folder hold exactly these messages. Throws the file system's error. */
  async keep(messages: readonly KeptMessage[]): Promise<void> {
    if (!this.#writes) return;
    await mkdir(this.#folder, { recursive: true });
    const there = new Set(await readdir(this.#folder));
    const wanted = new Map(messages.map((message) => [nameOf(message), message]));
    for (const [name, message] of wanted) if (!there.has(name)) await this.#write(name, message);
    for (const name of there)
      if (FILE.test(name) && !wanted.has(name)) await rm(path.join(this.#folder, name), { force: true });
  }

  /** Those of the messages that are here, whole. Never fails. */
  async read(identifiers: ReadonlySet<string>): Promise<KeptMessage[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const wanted = names.filter((name) => identifiers.has(FILE.exec(name)?.[1] ?? ''));
    const read = await Promise.all(wanted.map((name) => this.#read(name).catch(() => undefined)));
    return read.filter((message) => message !== undefined);
  }

  async #write(name: string, { bytes, sealedAt }: KeptMessage): Promise<void> {
    const fresh = path.join(this.#folder, `${name}.${process.pid}`);
    await writeFile(fresh, bytes);
    await utimes(fresh, sealedAt / 1000, sealedAt / 1000);
    await rename(fresh, path.join(this.#folder, name));
  }

  async #read(name: string): Promise<KeptMessage | undefined> {
    const [, identifier = '', sha256] = FILE.exec(name) ?? [];
    const file = path.join(this.#folder, name);
    const [bytes, { mtimeMs }] = [await readFile(file), await stat(file)];
    const isWhole = createHash('sha256').update(bytes).digest('hex') === sha256;
    return isWhole ? { identifier, sha256, bytes, sealedAt: Math.round(mtimeMs) } : undefined;
  }
}

const nameOf = ({ identifier, sha256 }: KeptMessage): string => `${identifier}.${sha256}.xml`;

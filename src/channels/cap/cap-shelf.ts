import type { PublicReads } from '../../board/public-reads.ts';
import { instant } from '../../clock.ts';
import { currentMessage } from '../../publications/alert/alert.content.ts';
import { kindOf } from '../../publications/kinds.ts';
import type { CapFolder } from './cap-folder.ts';
import { type KeptMessage, latestMessage, messagesByIdentifier } from './cap-seal.queries.ts';

/**
 * The CAP messages of the board's alerts, in memory, so that they are served while PostgreSQL is away: every live message of
 * every thread, since updates refer to them. With a folder they outlive the process too. The shelf asks PostgreSQL for
 * every other message.
 */
export class CapShelf {
  readonly #reads: PublicReads;
  readonly #folder: CapFolder | undefined;
  readonly #onError: (error: unknown) => void;
  #kept = new Map<string, KeptMessage>();
  #version = -1;
  #filling: Promise<void> | undefined;

  /** Calls `onError` where the folder cannot be written. */
  constructor(reads: PublicReads, folder?: CapFolder, onError: (error: unknown) => void = () => undefined) {
    this.#reads = reads;
    this.#folder = folder;
    this.#onError = onError;
  }

  /**
   * Follows the board to its version of now: fetches the messages that are new there, forgets those that left it. The hub
   * calls it after every read of the journal; a message that could not be fetched is tried again then. Never fails.
   */
  async keepUp(): Promise<void> {
    const { board } = this.#reads;
    // Only up to the version of now: the publisher is waiting.
    const { version } = board;
    while (this.#version < version) {
      this.#filling ??= this.#fill(board.version).finally(() => {
        this.#filling = undefined;
      });
      try {
        await this.#filling;
      } catch {
        return;
      }
    }
  }

  /** The message of an identifier, or undefined. Throws PostgreSQL's error where it must be asked. */
  async get(identifier: string): Promise<KeptMessage | undefined> {
    return this.#kept.get(identifier) ?? (await messagesByIdentifier(this.#reads.journal.sql, [identifier]))[0];
  }

  /** The newest message of a thread, or undefined. Throws PostgreSQL's error where it must be asked. */
  async latest(thread: string): Promise<KeptMessage | undefined> {
    const document = this.#reads.board.get(thread);
    const alert = document && kindOf(document.kind).capAlert?.(document);
    const message = alert && currentMessage(alert);
    return message ? this.get(message.identifier) : latestMessage(this.#reads.journal.sql, thread);
  }

  async #fill(version: number): Promise<void> {
    const wanted = this.#wanted();
    const missing = [...wanted].filter((identifier) => !this.#kept.has(identifier));
    let found: KeptMessage[];
    try {
      found = await messagesByIdentifier(this.#reads.journal.sql, missing);
    } catch (error) {
      this.#keep(wanted, (await this.#folder?.read(new Set(missing))) ?? []);
      throw error;
    }
    const before = this.#kept.size;
    this.#keep(wanted, found);
    this.#version = version;
    if (found.length > 0 || this.#kept.size < before)
      await this.#folder?.keep([...this.#kept.values()]).catch(this.#onError);
  }

  #keep(wanted: ReadonlySet<string>, found: readonly KeptMessage[]): void {
    const all = [...this.#kept.values(), ...found];
    this.#kept = new Map(all.filter(({ identifier }) => wanted.has(identifier)).map((kept) => [kept.identifier, kept]));
  }

  #wanted(): Set<string> {
    const { board } = this.#reads;
    const wanted = new Set<string>();
    for (const { brief } of board.all()) {
      const messages = 'messages' in brief ? brief.messages : null;
      messages?.forEach(({ identifier, expires }, index) => {
        if (index === messages.length - 1 || instant(expires) > board.now) wanted.add(identifier);
      });
    }
    return wanted;
  }
}

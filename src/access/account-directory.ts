import { HubError } from '../errors.ts';
import type { AccountOwner, Admission } from './account.queries.ts';

/** Where every hub hears by NOTIFY which account was disabled or enabled; the message is its id. */
export const ACCOUNT_CHANNEL = 'tocsin_account';

export interface AccountDirectoryOptions {
  /** The account of a person; makes it at the person's first visit. */
  resolve(person: AccountOwner): Promise<Admission>;
  /** Which of these accounts are disabled. */
  disabledAmong(ids: readonly string[]): Promise<readonly string[]>;
  onError(error: unknown): void;
}

/** An account that was let in. */
export interface Admitted {
  id: string;
  /** Has a session end as soon as the account changes, or at once where it has changed already; answers how to stop. */
  endsWith(end: () => void): () => void;
}

const RETRY_MS = 500;
const nothing = () => undefined;

/**
 * The accounts that this hub has let in, and their open sessions. PostgreSQL is asked once for each person, so that a
 * token keeps working while the database is away. When an account changes, PostgreSQL notifies every hub: the hub forgets
 * the account and ends its sessions, whose clients are judged anew when they come back.
 */
export class AccountDirectory {
  readonly #options: AccountDirectoryOptions;
  readonly #known = new Map<string, Admission>();
  readonly #sessions = new Map<string, Set<() => void>>();
  /** How many changes were heard of. */
  #heard = 0;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: AccountDirectoryOptions) {
    this.#options = options;
  }

  /** Lets a person in; UNAUTHENTICATED where the account is disabled. */
  async admit(person: AccountOwner): Promise<Admitted> {
    const key = JSON.stringify([person.issuer, person.subject]);
    const account = this.#known.get(key) ?? (await this.#look(key, person));
    if (account.isDisabled) throw new HubError('UNAUTHENTICATED', 'this account is disabled');
    return { id: account.id, endsWith: (end) => this.#open(key, account, end) };
  }

  /** To be called with the message of a NOTIFY, or without one after messages may have been missed. */
  hear(id?: string): void {
    this.#heard += 1;
    if (id) this.#forget(id);
    else void this.#checkAll();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#retry);
  }

  async #look(key: string, person: AccountOwner): Promise<Admission> {
    for (;;) {
      const heard = this.#heard;
      const account = await this.#options.resolve(person);
      // A change that was heard of meanwhile may be of this account, and later than what was read.
      if (heard !== this.#heard) continue;
      const first = this.#known.get(key) ?? account;
      this.#known.set(key, first);
      return first;
    }
  }

  #open(key: string, account: Admission, end: () => void): () => void {
    if (this.#known.get(key) !== account) {
      end();
      return nothing;
    }
    const open = this.#sessions.get(account.id) ?? new Set();
    this.#sessions.set(account.id, open.add(end));
    return () => {
      open.delete(end);
      if (open.size === 0 && this.#sessions.get(account.id) === open) this.#sessions.delete(account.id);
    };
  }

  #forget(id: string): void {
    for (const [key, account] of this.#known) if (account.id === id) this.#known.delete(key);
    const open = this.#sessions.get(id);
    this.#sessions.delete(id);
    for (const end of open ?? []) end();
  }

  /** Forgets the accounts that changed while this hub could not hear of it. */
  async #checkAll(): Promise<void> {
    clearTimeout(this.#retry);
    const accounts = [...this.#known.values()];
    if (accounts.length === 0) return;
    try {
      const disabled = new Set(await this.#options.disabledAmong(accounts.map(({ id }) => id)));
      for (const { id, isDisabled } of accounts) if (disabled.has(id) !== isDisabled) this.#forget(id);
    } catch (error) {
      this.#options.onError(error);
      if (!this.#closed) this.#retry = setTimeout(() => void this.#checkAll(), RETRY_MS);
    }
  }
}

import { HubError } from '../errors.ts';
import type { AccountOwner, Admission } from './account.queries.ts';
import type { Role } from './actor.ts';

/** Where every hub hears by NOTIFY which account was disabled, enabled or given other roles; the message is its id. */
export const ACCOUNT_CHANNEL = 'tocsin_account';

/** Where roles come from: the accounts of this hub, or the tokens. */
export type RolesFrom = 'accounts' | 'token';

/** Somebody who comes in, with the roles that their token or persona claims. */
export interface Visitor extends AccountOwner {
  roles: readonly Role[];
}

export interface AccountDirectoryOptions {
  rolesFrom: RolesFrom;
  /** The account of a visitor; undefined where the hub has none, and makes none. */
  resolve(visitor: Visitor): Promise<Admission | undefined>;
  /** Some accounts as they stand now. */
  admissionsOf(ids: readonly string[]): Promise<readonly Admission[]>;
  onError(error: unknown): void;
}

/** A person whose token is good, and to whom nobody has given a role: they may accept an invitation, and nothing else. */
export class Uninvited extends HubError {
  override readonly name = 'Uninvited';

  constructor(readonly person: AccountOwner) {
    super('UNAUTHENTICATED', 'this account has no roles yet: accept an invitation, or ask an ADMIN for one');
  }
}

/** An account that was let in. */
export interface Admitted {
  id: string;
  /** Its roles: the account's own or the token's, as `rolesFrom` says. */
  roles: readonly Role[];
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

  /** Lets somebody in. UNAUTHENTICATED where the account is disabled; the same as Uninvited where it would need roles of ours. */
  async admit(visitor: Visitor): Promise<Admitted> {
    const key = JSON.stringify([visitor.issuer, visitor.subject]);
    const account = this.#known.get(key) ?? (await this.#look(key, visitor));
    if (account?.isDisabled) throw new HubError('UNAUTHENTICATED', 'this account is disabled');
    const roles = this.#options.rolesFrom === 'accounts' ? (account?.roles ?? []) : visitor.roles;
    if (!account || (this.#options.rolesFrom === 'accounts' && roles.length === 0)) throw new Uninvited(visitor);
    return { id: account.id, roles, endsWith: (end) => this.#open(key, account, end) };
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

  async #look(key: string, visitor: Visitor): Promise<Admission | undefined> {
    for (;;) {
      const heard = this.#heard;
      const account = await this.#options.resolve(visitor);
      // A change that was heard of meanwhile may be of this account, and later than what was read.
      if (heard !== this.#heard) continue;
      // Nothing would tell when the account is there.
      if (!account) return undefined;
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
      const now = await this.#options.admissionsOf(accounts.map(({ id }) => id));
      const standing = new Map(now.map((account) => [account.id, standingOf(account)]));
      for (const account of accounts) if (standing.get(account.id) !== standingOf(account)) this.#forget(account.id);
    } catch (error) {
      this.#options.onError(error);
      if (!this.#closed) this.#retry = setTimeout(() => void this.#checkAll(), RETRY_MS);
    }
  }
}

const standingOf = ({ isDisabled, roles }: Admission): string => JSON.stringify([isDisabled, roles]);

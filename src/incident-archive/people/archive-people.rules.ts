import { KnownPeople } from '../../incident-log/people/known-people.rules.ts';

/**
 * People in an archive. Accounts are numbered in the order in which the archive comes to speak of them: the same person has the
 * same number from its first line to its last, and another one in another archive. Words lose what can be recognised (I-47).
 */
export class ArchivePeople extends KnownPeople {
  readonly #numbers = new Map<string, string>();

  /** `PERSON-3` for an account; null for nobody, and for the hub itself. */
  of(account: string | null): string | null {
    if (account === null) return null;
    const known = this.#numbers.get(account);
    if (known) return known;
    const name = `PERSON-${this.#numbers.size + 1}`;
    this.#numbers.set(account, name);
    return name;
  }
}

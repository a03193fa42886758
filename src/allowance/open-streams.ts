import type { HubError } from '../errors.ts';
import type { Neighbours } from './client-address.ts';

/** How many WebSockets and event streams are open, by line and by customer. */
export class OpenStreams {
  readonly #most: number;
  readonly #customerFactor: number;
  readonly #open = new Map<string, number>();

  constructor(most: number, customerFactor: number) {
    this.#most = most;
    this.#customerFactor = customerFactor;
  }

  /** Counts one more; answers how to count one less, which may be called again. Throws the refusal where too many are open. */
  open({ line, customer }: Neighbours, refusal: (open: number, most: number) => HubError): () => void {
    if (this.#most === 0) return () => undefined;
    const bounds = [[line, this.#most] as const];
    if (customer !== undefined) bounds.push([customer, this.#most * this.#customerFactor]);
    for (const [key, most] of bounds) {
      const open = this.#open.get(key) ?? 0;
      if (open >= most) throw refusal(open + 1, most);
    }
    for (const [key] of bounds) this.#add(key, 1);
    let isOpen = true;
    return () => {
      if (isOpen) for (const [key] of bounds) this.#add(key, -1);
      isOpen = false;
    };
  }

  #add(key: string, count: number): void {
    const open = (this.#open.get(key) ?? 0) + count;
    if (open > 0) this.#open.set(key, open);
    else this.#open.delete(key);
  }
}

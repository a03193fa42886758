import { type ChangeMatch, matchesChange } from '../../board/filter/change-filter.rules.ts';
import { follow, type Journal } from '../../journal/follow.ts';
import type { PublicDocument } from '../../publications/document.ts';
import { toChange } from './change.rules.ts';
import type { Change } from './change.types.ts';

/**
 * A subscription to changes that was opened and checked: which ones, and from where on. The edges hand it to `Followers`,
 * who share the work; whoever iterates it instead gets the same changes, one by one, at their own pace.
 */
export class ChangeStream implements AsyncIterable<Change, void> {
  readonly match: ChangeMatch;
  readonly from: number;
  /** The epoch in which its position is counted. */
  readonly epoch: string;
  readonly #journal: Journal<PublicDocument>;

  constructor(journal: Journal<PublicDocument>, match: ChangeMatch, from: number) {
    this.#journal = journal;
    this.match = match;
    this.from = from;
    this.epoch = journal.tail.head.epoch;
  }

  [Symbol.asyncIterator](): AsyncGenerator<Change, void> {
    const journal = this.#journal;
    const abort = new AbortController();
    const wanted = ({ document }: { document: PublicDocument }) => matchesChange(this.match, document);
    const steps = follow(journal, this.from, wanted, abort.signal);
    const changes = (async function* () {
      for await (const step of steps) yield toChange(step, journal.clock.now());
    })();
    // A generator that waits cannot be returned: the signal wakes it first.
    const stop = changes.return.bind(changes);
    changes.return = (value) => {
      abort.abort();
      return stop(value);
    };
    return changes;
  }
}

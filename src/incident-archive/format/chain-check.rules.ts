import { followsOn, type ReadLine } from './read-record.rules.ts';

/** Lines that are not where they belong: they have gone, or stand somewhere else. */
interface Gap {
  from: number;
  to: number;
  /** The hash of the line before it; null where that is not known. */
  before: string | null;
}

/** A line that does not follow on the one before, with what it holds; null for what is no line at all. */
type Odd = { read: ReadLine | null; place: number };

const MOST_FAULTS = 20;

/**
 * Follows the chain of an archive and says of each fault which line it is about: changed, missing, added or moved. A line
 * that does not follow on the one before is judged once the next is known: a changed one still gives the hash from
 * which the next goes on, an added one does not.
 */
export class ChainCheck {
  readonly faults: string[] = [];
  /** How many lines of the file were looked at. */
  places = 0;
  /** The number of the last line in its order, and the hash that the next one follows on; null where it is not known. */
  #last = 0;
  #hash: string | null = '';
  #odd: Odd | null = null;
  readonly #gaps: Gap[] = [];
  /** Lines that stand before their place, by their numbers, and the last line before them. */
  readonly #early = new Map<number, { hash: string; behind: number }>();
  #more = 0;

  /** Takes the next line of the file. */
  take(read: ReadLine | null): void {
    this.places += 1;
    const odd = this.#odd;
    this.#odd = null;
    if (odd) this.#judge(odd, read);
    if (read && read.n === this.#last + 1 && (this.#hash === null || followsOn(this.#hash, read))) this.#stand(read);
    else this.#odd = { read, place: this.places };
  }

  /** To be called behind the last line. */
  end(): void {
    if (this.#odd) this.#judge(this.#odd, null);
    this.#odd = null;
    for (const [n, { behind }] of this.#early) {
      if (n <= this.#last) this.#tell(`line ${n} stands twice: once behind line ${behind}`);
      else if (n === this.#last + 1) this.#moved(n, behind);
      else this.#tell(`a line was added behind line ${behind}: it calls itself line ${n}`);
    }
    for (const { from, to } of this.#gaps) this.#tell(`${linesOf(from, to)} missing`);
    if (this.#more > 0) this.faults.push(`and ${this.#more} more faults`);
  }

  #stand({ n, hash }: ReadLine): void {
    this.#last = n;
    this.#hash = hash;
  }

  /** Says why a line does not follow on the one before, given the line behind it. */
  #judge({ read, place }: Odd, next: ReadLine | null): void {
    const expected = this.#last + 1;
    const isNextExpected = next?.n === expected && (this.#hash === null || followsOn(this.#hash, next));
    const goesOn = next?.n === expected + 1 && (!read || followsOn(read.hash, next));
    if (isNextExpected && (!read || read.n === expected))
      this.#tell(`a line was added behind line ${this.#last}, at place ${place}`);
    else if (!read || read.n === expected || goesOn) this.#changed(expected, read, next);
    else if (read.n < expected) this.#late(read);
    else if (isNextExpected && !this.#early.has(read.n))
      this.#early.set(read.n, { hash: read.hash, behind: this.#last });
    else this.#jump(read);
  }

  #changed(expected: number, read: ReadLine | null, next: ReadLine | null): void {
    // Behind an unreadable line that is the last one, nothing says whether it is this line or another.
    this.#tell(`line ${expected} is not what was written${read || next ? '' : ': it cannot be read'}`);
    this.#last = expected;
    this.#hash = read?.hash ?? null;
  }

  /** Goes on at a line that is further on. Lines that came before their place are not missing. */
  #jump(read: ReadLine): void {
    const early = [...this.#early].filter(([n]) => n > this.#last && n < read.n).sort(([a], [b]) => a - b);
    for (const [n, { hash, behind }] of early) {
      this.#miss(n - 1);
      this.#moved(n, behind);
      this.#early.delete(n);
      this.#last = n;
      this.#hash = hash;
    }
    this.#miss(read.n - 1);
    this.#stand(read);
  }

  /** Notes that the lines behind the last one, up to another, have not come. */
  #miss(to: number): void {
    if (to > this.#last) this.#gaps.push({ from: this.#last + 1, to, before: this.#hash });
  }

  #moved(n: number, behind: number): void {
    this.#tell(`line ${n} was moved: it stands behind line ${behind}`);
  }

  #late(read: ReadLine): void {
    const gap = this.#gaps.find(({ from, to }) => from <= read.n && read.n <= to);
    if (gap) this.#fill(gap, read);
    else this.#tell(`line ${read.n} stands twice: again behind line ${this.#last}`);
  }

  #fill(gap: Gap, read: ReadLine): void {
    const isOther = gap.from === read.n && gap.before !== null && !followsOn(gap.before, read);
    this.#moved(read.n, this.#last);
    if (isOther) this.#tell(`line ${read.n} is not what was written`);
    const rest: Gap[] = [
      { ...gap, to: read.n - 1 },
      { from: read.n + 1, to: gap.to, before: read.hash },
    ];
    this.#gaps.splice(this.#gaps.indexOf(gap), 1, ...rest.filter(({ from, to }) => from <= to));
  }

  #tell(fault: string): void {
    if (this.faults.length < MOST_FAULTS) this.faults.push(fault);
    else this.#more += 1;
  }
}

const linesOf = (from: number, to: number): string => (from === to ? `line ${from} is` : `lines ${from} to ${to} are`);

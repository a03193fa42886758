/** The position in a cursor. To apps it is opaque; a bench that is of the hub's own house may look. */
export const positionOf = (cursor) => Number(Buffer.from(cursor, 'base64url').toString().split('.')[2]);

/** What one phone heard: the position where it began, then that of each change, in the order in which they came. */
export class Heard {
  begun = undefined;
  positions = [];

  /** Takes a message; true for a change, false for a CHECKPOINT. */
  take({ cursor, type }) {
    const position = positionOf(cursor);
    this.begun ??= type === 'CHECKPOINT' ? position : position - 1;
    if (type === 'CHECKPOINT') return false;
    this.positions.push(position);
    return true;
  }

  /** Whether everything of a list of positions has come. */
  hasAll(expected) {
    const last = expected.at(-1);
    return this.begun !== undefined && (last === undefined || last <= this.begun || this.positions.includes(last));
  }

  /** Holds it against the positions that the hub's journal has for the same filter. */
  against(expected) {
    const due = expected.filter((position) => position > (this.begun ?? -1));
    const seen = new Set(this.positions);
    return {
      due: due.length,
      missed: due.filter((position) => !seen.has(position)).length,
      doubled: this.positions.length - seen.size,
      disordered: this.positions.filter((position, at) => at > 0 && position < this.positions[at - 1]).length,
      unexpected: [...seen].filter((position) => !due.includes(position)).length,
    };
  }
}

/** Counts by name. */
export class Tally {
  #counts = {};

  add(name, times = 1) {
    this.#counts[name] = (this.#counts[name] ?? 0) + times;
  }

  addAll(counts) {
    for (const [name, times] of Object.entries(counts)) this.add(name, times);
  }

  get counts() {
    return this.#counts;
  }
}

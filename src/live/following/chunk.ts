import { Frames, type RenderedChange } from './frames.ts';

/** The most JSON written at one go, unless one change alone is larger: what a client that stops reading may cost. */
const CHUNK_BYTES = 32 * 1024;

/** Collects rendered changes until a chunk is full. */
export class Chunk {
  readonly #changes: RenderedChange[] = [];
  #size = 0;

  /** Takes a change; false if the chunk is full and the change belongs to the next one. */
  add(change: RenderedChange): boolean {
    if (this.#changes.length > 0 && this.#size + change.json.length > CHUNK_BYTES) return false;
    this.#changes.push(change);
    this.#size += change.json.length;
    return true;
  }

  /** What was collected, to be made once; undefined if nothing was. */
  get frames(): Frames | undefined {
    return this.#changes.length > 0 ? new Frames(this.#changes) : undefined;
  }
}

/** Frames of at most a chunk each. */
export function inChunks(changes: readonly RenderedChange[]): Frames[] {
  let chunk = new Chunk();
  const chunks = [chunk];
  for (const change of changes) {
    if (chunk.add(change)) continue;
    chunk = new Chunk();
    chunk.add(change);
    chunks.push(chunk);
  }
  return chunks.flatMap(({ frames }) => frames ?? []);
}

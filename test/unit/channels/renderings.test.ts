import { describe, expect, it } from 'vitest';
import { Renderings } from '../../../src/channels/feeds/renderings.ts';

/** A board that a test moves by hand; moments in milliseconds since 1970. */
class Board {
  version = 1;
  now = 1_000;
  next = Number.POSITIVE_INFINITY;
  horizon() {
    return this.next;
  }
}

function rig() {
  const board = new Board();
  const renderings = new Renderings(board);
  let [times, text] = [0, 'first'];
  const get = (key = 'a') =>
    renderings.renderingFor(key, () => {
      times += 1;
      return text;
    });
  return {
    board,
    renderings,
    get,
    times: () => times,
    say: (said: string) => {
      text = said;
    },
  };
}

describe('what is rendered', () => {
  it('is rendered once for a key and a version of the board', () => {
    const { board, get, times } = rig();
    expect(get()).toBe(get());
    get('b');
    expect(times()).toBe(2);
    board.version += 1;
    get();
    expect(times()).toBe(3);
  });

  it('is rendered again when time alone may change it: at the horizon, after a minute, or when the clock was set back', () => {
    const { board, get, times } = rig();
    board.next = 5_000;
    for (const now of [1_000, 4_999, 5_000, 64_999, 65_000, 10]) {
      board.now = now;
      if (now >= 5_000) board.next = Number.POSITIVE_INFINITY;
      get();
    }
    expect(times()).toBe(4);
  });

  it('keeps the moment and the tag of bytes that came out the same, and has new ones for others', () => {
    const { board, get, say } = rig();
    const before = get();
    board.version += 1;
    board.now = 9_000;
    expect(get()).toMatchObject({ etag: before.etag, lastModified: 1_000 });
    board.version += 1;
    say('second');
    expect(get().etag).not.toBe(before.etag);
    expect(get().lastModified).toBe(9_000);
  });

  it('is kept in bounded number and size, what was asked for last the longest', () => {
    const { get, renderings, times, say } = rig();
    for (let index = 0; index < 600; index += 1) {
      get(`key-${index}`);
      get('loved');
    }
    expect([renderings.size, times()]).toEqual([500, 601]);
    say('x'.repeat(30 * 2 ** 20));
    for (const key of ['x', 'y', 'z']) get(key);
    expect(renderings.size).toBeLessThanOrEqual(2);
  });
});

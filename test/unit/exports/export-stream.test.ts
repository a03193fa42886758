import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { AccountTurns } from '../../../src/allowance/account-turns.ts';
import { sheetStream } from '../../../src/exports/export-stream.ts';
import { EXPORT_TURNS } from '../../../src/exports/export-turns.rules.ts';

interface Scene {
  pages: number;
  total?: number;
  failsAt?: number;
  times?: { longestMs: number; stalledMs: number };
}

/** A file of pages of two rows, and what became of it. */
function scene({ pages, total = pages * 2, failsAt, times }: Scene) {
  const seen = { made: 0, closed: 0, ended: [] as number[], paid: 0 };
  const stream = sheetStream({
    headings: ['Texte'],
    about: 'Export',
    opened: {
      total,
      async *pages() {
        for (let page = 0; page < pages; page++) {
          if (page === failsAt) throw new Error('PostgreSQL went away');
          seen.made += 1;
          yield [[`a${page}`], [`b${page}`]];
        }
      },
      close: async () => {
        seen.closed += 1;
      },
    },
    pay: ({ rows }) => {
      seen.paid += rows;
    },
    onEnd: (sent) => void seen.ended.push(sent),
    ...(times ? { times } : {}),
  });
  const all = async () => {
    let text = '';
    for await (const part of stream) text += part;
    return text;
  };
  return { stream, seen, all };
}

describe('a file on its way', () => {
  it('is whole: each row says which of how many it is', async () => {
    const { seen, all } = scene({ pages: 2 });
    expect((await all()).replaceAll('\uFEFF', '').split('\r\n')).toEqual([
      '"Texte";"Export"',
      '"a0";"1 sur 4"',
      '"b0";"2 sur 4"',
      '"a1";"3 sur 4"',
      '"b1";"4 sur 4"',
      '',
    ]);
    expect(seen).toEqual({ made: 2, closed: 1, ended: [4], paid: 4 });
  });

  it('is headings alone where there are no rows', async () => {
    expect(await scene({ pages: 0 }).all()).toBe('\uFEFF"Texte";"Export"\r\n');
  });

  it('is made as its client takes it: of a hundred pages few wait', async () => {
    const { stream, seen } = scene({ pages: 100 });
    await once(stream, 'readable');
    await pause(50);
    expect(seen.made).toBeLessThan(5);
    stream.destroy();
    await once(stream, 'close');
    expect([seen.closed, seen.ended.length]).toEqual([1, 1]);
  });

  it.each([
    ['a page cannot be read', { pages: 3, failsAt: 2 }, 'went away'],
    ['rows are missing', { pages: 2, total: 5 }, '4 rows of 5'],
  ])('ends with an error where %s', async (_why, of, words) => {
    const { seen, all } = scene(of);
    await expect(all()).rejects.toThrow(words);
    expect([seen.closed, seen.ended]).toEqual([1, [4]]);
  });

  it.each([
    ['takes nothing', { longestMs: 60_000, stalledMs: 30 }],
    ['takes too long', { longestMs: 30, stalledMs: 60_000 }],
  ])('is cut where its client %s', async (_why, times) => {
    const { stream, seen } = scene({ pages: 100, times });
    const [error] = await once(stream, 'error');
    expect(String(error)).toContain('an export was cut');
    await pause(1);
    expect(seen.closed).toBe(1);
  });
});

it('goes on for a client that is slow, and takes a page now and then', async () => {
  const { stream, seen } = scene({ pages: 6, times: { longestMs: 60_000, stalledMs: 1_000 } });
  for await (const _part of stream) await pause(300);
  expect(seen.ended).toEqual([12]);
});

it('may be cut before anybody takes anything, or hears of it', async () => {
  const { stream, seen } = scene({ pages: 3 });
  const closed = new Promise((done) => stream.once('close', done));
  stream.destroy(new Error('its account has changed'));
  await closed;
  expect(seen).toEqual({ made: 0, closed: 1, ended: [0], paid: 0 });
});

describe('turns', () => {
  it('are one for each person, and two in all', () => {
    const turns = new AccountTurns(EXPORT_TURNS);
    const end = turns.take('a');
    expect(() => turns.take('a')).toThrow('on its way to you already');
    turns.take('b');
    expect(() => turns.take('c')).toThrow('try again soon');
    end();
    end();
    turns.take('c');
    expect(() => turns.take('d')).toThrow(expect.objectContaining({ code: 'TOO_MANY_REQUESTS' }));
  });
});

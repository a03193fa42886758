import { expect, it } from 'vitest';
import { Turns } from '../../../src/database/turns.ts';

const held = () => Promise.withResolvers<void>();

it('lets so many work at a time, the others in the order in which they came, and a turn that failed is given on', async () => {
  const turns = new Turns(2);
  const begun: number[] = [];
  const holds = [0, 1, 2, 3].map(held);
  const all = holds.map(({ promise }, at) =>
    turns.take(() => {
      begun.push(at);
      return promise;
    }),
  );
  expect(begun).toEqual([0, 1]);
  holds[1]?.reject(new Error('no'));
  await expect(all[1]).rejects.toThrow('no');
  expect(begun).toEqual([0, 1, 2]);
  holds[0]?.resolve();
  await all[0];
  expect(begun).toEqual([0, 1, 2, 3]);
  for (const { resolve } of holds) resolve();
  await Promise.all([all[2], all[3]]);
  await expect(turns.take(() => Promise.resolve(7))).resolves.toBe(7);
});

it('refuses whoever does not get a turn in time, and nobody else', async () => {
  const turns = new Turns(1, 1);
  const { promise, resolve } = held();
  const first = turns.take(() => promise);
  await expect(turns.take(() => Promise.resolve())).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  resolve();
  await first;
  await expect(turns.take(() => Promise.resolve(7))).resolves.toBe(7);
});

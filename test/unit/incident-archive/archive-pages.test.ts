import { expect, it } from 'vitest';
import { archivePages, measureArchive, sealedPages } from '../../../src/incident-archive/archive-pages.ts';
import { ArchiveChain, type ArchiveRecord } from '../../../src/incident-archive/format/archive-chain.rules.ts';

const LINES = 40;
async function* records(text: (index: number) => string): AsyncGenerator<ArchiveRecord> {
  for (let index = 0; index < LINES; index += 1) yield { type: 'log-line', text: text(index) };
}
const pagesOf = async (pages: AsyncGenerator<string>) => {
  const made: string[] = [];
  for await (const page of pages) made.push(page);
  return made;
};

it('gives others their turn of the event loop while lines are made', async () => {
  let turns = 0;
  let isOver = false;
  const others = () => {
    turns += 1;
    if (!isOver) setImmediate(others);
  };
  setImmediate(others);
  await measureArchive(
    records((index) => {
      const until = performance.now() + 5;
      while (performance.now() < until);
      return `Ligne ${index}`;
    }),
    () => undefined,
  );
  isOver = true;
  // Seen to be 0 with the turn left out.
  expect(turns).toBeGreaterThanOrEqual(LINES / 4);
});

it('makes pages of bounded size, whatever the number of lines', async () => {
  const line = 'x'.repeat(10_000);
  const pages = await pagesOf(
    archivePages(
      new ArchiveChain(),
      records(() => line),
    ),
  );
  expect(pages.length).toBeGreaterThan(4);
  expect(Math.max(...pages.map((page) => page.length))).toBeLessThan(64 * 1024 + 11_000);
});

it('is measured by its very bytes, and is not whole where it comes out otherwise', async () => {
  const end = await measureArchive(
    records((index) => `Ligne ${index} é`),
    () => undefined,
  );
  const pages = await pagesOf(
    sealedPages(
      records((index) => `Ligne ${index} é`),
      end,
      'jws',
    ),
  );
  const seal = pages.at(-1) ?? '';
  expect(seal).toContain('"jws":"jws"');
  expect(Buffer.byteLength(pages.slice(0, -1).join(''))).toBe(end.bytes);
  await expect(
    pagesOf(
      sealedPages(
        records((index) => `Autre ${index}`),
        end,
        'jws',
      ),
    ),
  ).rejects.toThrow('otherwise than it was measured');
});

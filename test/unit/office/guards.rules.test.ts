import { expect, it } from 'vitest';
import { HubError } from '../../../src/errors.ts';
import { fromGuard } from '../../../src/office/guards.rules.ts';

const raised = (code: string) => Object.assign(new Error('a public revision is frozen'), { code });

it.each(['TOC01', 'TOC02', 'TOC03'])('makes FORBIDDEN of what a trigger raised as %s, in its words', (code) => {
  const found = fromGuard(new Error('the driver', { cause: new Error('the ORM', { cause: raised(code) }) }));
  expect(found).toBeInstanceOf(HubError);
  expect(found).toMatchObject({ code: 'FORBIDDEN', message: 'a public revision is frozen' });
});

it.each([
  raised('23505'),
  raised('TOC04'),
  new HubError('CONFLICT', 'first'),
  new Error('other'),
  'no error',
  undefined,
])('leaves %s as it is', (error) => {
  expect(fromGuard(error)).toBe(error);
});

it('knows every error that the migrations raise', async () => {
  const { readdir, readFile } = await import('node:fs/promises');
  const folder = new URL('../../../migrations/', import.meta.url);
  const texts = await Promise.all((await readdir(folder)).map((name) => readFile(new URL(name, folder), 'utf8')));
  const codes = new Set(texts.flatMap((text) => text.match(/\bTOC\d\d\b/g) ?? []));
  expect(codes.size).toBeGreaterThan(0);
  for (const code of codes) expect(fromGuard(raised(code))).toBeInstanceOf(HubError);
});

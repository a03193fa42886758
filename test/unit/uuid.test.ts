import { expect, it } from 'vitest';
import { isLowerCaseUuid, isUuid } from '../../src/uuid.ts';

const ID = '0197f3c2-8b1e-7c44-9d6a-5e0f2b7a1c33';

it('knows a UUID of any version, in small letters or capitals', () => {
  for (const id of [
    ID,
    ID.toUpperCase(),
    '00000000-0000-0000-0000-000000000000',
    '11111111-1111-1111-1111-111111111111',
  ])
    expect(isUuid(id)).toBe(true);
});

it.each(['', 'x', ID.slice(1), `${ID}0`, ` ${ID}`, `${ID}\n`, `{${ID}}`, ID.replaceAll('-', ''), '-'.repeat(36)])(
  'knows that %j is none',
  (text) => {
    expect(isUuid(text)).toBe(false);
  },
);

it('tells small letters from capitals where a page has one address', () => {
  expect(isLowerCaseUuid(ID)).toBe(true);
  expect(isLowerCaseUuid(ID.toUpperCase())).toBe(false);
});

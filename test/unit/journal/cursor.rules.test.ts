import { expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from '../../../src/journal/cursor.rules.ts';

/** Cursors as apps have stored them. A later release may write another form, and still reads each of these. */
const STORED: [cursor: string, epoch: string, position: number][] = [
  ['MS4wMDAwMDAwMC0wMDAwLTQwMDAtODAwMC0wMDAwMDAwMDAwMDAuMA', '00000000-0000-4000-8000-000000000000', 0],
  ['MS45ZjJjNGU2YS0xYjNkLTRmNWUtOGE3Yi0wYzFkMmUzZjRhNWIuMTIzNDU2', '9f2c4e6a-1b3d-4f5e-8a7b-0c1d2e3f4a5b', 123_456],
];

it.each(STORED)('a cursor that an app has stored is read by every release: %s (S-4)', (cursor, epoch, position) => {
  expect(decodeCursor(cursor)).toEqual({ epoch, position });
});

it('a cursor that is written is read again', () => {
  const head = { epoch: '9f2c4e6a-1b3d-4f5e-8a7b-0c1d2e3f4a5b', position: 7 };
  expect(decodeCursor(encodeCursor(head))).toEqual(head);
});
